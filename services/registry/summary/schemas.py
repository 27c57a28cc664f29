"""What the endpoints for summaries take and give."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from services.registry.premises.kinds import Category
from services.registry.summary.numbers import Numbers
from services.registry.summary.period import FORM, Length, Period
from services.registry.summary.reading import Told
from shared.http.types import Code, QueryModel

PeriodName = Annotated[str, Field(pattern=FORM, examples=["2026-11", "2026-W48", "2026-Q4", "2026"])]


class SummaryQuery(QueryModel):
    """Of a unit and all below it (of a department: of what it serves); `period_name` such as 2026-11, 2026-W48, 2026-Q4 or
    2026."""

    unit: Code
    period_name: PeriodName


class CourseQuery(SummaryQuery):
    """`count` periods of the same length, the named one being the last."""

    count: Annotated[int, Field(ge=1, le=24)] = 6


class NumbersOut(BaseModel):
    """Counts as `docs/rules.md` §1.9 says; shares from 0 to 1, null without a base."""

    premises: int
    by_category: dict[Category, int]
    key_units: int
    inspected: int
    inspected_share: float | None
    inspections: int
    found: int
    major: int
    on_spot: int
    fixed: int
    overdue: int
    transferred: int
    duties_due: int
    duties_kept: int
    duties_late: int
    kept_share: float | None


class UnitNumbers(BaseModel):
    unit: str
    name: str
    numbers: NumbersOut


class SummaryOut(UnitNumbers):
    """`made_at`: since when it is final; null while it still changes. `below`: each unit right below."""

    period: str
    length: Length
    first: date
    last: date
    before: str
    after: str
    made_at: datetime | None
    below: list[UnitNumbers]


class CoursePoint(BaseModel):
    period: str
    numbers: NumbersOut


class CourseOut(BaseModel):
    """The newest last."""

    points: list[CoursePoint]


def summary_out(period: Period, of: Told, below: list[Told]) -> SummaryOut:
    return SummaryOut(
        unit=of.unit, name=of.name, numbers=numbers_out(of.numbers), period=period.name, length=period.length,
        first=period.first, last=period.last, before=period.before.name, after=period.after.name, made_at=of.made_at,
        below=[UnitNumbers(unit=one.unit, name=one.name, numbers=numbers_out(one.numbers)) for one in below],
    )  # fmt: skip


def numbers_out(numbers: Numbers) -> NumbersOut:
    shares = {"inspected_share": numbers.inspected_share, "kept_share": numbers.kept_share}
    return NumbersOut(**asdict(numbers), premises=numbers.premises, **shares)
