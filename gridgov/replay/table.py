"""What the replay did, as a person likes to read it: Chinese first, short English beside it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from rich.bar import Bar
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from gridgov.replay.books import Books, Summary
from gridgov.replay.file import File
from shared.sheets.reading import Refusal

_WIDTH: Final = 100
_TOP: Final = 10
_REASONS: Final = {
    "place_unknown": "地点不明 place unknown",
    "place_uncertain": "地点存疑 place unsure",
    "category_uncertain": "类别存疑 category unsure",
    "rejected": "不予受理 rejected",
    "duplicate": "重复民情 duplicate",
    "needs_review": "待研判 needs review",
    "unfinished": "尚无结果 unfinished",
}


class Names:
    """Names of units by code; a code whose unit is not known stands for itself."""

    def __init__(self, units: Iterable[Mapping[str, Any]] = ()) -> None:
        self._units = {str(unit.get("code")): unit for unit in units}

    def name(self, code: str | None) -> str:
        if code is None:
            return "未定 undecided"
        unit = self._units.get(code)
        return f"{unit.get('name', code)}" if unit else code

    def district(self, code: str) -> str:
        """The district that `code` lies in (the city for what lies above); by the code's first part as a fallback."""
        at: str | None = code
        for _ in range(10):
            unit = self._units.get(at) if at else None
            if unit is None:
                return code.partition("-")[0]
            if unit.get("kind") in ("district", "city"):
                return str(at)
            at = unit.get("parent")
        return code


def show(books: Books, names: Names, console: Console) -> None:
    """Print it all, at most 100 columns wide."""
    summary = books.summary()
    parts: list[RenderableType] = [_facts(books, summary)]
    orders = [order for several in books.orders.values() for order in several]
    if orders:
        areas = Counter(names.name(names.district(str(order["area"]))) for order in orders)
        leads = Counter(names.name(order["lead_unit"]) for order in orders)
        parts += [
            _ranking("按类别 by category", Counter(str(order["category"]) for order in orders)),
            _ranking("按区域 by area", areas, most=15),
            _ranking("按主办单位 by lead unit", leads, most=_TOP),
        ]
    if summary.without_work_order:
        reasons = Counter({_reason(name): n for name, n in summary.without_work_order.items()})
        parts.append(_ranking("没有工单的原因 why no work order", reasons))
    console.print(
        Panel(
            Group(*parts),
            title="[bold]回放结果 · Replay[/bold]",
            width=min(console.width, _WIDTH),
            padding=(1, 2),
        )
    )
    for line in notes(books, summary):
        console.print(line, highlight=False, soft_wrap=True)


def notes(books: Books, summary: Summary) -> list[Text]:
    """What deserves a sentence below the table."""
    lines = []
    doubled = [orders for orders in books.orders.values() if len(orders) > 1]
    if doubled:
        numbers = ", ".join(str(order["number"]) for order in doubled[0])
        lines.append(
            Text(
                f"错误：{len(doubled)} 条民情有不止一张工单，例如 {numbers} / "
                f"defect: {len(doubled)} reports have more than one work order, e.g. {numbers}",
                "bold red",
            )
        )
    if summary.accepted and summary.repeated == summary.accepted:
        lines.append(
            Text(
                f"没有变化：全部 {summary.accepted:,} 条此前已在系统中。"
                f" · Nothing changed: all {summary.accepted:,} were already there.",
                "bold green",
            )
        )
    return lines


def _facts(books: Books, summary: Summary) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(justify="right", style="bold")
    table.add_column(style="dim", overflow="fold")
    before = f"其中已有 already there {summary.repeated:,}" if summary.repeated else ""
    table.add_row("读取 read", f"{summary.read:,}", "")
    table.add_row("接受 accepted", f"{summary.accepted:,}", before)
    table.add_row("拒绝 refused", f"{summary.refused:,}", "")
    first = {refusal.code: refusal for refusal in reversed(books.refusals)}
    for code, count in Counter(refusal.code for refusal in books.refusals).most_common():
        # Text, not markup: the API's words quote field names with brackets.
        table.add_row("", f"{count:,}", Text(f"{_said(first[code])} ({code})"))
    if books.unsent:
        table.add_row("未提交 not sent", f"{books.unsent:,}", "")
    table.add_row("工单 work orders", f"{summary.work_orders:,}", "")
    table.add_row("待人工 needs a person", f"{summary.needs_person:,}", "")
    table.add_row(
        "用时 seconds", f"{summary.seconds:,.1f}", f"{summary.reports_per_second:,.0f} 条/秒 reports per second"
    )
    latency = summary.latency_ms
    if latency["p50"] is not None:
        text = " · ".join(f"{name} {value:,.0f} ms" for name, value in latency.items() if value is not None)
        table.add_row("时延 latency", "", f"{text}  提交至工单可见 until visible")
    return table


def _said(refusal: Refusal) -> str:
    """One refusal with its row, as an example of its kind."""
    row = f"{refusal.sheet} 第 {refusal.line} 行 row {refusal.line}".strip()
    about = f" {refusal.column}“{refusal.value[:30]}”" if refusal.column and refusal.value else f" {refusal.column}"
    return f"{row}{about.rstrip()}：{refusal.zh} / {refusal.en}"


def of_file(file: File) -> list[Text]:
    """Which sheets and columns were read, and what was not."""
    lines = []
    for sheet in file.reading.sheets:
        taken = "、".join(f"{header}→{name}" for name, header in sheet.taken.items())
        lines.append(Text(f"已读 read {sheet.name or file.path.name} {sheet.rows:,} 行 rows：{taken}"))
    lines += [Text(f"未读 not read：{unread.zh} / {unread.en}", "yellow") for unread in file.reading.unread]
    return lines


def _reason(name: str) -> str:
    """In words; several reasons of one report are joined as the books joined them."""
    return " + ".join(_REASONS.get(part, part) for part in name.split(" + "))


def _ranking(title: str, counts: Counter[str], most: int | None = None) -> RenderableType:
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(ratio=6, overflow="ellipsis", no_wrap=True)
    table.add_column(justify="right", width=6)
    table.add_column(ratio=4)
    ranked = counts.most_common()
    shown = ranked[:most]
    largest = shown[0][1]
    for name, count in shown:
        table.add_row(Text(name), f"{count:,}", Bar(largest, 0, count, color="cyan"))
    rest = ranked[len(shown) :]
    if rest:
        table.add_row(Text(f"其余 {len(rest)} 个 others", "dim"), f"{sum(count for _, count in rest):,}", "")
    return Group(Text(f"\n{title}", "bold"), table)
