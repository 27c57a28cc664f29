"""A work order follows its hazard: what was put right in time counts as in time, whenever dispatch hears of it."""

from dataclasses import replace
from datetime import timedelta

from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.follow_hazard import REGISTRY
from services.dispatch.work_orders.following_hazard import follow_hazard
from services.dispatch.work_orders.lifecycle import State
from services.dispatch.work_orders.work_order import Source, SourceKind
from shared.clock import local_day
from shared.events.registry.hazards import FoundBy, HazardMoved
from shared.ids import new_id
from shared.limits import start_until
from tests.conftest import NOON
from tests.dispatch.work_orders.orders import CHINA, CITY_TREE, opened
from tests.support.city import COMMUNITY, STREET, STREET_URBAN

DAY = timedelta(days=1)


def test_what_was_put_right_in_time_and_is_heard_of_late_was_in_time() -> None:
    hazard = Source(SourceKind.HAZARD, new_id(), "YH-1")
    order = opened().after
    order = replace(
        order, sources=(hazard,), resolve=start_until(STREET_URBAN, NOON - DAY, NOON - 9 * DAY),
        accept=replace(order.accept, started_at=NOON),
    )  # fmt: skip
    said = HazardMoved(
        hazard_id=hazard.id, number="YH-1", area=COMMUNITY, street=STREET, limits={}, at=NOON - 2 * DAY, version=3,
        source=FoundBy(kind="told"), item="gas", grade="general", state="awaiting_reinspection", action="submit",
        previous="rectifying", result="已更换",
    )  # fmt: skip
    later = NOON + timedelta(minutes=1)
    change = follow_hazard(order, said, Context(REGISTRY, later, local_day(later), CITY_TREE, CHINA))
    assert change is not None
    after = change.after
    assert (after.state, after.resolve.ended_at, after.resolve.kept) == (State.RESOLVED, NOON - 2 * DAY, True)
    assert (after.accept.ended_at, after.accept.kept) == (NOON, True), "it never ends before it began"
