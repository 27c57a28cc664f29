"""The books of one replay: what became of each row, told with the instant at which it was seen. No I/O, no clock.

Every accepted row ends with a work order, or with a named reason why there is none, or stays outstanding.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Final

from gridgov.replay.client import Accepted, Refused
from gridgov.replay.file import Row
from shared.sheets.reading import Refusal

ON_ITS_WAY: Final = frozenset({"received", "triaged", "dispatched", "resolved", "closed", "reopened"})
"""Statuses of a report that has a work order or will get one; any other is a named reason why not."""
NEEDS_PERSON: Final = "needs_review"

Item = Mapping[str, Any]


@dataclass(slots=True)
class Outstanding:
    """An accepted report that is waited for. Instants are seconds on the run's monotonic clock."""

    number: str
    sent_at: float
    repeated: bool
    ask_at: float = 0.0
    """When to look for its work order again."""
    check_at: float = 0.0
    """When to ask intake why there is none."""


@dataclass(slots=True)
class Books:
    """`read` rows are in the file; `refusals` begins with those of them that cannot be sent."""

    read: int
    refusals: list[Refusal] = field(default_factory=list)
    accepted: int = 0
    repeated: int = 0
    outstanding: dict[str, Outstanding] = field(default_factory=dict)
    orders: dict[str, tuple[Item, ...]] = field(default_factory=dict)
    """Work orders by report; more than one would be a defect, and is shown as such."""
    without: Counter[str] = field(default_factory=Counter)
    """Accepted reports that have no work order now, by the reason that intake names."""
    needs_person: int = 0
    latencies: list[float] = field(default_factory=list)
    """Seconds from submission to work order visible, of reports that this run brought."""
    first_sent: float | None = None
    last_seen: float | None = None
    last_answer: float | None = None
    _known: set[str] = field(default_factory=set)
    _refused: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._refused.update((refusal.sheet, refusal.line) for refusal in self.refusals)

    @property
    def refused(self) -> int:
        return len(self._refused)

    @property
    def unsent(self) -> int:
        """Rows without an answer."""
        return self.read - self.accepted - self.refused

    @property
    def settled(self) -> int:
        """Rows of which the end is known."""
        return self.accepted - len(self.outstanding) + self.refused

    def sent(self, at: float) -> None:
        self.first_sent = at if self.first_sent is None else min(at, self.first_sent)

    def answered(self, row: Row, answer: Accepted | Refused, *, sent_at: float, at: float) -> None:
        """The API answered `row`, which was sent (or planned to be sent) at `sent_at`."""
        self.last_answer = at
        if isinstance(answer, Refused):
            self.refusals.append(row.refused(answer.code, answer.zh, answer.en, answer.field))
            self._refused.add((row.sheet, row.line))
            return
        # The same message twice in one file is one report.
        repeated = answer.repeated or answer.id in self._known
        self.accepted += 1
        self.repeated += repeated
        if answer.id not in self._known:
            self._known.add(answer.id)
            self.outstanding[answer.id] = Outstanding(answer.number, sent_at, repeated)

    def visible(self, items: Iterable[Item], at: float) -> list[float]:
        """Work orders were seen at `at`; the ages (s) of the reports that no longer wait because of it."""
        found: dict[str, list[Item]] = {}
        for item in items:
            for source in item["sources"]:
                found.setdefault(str(source["id"]), []).append(_without_text(item))
        ages = []
        for report_id, orders in found.items():
            waiting = self.outstanding.pop(report_id, None)
            if waiting is not None:
                self.orders[report_id] = tuple(orders)
                self.last_seen = at
                ages.append(at - waiting.sent_at)
                if not waiting.repeated:
                    self.latencies.append(at - waiting.sent_at)
        return ages

    def explained(self, items: Iterable[Item]) -> int:
        """Intake told how reports stand; returns how many of them wait for no work order now."""
        ended = 0
        for item in items:
            status = str(item["status"])
            if status in ON_ITS_WAY or self.outstanding.pop(str(item["id"]), None) is None:
                continue
            ended += 1
            if status == NEEDS_PERSON:
                self.needs_person += 1
                self.without[" + ".join(sorted(item.get("review_reasons") or [])) or status] += 1
            else:
                self.without[status] += 1
        return ended

    def summary(self) -> "Summary":
        ended = self.last_seen or self.last_answer
        seconds = max(ended - self.first_sent, 0.0) if ended is not None and self.first_sent is not None else 0.0
        return Summary(
            read=self.read,
            accepted=self.accepted,
            repeated=self.repeated,
            refused=self.refused,
            needs_person=self.needs_person,
            work_orders=sum(len(orders) for orders in self.orders.values()),
            seconds=round(seconds, 3),
            reports_per_second=round(self.accepted / seconds, 1) if seconds else 0.0,
            latency_ms=percentiles(self.latencies),
            without_work_order={**self.without, **({"unfinished": n} if (n := len(self.outstanding)) else {})},
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """What scripts read; the names are a promise. `accepted` counts rows answered 201, `repeated` those of them that
    had been there already, `seconds` from the first submission to the last work order seen. Latencies are null when
    this run brought nothing new."""

    read: int
    accepted: int
    repeated: int
    refused: int
    needs_person: int
    work_orders: int
    seconds: float
    reports_per_second: float
    latency_ms: dict[str, float | None]
    without_work_order: dict[str, int]


def percentiles(seconds: Sequence[float]) -> dict[str, float | None]:
    """Nearest-rank percentiles in ms."""
    ordered = sorted(seconds)
    return {
        f"p{p}": round(ordered[ceil(len(ordered) * p / 100) - 1] * 1000, 1) if ordered else None for p in (50, 95, 99)
    }


def _without_text(item: Item) -> Item:
    """What the table needs; thousands of texts need not stay in memory."""
    return {**{name: item.get(name) for name in ("number", "category", "lead_unit")}, "area": item["place"]["area"]}
