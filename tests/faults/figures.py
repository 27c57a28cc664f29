"""What each run of a fault measured, and the table at the end of `make faults`."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Figures:
    """Of one run: the fault's number, what was done, and its figures by name, in the order they were noted."""

    fault: str
    what: str
    seed: int
    noted: dict[str, float] = field(default_factory=dict)
    passed: bool = False

    def note(self, **figures: float) -> None:
        self.noted |= figures


def table(runs: Iterable[Figures]) -> list[str]:
    """Markdown: one row per fault, each figure as the range over its runs."""
    by_fault: dict[tuple[str, str], list[Figures]] = {}
    for run in runs:
        by_fault.setdefault((run.fault, run.what), []).append(run)
    lines = ["| # | fault | held | figures |", "|---|---|---|---|"]
    for (fault, what), group in sorted(by_fault.items(), key=lambda entry: (int(entry[0][0][1:]), entry[0][1])):
        names = dict.fromkeys(name for run in group for name in run.noted)
        figures = "; ".join(
            f"{name.replace('_', ' ')} {spread([run.noted[name] for run in group if name in run.noted])}"
            for name in names
        )
        lines.append(f"| {fault} | {what} | {sum(run.passed for run in group)} of {len(group)} | {figures} |")
    return lines


def spread(values: list[float]) -> str:
    low, high = plain(min(values)), plain(max(values))
    return low if low == high else f"{low}–{high}"


def plain(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2g}" if value < 1 else f"{value:.1f}"
