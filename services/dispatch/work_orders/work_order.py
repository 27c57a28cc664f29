"""The work order (工单): the duty of one lead unit to act on what its sources tell. Pure.

Two limits run: to accept, anew for everybody who must find an answer to it, and to resolve, once from the opening. The
table in `lifecycle.py` says what each action does to them, and nothing else moves them (docs/rules.md §3.3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from services.dispatch.catalogue.catalogue import Priority, Tier
from services.dispatch.work_orders.lifecycle import LIFE, OPEN_REQUEST, Action, Kind, State
from services.dispatch.work_orders.routing import Routing
from shared.change import Actor, Change
from shared.events.dispatch.work_orders import SourceTold, WorkOrderOpened
from shared.events.limits import told
from shared.limits import TimeLimit, start, start_until
from shared.worktime.calendar import Calendar

_HEADLINE: Final = 40


class SourceKind(StrEnum):
    """`resolution` is one of a meeting."""

    REPORT = "report"
    HAZARD = "hazard"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class Source:
    """What a work order is about."""

    kind: SourceKind
    id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is: the smallest unit that is known, the street that it lies in, the point (WGS-84) and the address. With
    `point_radius` the point may lie that many metres away, because nobody knows its coordinate system."""

    area: str
    street: str
    longitude: float | None = None
    latitude: float | None = None
    point_radius: float | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What the unit asked for: a suspension (挂账), perhaps `until` an instant, or an extension (延期) by the limit
    `more`, in its compact form."""

    kind: Kind
    by: str
    at: datetime
    why: str
    until: datetime | None = None
    more: str | None = None


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """One work order and where it stands. `version` counts its changes and equals the length of its trail.

    The first of `sources` opened it. `function` is what its rule asks of who leads, `function_held` whether the lead unit
    holds it. `check_photo`: a grid worker's check needs a photo. `returned_why` and `suggested_unit` are of the last return;
    `result_photos` show how it is now, as it was resolved last. `asked` is what waits for a decision; `suspended_until` what
    the present suspension was asked for. `reopened` counts how often whoever reported was not content; `reopened_why` is of
    the last time. `source_version` is how far the first source was followed; `hazard_version` how far the hazard among the
    sources. `exception_until`: when the exception ends by which its lead unit leads. `joined`: how many others reported the
    same. More of them change nothing that anybody must do, and no version.
    """

    id: UUID
    number: str
    sources: tuple[Source, ...]
    title: str
    text: str
    category: str
    place: Place
    lead_unit: str | None
    state: State
    priority: Priority
    tier: Tier
    rule: str
    catalogue: str
    routing: str
    accept: TimeLimit
    resolve: TimeLimit
    reported_at: datetime
    opened_at: datetime
    version: int
    function: str = ""
    function_held: bool = True
    check_photo: bool = False
    condition: str | None = None
    closing_condition: str | None = None
    result: str | None = None
    result_photos: tuple[UUID, ...] = ()
    resolved_by: str | None = None
    returns: int = 0
    returned_why: str | None = None
    suggested_unit: str | None = None
    reworks: int = 0
    asked: Request | None = None
    suspended_until: datetime | None = None
    extensions: int = 0
    reopened: int = 0
    reopened_why: str | None = None
    source_version: int = 0
    hazard_version: int = 0
    closed_at: datetime | None = None
    joined: int = 0
    exception_until: datetime | None = None

    @property
    def responsible(self) -> str:
        """Who must act: the lead unit, or the area, whose dispatcher must find one."""
        return self.lead_unit or self.place.area

    @property
    def hazard(self) -> Source | None:
        """The hazard among its sources: then only a passed re-inspection closes it."""
        return next((source for source in self.sources if source.kind is SourceKind.HAZARD), None)

    @property
    def limits(self) -> Mapping[str, TimeLimit]:
        return {"accept": self.accept, "resolve": self.resolve}

    @property
    def due_at(self) -> datetime | None:
        """What is due next; None when no time runs."""
        return min((limit.due_at for limit in self.limits.values() if limit.running), default=None)

    @property
    def possible(self) -> tuple[Action, ...]:
        """The actions that the table has for its state, and that fit what is asked for."""
        return tuple(action for action in LIFE.possible(self.state) if self.fits(action))

    def fits(self, action: Action) -> bool:
        """Whether what is asked for is what `action` needs."""
        kind = self.asked.kind if self.asked else None
        return action not in OPEN_REQUEST or kind in OPEN_REQUEST[action]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a source asks to be done. Its `sources` begin with the one that opens the work order; `text` is its own words.

    `lead` is the unit that the source itself names, as a meeting does; else the catalogue finds it. `due_at` is the
    deadline that the source named: it is then the limit to resolve, whatever the catalogue says. `version` is the
    source's own, from which on its events are followed. The address of `place` is as it was told. `joined`: how many others
    say the same.
    """

    sources: tuple[Source, ...]
    text: str
    category: str
    place: Place
    asked_at: datetime
    version: int
    title: str = ""
    lead: str | None = None
    due_at: datetime | None = None
    joined: int = 0


def open_for(
    asked: Asked, routing: Routing, *, id: UUID, by: Actor, now: datetime, calendar: Calendar
) -> Change[WorkOrder]:
    """The one work order of a source: assigned at once where the source or a rule names the lead, else pending."""
    rule, unit, first = routing.rule, routing.lead or asked.place.area, asked.sources[0]
    resolve = start(unit, rule.resolve, now, calendar)
    if asked.due_at is not None:
        resolve = start_until(unit, asked.due_at, asked.asked_at)
    order = WorkOrder(
        id=id,
        number=f"GD-{first.number}",
        sources=asked.sources,
        title=asked.title or _headline(asked.text),
        text=asked.text,
        category=asked.category,
        place=asked.place,
        lead_unit=routing.lead,
        state=State.ASSIGNED if routing.lead else State.PENDING,
        priority=rule.priority,
        tier=rule.tier,
        rule=rule.id,
        catalogue=routing.catalogue,
        routing=routing.why,
        accept=start(unit, rule.accept, now, calendar),
        resolve=resolve,
        reported_at=asked.asked_at,
        opened_at=now,
        version=1,
        function=rule.function,
        function_held=routing.function_held,
        check_photo=rule.check_photo,
        condition=rule.condition,
        closing_condition=rule.closing_condition,
        source_version=asked.version,
        joined=asked.joined,
    )
    what = {
        "number": order.number,
        first.kind: first.number,
        "lead_unit": routing.lead,
        "why": routing.why,
        "alternatives": list(routing.alternatives),
        "accept_due_at": order.accept.due_at,
        "resolve_due_at": order.resolve.due_at,
    }
    event = WorkOrderOpened(rule=order.rule, catalogue=order.catalogue, **facts(order, Action.OPEN, now))
    return Change(order, Action.OPEN, by, now, what=what, events=(event,))


def facts(order: WorkOrder, action: Action, at: datetime) -> dict[str, Any]:
    """What every event about a work order says."""
    return {
        "work_order_id": order.id,
        "number": order.number,
        "sources": tuple(SourceTold(kind=s.kind, id=s.id, number=s.number) for s in order.sources),
        "area": order.place.area,
        "street": order.place.street,
        "category": order.category,
        "priority": order.priority,
        "lead_unit": order.lead_unit,
        "action": action,
        "state": order.state,
        "asked": order.asked.kind if order.asked else None,
        "result": order.result,
        "resolved_by": order.resolved_by,
        "hazard_version": order.hazard_version,
        "result_photos": order.result_photos,
        "limits": {name: told(limit) for name, limit in order.limits.items()},
        "at": at,
        "version": order.version,
    }


def _headline(text: str) -> str:
    """What is called without a title: how it begins."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= _HEADLINE else f"{line[: _HEADLINE - 1]}…"
