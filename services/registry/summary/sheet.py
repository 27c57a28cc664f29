"""A summary as a workbook: a row for the unit and one for each right below it."""

from collections.abc import Sequence
from typing import Final

from services.registry.premises.kinds import CATEGORIES
from services.registry.summary.numbers import Numbers
from services.registry.summary.period import Period
from services.registry.summary.reading import Told
from shared.sheets.cells import Cell
from shared.sheets.write import Heading, Page, workbook_bytes

_HEADINGS: Final = (
    ("单位", "unit"), ("编码", "code"), ("场所", "premises, at the period's end"), ("重点单位", "key units"),
    ("已检查场所", "inspected"), ("检查率", "inspected share"), ("检查次数", "inspections"), ("发现隐患", "hazards found"),
    ("其中重大", "of these, major"), ("其中当场整改", "of these, fixed on the spot"), ("整改销案", "hazards closed"),
    ("逾期", "became overdue"), ("移交派出所", "transferred"), ("单位应尽职责", "units' duties due"), ("按时完成", "kept"),
    ("逾期完成", "late"), ("履职率", "kept share"),
)  # fmt: skip
"""In Chinese, with a remark in English."""
_SHARES: Final = ("检查率", "履职率")


def summary_workbook(period: Period, of: Told, below: Sequence[Told]) -> bytes:
    """Two sheets: the numbers, and the premises by category."""
    headings = [Heading(zh, en, form="share" if zh in _SHARES else "") for zh, en in _HEADINGS]
    told = (of, *below)
    categories = [Heading(zh) for zh in ("单位", "编码", *CATEGORIES.values())]
    by_category = [[one.name, one.unit, *(one.numbers.by_category.get(code) for code in CATEGORIES)] for one in told]
    return workbook_bytes(
        [
            Page(f"汇总 {period.name}", headings, [_row(one) for one in told]),
            Page("场所分类", categories, by_category),
        ]
    )


def _row(told: Told) -> list[Cell]:
    n: Numbers = told.numbers
    return [
        told.name, told.unit, n.premises, n.key_units, n.inspected, n.inspected_share, n.inspections, n.found,
        n.major, n.on_spot, n.fixed, n.overdue, n.transferred, n.duties_due, n.duties_kept, n.duties_late,
        n.kept_share,
    ]  # fmt: skip
