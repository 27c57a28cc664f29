"""Work orders for the tests: one as routing opens it, people, the ways to each state, and the shipped calendar."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from services.dispatch.catalogue.catalogue import Catalogue, Priority, Rule, Tier, read_catalogue
from services.dispatch.work_orders.commands import (
    Accept,
    AskExtension,
    AskSuspension,
    Close,
    GrantExtension,
    GrantSuspension,
    Resolve,
    Return,
    Start,
    Verify,
)
from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import State
from services.dispatch.work_orders.moving import Command, moved
from services.dispatch.work_orders.open_work_order import of_report
from services.dispatch.work_orders.routing import Routing
from services.dispatch.work_orders.work_order import Source, SourceKind, WorkOrder, open_for
from shared.auth.principal import Principal, Role
from shared.change import Actor, Change
from shared.clock import local_day
from shared.events.intake.reports import ReportTriaged
from shared.ids import new_id
from shared.units.tree import UnitTree
from shared.worktime.calendar import china
from shared.worktime.limits import parse_limit
from tests.conftest import NOON
from tests.support.city import COMMUNITY, STREET, STREET_URBAN, tree

CHINA = china()
TODAY = date(2026, 11, 18)
ROUTING = Actor("routing", "service")
HANDLER = Principal("办事员", Role.DEPARTMENT_HANDLER, STREET_URBAN)
DISPATCHER = Principal("派单员", Role.DISPATCHER, STREET)
SUPERVISOR = Principal("督导员", Role.SUPERVISOR, STREET)
CHECKER = Principal("网格员", Role.GRID_WORKER, COMMUNITY)
LEADER = Principal("街道主任", Role.LEADER, STREET)
RULE = Rule("r1", "城乡建设", "urban_rural", Priority.NORMAL, Tier.STREET, parse_limit("4wh"), parse_limit("5wd"))
CITY_TREE = tree()

_ACCEPTED: Sequence[tuple[Command, Principal]] = ((Accept(), HANDLER),)
_IN_PROGRESS = (*_ACCEPTED, (Start(), HANDLER))
_RESOLVED = (*_IN_PROGRESS, (Resolve("井盖已更换"), HANDLER))
_VERIFIED = (*_RESOLVED, (Verify(), CHECKER))
WAY: Mapping[State, Sequence[tuple[Command, Principal]]] = {
    State.PENDING: ((Return("不归我们管"), HANDLER),),
    State.ASSIGNED: (),
    State.ACCEPTED: _ACCEPTED,
    State.IN_PROGRESS: _IN_PROGRESS,
    State.SUSPENDED: (*_IN_PROGRESS, (AskSuspension("等待冬季过后"), HANDLER), (GrantSuspension("同意"), DISPATCHER)),
    State.RESOLVED: _RESOLVED,
    State.VERIFIED: _VERIFIED,
    State.CLOSED: (*_VERIFIED, (Close(), DISPATCHER)),
}
"""From `assigned` to each state, on the shortest way."""


def rule_data(**changes: Any) -> dict[str, Any]:
    return {
        "id": "r1",
        "category": "城乡建设",
        "function": "urban_rural",
        "tier": "street",
        "priority": "normal",
        "accept": "4wh",
        "resolve": "5wd",
        **changes,
    }


def catalogue_data(version: str = "1", since: str = "2020-01-01", *rules: dict[str, Any]) -> dict[str, Any]:
    """A catalogue in its JSON form; the catch-all rule is always last."""
    last = rule_data(id="other", category="*", function="party_affairs", tier="consultation")
    return {"version": version, "effective_from": since, "rules": [*(rules or (rule_data(),)), last]}


def a_catalogue(version: str = "1", since: str = "2020-01-01") -> Catalogue:
    return read_catalogue(catalogue_data(version, since))


def triaged(**changes: Any) -> ReportTriaged:
    facts: dict[str, Any] = {
        "report_id": new_id(),
        "number": "A7-QT-20261118-000001",
        "title": "井盖",
        "text": "路边井盖不见了",
        "unit": COMMUNITY,
        "place_method": "name",
        "place_confidence": 0.9,
        "longitude": 113.05,
        "latitude": 28.05,
        "point_radius": 612.5,
        "address": "星湖路 3 号门前",
        "category": "城乡建设",
        "category_confidence": 0.9,
        "model": "m",
        "submitted_at": NOON,
        "triaged_at": NOON,
        "version": 2,
    }
    return ReportTriaged(**{**facts, **changes})


def opened(lead: str | None = STREET_URBAN, rule: Rule = RULE, at: datetime = NOON, **report: Any) -> Change[WorkOrder]:
    routing = Routing(lead, rule, "1", "because", ("A7-D-CJ",))
    asked = of_report(triaged(**report), CITY_TREE)
    return open_for(asked, routing, id=new_id(), by=ROUTING, now=at, calendar=CHINA)


def done(
    order: WorkOrder, command: Command, by: Principal, at: datetime = NOON, tree: UnitTree = CITY_TREE
) -> Change[WorkOrder]:
    return moved(order, command, Context(by.actor(), at, local_day(at), tree, CHINA))


def after(order: WorkOrder, *steps: tuple[Command, Principal], at: datetime = NOON) -> WorkOrder:
    for command, by in steps:
        order = done(order, command, by, at).after
    return order


def in_state(state: State) -> WorkOrder:
    order = after(opened().after, *WAY[state])
    assert order.state is state
    return order


def full() -> WorkOrder:
    """One with a value in every field that is no default, as it could have come to be."""
    order = after(
        opened(
            lead="A7-D-CJ", rule=replace(RULE, condition="井盖缺失", closing_condition="恢复"), number=str(new_id())
        ).after,
        (Return("不归我们管", STREET_URBAN), HANDLER),
    )
    asked = after(in_state(State.ACCEPTED), (AskSuspension("等待材料", NOON.replace(hour=9)), HANDLER)).asked
    granted = after(
        in_state(State.ACCEPTED), (AskExtension("料未到", "3wd"), HANDLER), (GrantExtension("同意"), LEADER)
    )
    limit = replace(granted.accept, suspended_at=NOON)
    return replace(
        order, lead_unit=STREET_URBAN, asked=asked, extensions=granted.extensions, accept=limit, resolve=limit,
        hazard_version=3,
        sources=(*order.sources, Source(SourceKind.HAZARD, new_id(), "YH-A7-QT-20261118-000001")),
        result="已更换", result_photos=(new_id(),), resolved_by="办事员", reworks=1, suspended_until=NOON, closed_at=NOON, version=1,
        function_held=False, check_photo=True, reopened=1, reopened_why="又坏了", source_version=7, joined=3, exception_until=NOON,
    )  # fmt: skip
