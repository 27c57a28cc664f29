"""Work orders for the domain's tests: one as routing opens it, and the shipped calendar."""

from datetime import date, datetime
from typing import Any

from services.dispatch.catalogue.catalogue import Catalogue, Rule, read_catalogue
from services.dispatch.work_orders.lifecycle import Action
from services.dispatch.work_orders.routing import Routing
from services.dispatch.work_orders.work_order import Order, WorkOrder, act, open_for
from shared.change import Actor, Change
from shared.events.intake.reports import ReportTriaged
from shared.ids import new_id
from shared.worktime.calendar import china
from shared.worktime.limits import parse_limit
from tests.conftest import NOON

CHINA = china()
ROUTING = Actor("routing", "service")
HANDLER = Actor("handler", "department_handler", "A7-D-CJ")
CHECKER = Actor("checker", "grid_worker", "A7-QT-01-001")
DISPATCHER = Actor("dispatcher", "dispatcher", "A7")
RULE = Rule("r1", "城乡建设", "urban_rural", "normal", "street", parse_limit("4wh"), parse_limit("5wd"))


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
        "unit": "A7-QT-01",
        "place_method": "name",
        "place_confidence": 0.9,
        "category": "城乡建设",
        "category_confidence": 0.9,
        "model": "m",
        "submitted_at": NOON,
        "triaged_at": NOON,
        "version": 2,
    }
    return ReportTriaged(**{**facts, **changes})


def opened(lead: str | None = "A7-D-CJ", rule: Rule = RULE, at: datetime = NOON, **report: Any) -> Change[WorkOrder]:
    routing = Routing(lead, rule, "1", "because", ("A-D-CJ",))
    return open_for(triaged(**report), routing, id=new_id(), by=ROUTING, now=at, calendar=CHINA)


def moved(order: WorkOrder, action: Action, *, by: Actor = HANDLER, at: datetime = NOON, **more: str) -> WorkOrder:
    return act(order, Order(action, **more), by=by, now=at, calendar=CHINA).after


TODAY = date(2026, 11, 18)
