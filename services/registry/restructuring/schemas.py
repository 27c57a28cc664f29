"""What the endpoints for plans take and give. Days are local (Asia/Shanghai)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import RowMapping

from services.registry.restructuring.expand import Trouble
from services.registry.restructuring.figures import Figure
from services.registry.restructuring.lifecycle import LIFE, State
from services.registry.restructuring.plan import MOST, Restructuring
from services.registry.restructuring.preview import Moving, Preview
from services.registry.restructuring.step import Part, Step, StepKind
from services.registry.units.kinds import Kind
from services.registry.units.schemas import Count, Name, Polygon
from services.registry.units.unit import UnitState
from shared.http.days import Day
from shared.http.sheets import Passed
from shared.http.types import Code, MediumText, StrictModel, Text

SHOWN = 500
"""Units and troubles of a preview; the workbook has all."""


Label = Annotated[str, Text(0, 50)]


class PartBody(StrictModel):
    """A unit that comes out of a step. What is left out is as it was; of a merger residents and households are then the
    sum, and the boundary the union where that is one area."""

    code: Code
    name: Name | None = None
    kind: Kind | None = None
    parent: Code | None = None
    households: Count | None = None
    residents: Count | None = None
    boundary: Polygon | None = None

    def part(self) -> Part:
        return Part(
            self.code, self.name or "", self.kind, self.parent, self.households, self.residents,
            self.boundary.model_dump() if self.boundary else None,
        )  # fmt: skip


class StepBody(StrictModel):
    """`units` become `into`: `merge` and `dissolve` one unit, `split` several, of which `main` takes what has no point.
    `move` names the new `parent`, `rename` the new `name`. `label` groups units in the figures."""

    kind: StepKind
    units: Annotated[tuple[Code, ...], Field(min_length=1, max_length=MOST)]
    into: Annotated[tuple[PartBody, ...], Field(max_length=100)] = ()
    main: Code | None = None
    parent: Code | None = None
    name: Name | None = None
    label: Label = ""

    def step(self) -> Step:
        into = tuple(part.part() for part in self.into)
        return Step(self.kind, self.units, into, self.main, self.parent, self.name or "", self.label)


class RestructuringBody(StrictModel):
    """Steps that take effect together at 00:00 of `effective_from`, today: at once; or not at all."""

    effective_from: Day
    steps: Annotated[tuple[StepBody, ...], Field(min_length=1, max_length=MOST)]
    why: MediumText


class RestructuringBrief(BaseModel):
    """`area` is the unit above all that it concerns (null: only the platform's administrators stand above). `failure` is
    why it could not take effect; `result` counts what changed. People are the subjects they sign in with, and their
    names."""

    id: UUID
    number: str
    state: State
    effective_from: date
    why: str
    step_count: int
    area: str | None
    concerned: list[str]
    drafted_by: str
    drafted_by_name: str | None
    drafted_in: str | None
    drafted_at: datetime
    decided_by: str | None
    decided_by_name: str | None
    decided_at: datetime | None
    answer: str | None
    applied_at: datetime | None
    failure: dict[str, Any] | None
    result: dict[str, Any]
    version: int


class PartOut(BaseModel):
    code: str
    name: str
    kind: Kind | None
    parent: str | None
    households: int | None
    residents: int | None
    boundary: dict[str, Any] | None


class StepOut(BaseModel):
    kind: StepKind
    units: list[str]
    into: list[PartOut]
    main: str | None
    parent: str | None
    name: str
    label: str


class RestructuringOut(RestructuringBrief):
    """`possible` are the actions that its state knows; `moving` is of how many units it is not yet looked through what
    they own (in registry)."""

    steps: list[StepOut]
    possible: list[str]
    moving: int


class DraftedOut(RestructuringOut):
    """A plan drafted from a table. `unread`: what else is in the file, hidden rows, columns that nobody asked for."""

    unread: list[Passed]


class FigureOut(BaseModel):
    """Units of a kind or label before and after, and by how many percent there are more (with a minus, fewer), to two
    decimals; residents and households on average, of the units of which they are known."""

    name: str
    before: int
    after: int
    percent: float | None
    average_residents_before: float | None
    average_residents_after: float | None
    average_households_before: float | None
    average_households_after: float | None


class TroubleOut(BaseModel):
    """Why the step at `step` (0 is the first) cannot be done."""

    step: int
    code: str
    zh: str
    en: str
    field: str | None


class UnitName(BaseModel):
    code: str
    name: str


class MovingOut(BaseModel):
    """What a unit owns, by kind, and who takes it over; `ends`: it exists no longer."""

    unit: UnitName
    ends: bool
    successors: list[UnitName]
    owned: dict[str, int]


class PreviewOut(BaseModel):
    """What the plan would do as things stand. `moving` and `troubles` are the first 500; `units_moving` and
    `trouble_count` all. Open work orders, reports and their limits follow too: whoever keeps them moves them."""

    kinds: list[FigureOut]
    labels: list[FigureOut]
    troubles: list[TroubleOut]
    trouble_count: int
    area: str | None
    concerned: list[str]
    alone: bool
    """Whether it concerns only your part of the tree, so that nobody else decides."""
    moving: list[MovingOut]
    units_moving: int
    owned: dict[str, int]


def brief(row: RowMapping, people: Mapping[str, str]) -> RestructuringBrief:
    return RestructuringBrief.model_validate(dict(row) | _called(row["drafted_by"], row["decided_by"], people))


def shown(plan: Restructuring, people: Mapping[str, str], moving: int = 0) -> RestructuringOut:
    called = _called(plan.drafted_by, plan.decided_by, people)
    told = {
        name: getattr(plan, name) for name in RestructuringBrief.model_fields if name not in {"step_count", *called}
    }
    possible = [action.value for action in LIFE.possible(plan.state) if LIFE.move(plan.state, action).roles]
    return RestructuringOut.model_validate(
        told
        | called
        | {"step_count": len(plan.steps), "steps": [_step(step) for step in plan.steps]}
        | {"possible": possible, "moving": moving}
    )


def _called(drafted_by: str, decided_by: str | None, people: Mapping[str, str]) -> dict[str, str | None]:
    return {"drafted_by_name": people.get(drafted_by), "decided_by_name": people.get(decided_by or "")}


def previewed(found: Preview) -> PreviewOut:
    checked = found.checked
    return PreviewOut(
        kinds=[figure(one) for one in found.kinds],
        labels=[figure(one) for one in found.labels],
        troubles=[trouble(one) for one in checked.troubles[:SHOWN]],
        trouble_count=len(checked.troubles),
        area=checked.area,
        concerned=list(checked.concerned[:SHOWN]),
        alone=checked.reached,
        moving=[_moving(one) for one in found.moving[:SHOWN]],
        units_moving=len(found.moving),
        owned=dict(found.owned),
    )


def figure(one: Figure) -> FigureOut:
    def number(value: Any) -> float | None:
        return None if value is None else float(value)

    return FigureOut(
        name=one.name,
        before=one.before.units,
        after=one.after.units,
        percent=number(one.percent),
        average_residents_before=number(one.before.average_residents),
        average_residents_after=number(one.after.average_residents),
        average_households_before=number(one.before.average_households),
        average_households_after=number(one.after.average_households),
    )


def trouble(one: Trouble) -> TroubleOut:
    return TroubleOut(step=one.step, code=one.error.code, zh=one.error.zh, en=one.error.en, field=one.error.field)


def _moving(one: Moving) -> MovingOut:
    return MovingOut(
        unit=_name(one.unit), ends=one.ends, successors=[_name(unit) for unit in one.successors], owned=dict(one.owned)
    )


def _name(unit: UnitState) -> UnitName:
    return UnitName(code=unit.code, name=unit.name)


def _step(step: Step) -> dict[str, Any]:
    told = {name: getattr(step, name) for name in StepOut.model_fields if name != "into"}
    return told | {"into": [{name: getattr(part, name) for name in PartOut.model_fields} for part in step.into]}
