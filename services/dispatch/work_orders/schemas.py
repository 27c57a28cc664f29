"""What dispatch's API takes and gives. Times are RFC 3339 in UTC."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.dispatch.catalogue.catalogue import Priority, Tier
from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.filter_reading import Filter, Task
from services.dispatch.work_orders.lifecycle import Action, State
from services.dispatch.work_orders.possible import Possible, possible_for
from services.dispatch.work_orders.reading import Counts, Load
from services.dispatch.work_orders.routing import holds
from services.dispatch.work_orders.suitability import candidates, tier_allows
from services.dispatch.work_orders.work_order import Place, Request, Source, WorkOrder
from shared.auth.principal import Principal, Role
from shared.events.limits import LimitTold, told
from shared.files.attach import PhotoOut
from shared.files.table import MOST_OF_A_THING
from shared.http.pages import PageQuery
from shared.http.types import Code, Id, Instant, LongText, MediumText, QueryModel, ShortText
from shared.limits import Light, light
from shared.units.tree import Unit

_PHOTOS = Annotated[tuple[Id, ...], Field(max_length=MOST_OF_A_THING)]
WORDS: dict[str, Any] = {
    "lead_unit": Code,
    "suggested_unit": Code,
    "why": MediumText,
    "result": LongText,
    "until": Instant,
    "exception_until": Instant,
    "before": _PHOTOS,
    "after": _PHOTOS,
    "photos": _PHOTOS,
    "more": Annotated[str, Field(pattern=r"^[1-9][0-9]{0,4}(m|h|wm|wh|wd)$", examples=["3wd"])],
}
"""The fields of all commands: one word means one thing, in every body."""


class PossibleOut(BaseModel):
    """An action that this caller may take now, what it is called, and what would follow: in words, and when each limit
    would then be due (null: it would not run)."""

    action: Action
    name_zh: str
    name_en: str
    consequence_zh: str
    consequence_en: str
    due_at: dict[str, datetime | None]


class WorkOrderOut(BaseModel):
    """A work order as its lead unit and the dispatcher see it.

    `limits` has `accept` and `resolve`; `due_at` and `light` are of the most urgent that runs. `asked` waits for a
    decision. `function` is what its rule asks of the lead unit, `function_held` false where that does not hold it.
    `check_photo`: a grid worker's check needs a photo. `possible` is what the caller may do now. Names are those of today, null for a unit that is not known.
    """

    id: UUID
    number: str
    sources: tuple[Source, ...]
    title: str
    text: str
    category: str
    place: Place
    area_name: str | None
    street_name: str | None
    lead_unit: str | None
    lead_unit_name: str | None
    state: State
    priority: Priority
    tier: Tier
    function: str
    function_held: bool
    check_photo: bool
    rule: str
    catalogue: str
    routing: str
    condition: str | None
    closing_condition: str | None
    limits: dict[str, LimitTold]
    due_at: datetime | None
    light: Light
    asked: Request | None
    suspended_until: datetime | None
    extensions: int
    reported_at: datetime
    opened_at: datetime
    closed_at: datetime | None
    result: str | None
    resolved_by: str | None
    returns: int
    returned_why: str | None
    suggested_unit: str | None
    suggested_unit_name: str | None
    reworks: int
    reopened: int
    reopened_why: str | None
    joined: int
    """How many others reported the same."""
    exception_until: datetime | None
    """When the exception ends by which its lead unit leads."""
    version: int
    photos: list[PhotoOut]
    possible: tuple[PossibleOut, ...]


_OTHERWISE = {
    "photos",
    "limits",
    "light",
    "possible",
    "area_name",
    "street_name",
    "lead_unit_name",
    "suggested_unit_name",
}
_AS_IT_IS = WorkOrderOut.model_fields.keys() - _OTHERWISE


def shown(order: WorkOrder, caller: Principal, context: Context, photos: Mapping[UUID, list[PhotoOut]]) -> WorkOrderOut:
    """`context` is that of the caller; `photos` has those of the work orders that have any."""

    def name(code: str | None) -> str | None:
        unit = context.tree.get(code)
        return unit.name if unit else None

    return WorkOrderOut(
        **{field: getattr(order, field) for field in _AS_IT_IS},
        area_name=name(order.place.area),
        street_name=name(order.place.street),
        lead_unit_name=name(order.lead_unit),
        suggested_unit_name=name(order.suggested_unit),
        limits={name: told(limit) for name, limit in order.limits.items()},
        light=light(order.limits.values(), context.now),
        photos=photos.get(order.id, []),
        possible=tuple(map(_possible, possible_for(caller, order, context))),
    )


def _possible(one: Possible) -> PossibleOut:
    return PossibleOut(
        action=one.action,
        name_zh=one.name.zh,
        name_en=one.name.en,
        consequence_zh=one.consequence.zh,
        consequence_en=one.consequence.en,
        due_at=one.due_at,
    )


class CandidateOut(BaseModel):
    """A unit that has to do with the area. `holds_function`: it holds what the rule asks for; `tier_allows`: else it takes
    an exception; `suggested`: whoever gave the work order back named it. `due` and `overdue`: how many work orders it has
    with something due, and past it."""

    unit: str
    name: str
    kind: str
    holds_function: bool
    tier_allows: bool
    suggested: bool
    due: int
    overdue: int


class Candidates(BaseModel):
    """Best first."""

    items: list[CandidateOut]


def chosen_from(order: WorkOrder, context: Context, loads: Mapping[str, Load]) -> list[CandidateOut]:
    """At most a hundred: more nobody reads."""
    upward = [unit.code for unit in context.tree.upward(order.place.area)]

    def worse(unit: Unit) -> tuple[bool | int | str, ...]:
        department = unit.kind == "department"
        served = unit.serves or (unit.parent,) if department else (unit.code,)
        away = next((steps for steps, code in enumerate(upward) if code in served), len(upward))
        return (
            unit.code != order.suggested_unit, not tier_allows(unit, order), not holds(unit, order.function),
            not department, away, unit.code,
        )  # fmt: skip

    found = sorted(candidates(order, context.tree, context.day), key=worse)
    return [_candidate(unit, order, loads.get(unit.code, Load())) for unit in found[:100]]


def _candidate(unit: Unit, order: WorkOrder, load: Load) -> CandidateOut:
    return CandidateOut(
        unit=unit.code,
        name=unit.name,
        kind=unit.kind,
        holds_function=holds(unit, order.function),
        tier_allows=tier_allows(unit, order),
        suggested=unit.code == order.suggested_unit,
        due=load.due,
        overdue=load.overdue,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxCounts(Counts):
    """How many work orders of the filter are in each state, show each light, and wait for a decision (`asked`).

    `total` is how many the inbox shows with the same filter, `overdue` how many of them are past due. `unit` is whose
    inbox it is, `*` for all that the caller sees.
    """

    unit: str
    overdue: int


def counted(unit: str | None, counts: Counts) -> InboxCounts:
    return InboxCounts(**asdict(counts), unit=unit or "*", overdue=counts.by_light[Light.RED])


_DO_THE_WORK = frozenset({Role.DEPARTMENT_HANDLER, Role.GRID_WORKER})
"""Their inbox is what their own unit leads; everybody else's is what lies below."""


class FilterQuery(QueryModel):
    """Which work orders; all that is given must hold.

    `open`: not closed yet; `opened_since` and its like: from that instant on; each of them shows the inbox whole, also what has
    nothing due. `below` includes what the units under `unit` lead and what happened there. `returned`: given back at least once. `exception_over`: its unit leads
    by an exception whose time is over. `suspension_over`: suspended until an instant that has passed; also shows the inbox whole.
    `task`: what the caller can take further (`todo`) or verify (`check`). `text` stands in title, text or address, or is a
    number: whole, or its last six digits, in full width, with blanks or small letters.
    """

    unit: Code | None = None
    below: bool | None = None
    street: Code | None = None
    area: Code | None = None
    state: Annotated[list[State], Field(default_factory=list, max_length=len(State))]
    light: Light | None = None
    category: ShortText | None = None
    priority: Priority | None = None
    open: bool | None = None
    opened_since: Instant | None = None
    resolved_since: Instant | None = None
    closed_since: Instant | None = None
    due_before: Instant | None = None
    asked: bool | None = None
    returned: bool | None = None
    exception_over: bool | None = None
    suspension_over: bool | None = None
    task: Task | None = None
    text: ShortText | None = None

    def wanted(self, caller: Principal) -> Filter:
        """What the list shows: without a unit, all that the caller sees."""
        below = self.below
        if below is None:
            below = caller.role not in _DO_THE_WORK or self.task is not None
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in self.model_dump(exclude={"below", "limit", "after"}).items()
        }
        return Filter(**given, below=below)

    def inbox_of(self, caller: Principal) -> Filter:
        """What the inbox shows: by default the caller's own unit's."""
        return replace(self.wanted(caller), unit=self.unit or caller.unit)


class InboxQuery(PageQuery, FilterQuery):
    """The same, page by page."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50


class ListFilterQuery(FilterQuery):
    """The same, and by report ids or hazard ids (up to 90 of each) or number (whole, or the last six digits; its report's or
    hazard's too)."""

    report_id: Annotated[list[Id], Field(default_factory=list, max_length=90)]
    hazard_id: Annotated[list[Id], Field(default_factory=list, max_length=90)]
    number: ShortText | None = None


class ListQuery(PageQuery, ListFilterQuery):
    """The same, page by page."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
