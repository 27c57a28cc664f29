"""A hazard and its work order agree in the end, whatever people do at either side and however late, often or mixed up both
services hear of each other. Pure: the two domains, and what lies between them as two queues."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.work_orders import commands as of_order
from services.dispatch.work_orders.context import Context as OrderContext
from services.dispatch.work_orders.follow_hazard import REGISTRY, asked_by
from services.dispatch.work_orders.following_hazard import follow_hazard
from services.dispatch.work_orders.moving import moved as order_moved
from services.dispatch.work_orders.routing import Routing
from services.dispatch.work_orders.work_order import WorkOrder, open_for
from services.registry.hazards import commands as of_hazard
from services.registry.hazards.follow_work_order import DISPATCH, follows
from services.registry.hazards.following import Lapse
from services.registry.hazards.lifecycle import State
from services.registry.hazards.moving import Command, Context, moved
from shared.auth.principal import Principal
from shared.change import Actor, Change
from shared.clock import local_day
from shared.errors import GridGovError
from shared.events.dispatch.work_orders import WorkOrderEvent
from shared.events.registry.hazards import HazardEvent, HazardFound, HazardMoved
from shared.ids import new_id
from tests.conftest import NOON
from tests.dispatch.work_orders.orders import CHINA, CITY_TREE, DISPATCHER, HANDLER, RULE
from tests.registry.hazards.found import HANDLER as OFFICE
from tests.registry.hazards.found import INSPECTOR, LEADER, found

MANAGER = Actor("消防管理人", "safety_manager", "R1-S-01-001")
UNTIL = timedelta(days=9)

AT_REGISTRY: Final[Mapping[str, tuple[Callable[[datetime], Command], Actor]]] = {
    "submit": (lambda _: of_hazard.Submit("已清空"), MANAGER),
    "pass": (lambda _: of_hazard.Pass(), INSPECTOR),
    "fail": (lambda _: of_hazard.Fail("仍有杂物"), INSPECTOR),
    "ask": (lambda now: of_hazard.AskExtension(local_day(now + UNTIL), "等材料"), OFFICE),
    "extend": (lambda _: of_hazard.GrantExtension("同意"), LEADER),
    "lapse": (lambda _: Lapse(), DISPATCH),
    "transfer": (lambda _: of_hazard.Transfer("R1-S-D-PC", "逾期"), OFFICE),
    "recheck": (lambda _: of_hazard.Recheck("仍未改"), INSPECTOR),
    "major": (lambda _: of_hazard.JudgeMajor("GB 35181-2025", "5.1"), OFFICE),
    "report": (lambda _: of_hazard.Report("R1-S", "1号"), OFFICE),
    "list": (lambda now: of_hazard.List(local_day(now + UNTIL)), LEADER),
    "decline": (lambda _: of_hazard.DeclineListing("已改"), LEADER),
    "delist": (lambda _: of_hazard.Delist(), LEADER),
}
AT_DISPATCH: Final = {
    "accept": (of_order.Accept(), HANDLER),
    "start": (of_order.Start(), HANDLER),
    "resolve": (of_order.Resolve("已清空"), HANDLER),
    "return": (of_order.Return("不归我们管"), HANDLER),
    "assign": (of_order.Assign("A7-QT-D-CJ", "由你处理"), DISPATCHER),
}


@dataclass
class Both:
    """Registry with one hazard, dispatch with its work order, and what each has told the other."""

    now: datetime = NOON
    order: WorkOrder | None = None
    to_dispatch: deque[HazardEvent] = field(default_factory=deque)
    to_registry: deque[WorkOrderEvent] = field(default_factory=deque)
    told: list[HazardEvent | WorkOrderEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        change = found(self.now)
        self.hazard = change.after
        self._tell(change)

    def act(self, what: str) -> None:
        if what in AT_REGISTRY:
            make, by = AT_REGISTRY[what]
            if what != "lapse" or (self.hazard.rectify is not None and self.hazard.rectify.due_at <= self.now):
                self._of_hazard(make(self.now), by)
        elif self.order is not None:
            command, caller = AT_DISPATCH[what]
            self._of_order(order_moved(self.order, command, self._context(caller)))

    def hear(self, side: str) -> None:
        """The next event that one side was told."""
        if side == "dispatch" and self.to_dispatch:
            self._dispatch(self.to_dispatch.popleft())
        elif side == "registry" and self.to_registry:
            self._registry(self.to_registry.popleft())

    def hear_again(self, which: int) -> None:
        """One that was heard, or will be, out of its turn."""
        event = self.told[which % len(self.told)]
        if isinstance(event, HazardMoved) and event not in self.to_dispatch:
            self._dispatch(event)
        elif isinstance(event, WorkOrderEvent) and event not in self.to_registry:
            self._registry(event)

    def hear_all(self) -> None:
        while self.to_dispatch or self.to_registry:
            self.hear("dispatch")
            self.hear("registry")

    def _dispatch(self, event: HazardEvent) -> None:
        if isinstance(event, HazardFound):
            routing = Routing("A7-QT-D-CJ", RULE, "1", "because", ())
            by = Actor("routing", "service")
            self._of_order(open_for(asked_by(event), routing, id=new_id(), by=by, now=self.now, calendar=CHINA))
        elif isinstance(event, HazardMoved) and self.order is not None and event.version > self.order.hazard_version:
            change = follow_hazard(self.order, event, self._context(REGISTRY))
            if change is not None:
                self._of_order(change)

    def _registry(self, event: WorkOrderEvent) -> None:
        if event.version > self.hazard.order_version:
            for command, at in follows(event, self.hazard):
                self._of_hazard(command, DISPATCH, at)

    def _of_hazard(self, command: Command, by: Actor, at: datetime | None = None) -> None:
        change = moved(self.hazard, command, Context(by, self.now, local_day(self.now), CHINA), at=at)
        self.hazard = change.after
        self._tell(change)

    def _of_order(self, change: Change[WorkOrder]) -> None:
        self.order = change.after
        self._tell(change)

    def _tell(self, change: Change[object]) -> None:
        for event in change.events:
            if isinstance(event, HazardEvent):
                self.to_dispatch.append(event)
                self.told.append(event)
            elif isinstance(event, WorkOrderEvent):
                self.to_registry.append(event)
                self.told.append(event)

    def _context(self, by: Principal | Actor) -> OrderContext:
        actor = by.actor() if isinstance(by, Principal) else by
        return OrderContext(actor, self.now, local_day(self.now), CITY_TREE, CHINA)


ACTS: Final = st.one_of(
    st.sampled_from([*AT_REGISTRY, *AT_DISPATCH]),
    st.sampled_from(["submit", "fail", "pass", "accept", "start", "resolve", "dispatch", "registry"]),
    st.integers(0, 400),
)
"""What somebody does, who hears something, or (a number) hours that pass, every third of them with something heard again."""


@given(st.lists(ACTS, max_size=40))
@settings(max_examples=150, deadline=None)
def test_a_hazard_and_its_work_order_agree_in_the_end(acts: list[str | int]) -> None:
    both = Both()
    for act in acts:
        if isinstance(act, int):
            both.now += timedelta(hours=act % 100)
            if act % 3 == 0:
                both.hear_again(act)
        elif act in ("dispatch", "registry"):
            both.hear(act)
        else:
            try:
                both.act(act)
            except GridGovError:
                continue  # not possible as things stand
    both.hear_all()
    hazard, order = both.hazard, both.order
    assert order is not None
    stands = {State.RECTIFIED: "closed", State.AWAITING_REINSPECTION: "resolved"}.get(hazard.state, "open")
    shown = order.state.value if order.state.value in ("closed", "resolved") else "open"
    assert (stands, hazard.order_number) == (shown, order.number)
    if stands == "open":
        assert hazard.rectify is not None
        assert (order.resolve.due_at, order.resolve.running) == (hazard.rectify.due_at, hazard.rectify.running)
        assert order.resolve.running
    else:
        assert order.resolve.ended and order.accept.ended
