"""Any people doing anything in any order: what always holds of a work order and its trail of changes."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.dispatch.work_orders.commands import (
    COMMANDS,
    AskExtension,
    AskSuspension,
    Assign,
    Decline,
    GrantExtension,
    GrantSuspension,
    Resolve,
    Return,
    Rework,
)
from services.dispatch.work_orders.lifecycle import Action, State
from services.dispatch.work_orders.moving import Command
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.principal import Principal, Role
from shared.change import Change
from shared.errors import Conflict, Forbidden
from shared.events.dispatch.work_orders import WorkOrderMoved
from shared.limits import LimitState
from tests.conftest import NOON
from tests.dispatch.work_orders.orders import done, opened
from tests.support.city import COUNTY_URBAN, STREET, STREET_URBAN

PEOPLE = [Principal(name, Role.LEADER, unit) for name in ("甲", "乙", "丙") for unit in (STREET, STREET_URBAN)]
LEADS = st.sampled_from([STREET_URBAN, COUNTY_URBAN])
MAKE: dict[type[Command], Callable[[str], Command]] = {
    Assign: Assign,
    Return: lambda unit: Return("理由", unit),
    Resolve: lambda _: Resolve("已处理"),
    Rework: lambda _: Rework("理由"),
    AskSuspension: lambda _: AskSuspension("理由"),
    GrantSuspension: lambda _: GrantSuspension("理由"),
    AskExtension: lambda _: AskExtension("理由", "2wd"),
    GrantExtension: lambda _: GrantExtension("理由"),
    Decline: lambda _: Decline("理由"),
}
BY_ACTION = {command.action: command for command in COMMANDS}


class AnybodyDoesAnything(RuleBasedStateMachine):
    order: WorkOrder
    changes: list[Change[WorkOrder]]

    @initialize(lead=st.sampled_from([None, STREET_URBAN]), start=st.integers(0, 60 * 24 * 400))
    def open(self, lead: str | None, start: int) -> None:
        self.now = NOON - timedelta(minutes=start)
        change = opened(lead=lead, at=self.now)
        self.first, self.order, self.changes = change.after, change.after, [change]

    @rule(kind=st.sampled_from(COMMANDS), by=st.sampled_from(PEOPLE), unit=LEADS, minutes=st.integers(0, 60 * 24 * 20))
    def attempt(self, kind: type[Command], by: Principal, unit: str, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        before, command = self.order, MAKE.get(kind, lambda _: kind())(unit)
        try:
            change = done(before, command, by, self.now)
        except Conflict:
            assert command.action not in before.possible
        except Forbidden as refused:
            own = (
                before.resolved_by
                if command.action in (Action.VERIFY, Action.REWORK)
                else before.asked and before.asked.by
            )
            assert own == by.subject or (refused.code, bool(before.extensions)) == ("work_order_second_extension", True)
        else:
            assert command.action in before.possible
            self.changes.append(change)
            self.order = change.after
            moved_accept = self.order.accept.started_at != before.accept.started_at
            assert not moved_accept or command.action in (Action.ASSIGN, Action.RETURN)
            moved_resolve = self.order.resolve.due_at != before.resolve.due_at
            assert not moved_resolve or command.action in (Action.GRANT_EXTENSION, Action.RESUME, Action.REWORK)
            assert self.order.resolve.due_at >= before.resolve.due_at

    @rule(choice=st.integers(0, 3), by=st.sampled_from(PEOPLE), unit=LEADS)
    def go_on(self, choice: int, by: Principal, unit: str) -> None:
        """What is possible: so that lives also reach their end."""
        if actions := self.order.possible:
            self.attempt(BY_ACTION[actions[choice % len(actions)]], by, unit, 30)

    @invariant()
    def version_counts_the_changes(self) -> None:
        assert [change.after.version for change in self.changes] == list(range(1, len(self.changes) + 1))

    @invariant()
    def the_limit_to_resolve_counts_from_the_opening(self) -> None:
        if not self.order.extensions:
            assert self.order.resolve.started_at == self.first.opened_at
        if not self.order.extensions and not any(change.action in ("resume", "rework") for change in self.changes):
            assert self.order.resolve.due_at == self.first.resolve.due_at

    @invariant()
    def limits_run_exactly_while_somebody_must_act(self) -> None:
        order = self.order
        assert order.accept.running == (order.state in (State.PENDING, State.ASSIGNED))
        ended = order.state in (State.RESOLVED, State.VERIFIED, State.CLOSED)
        assert order.resolve.ended == ended
        assert (order.resolve.state is LimitState.SUSPENDED) == (order.state is State.SUSPENDED)
        assert (order.due_at is None) == (ended or order.state is State.SUSPENDED)

    @invariant()
    def running_limits_name_who_must_act(self) -> None:
        for limit in self.order.limits.values():
            assert limit.ended or limit.unit == self.order.responsible

    @invariant()
    def somebody_is_responsible_unless_it_is_pending(self) -> None:
        assert (self.order.lead_unit is None) == (self.order.state is State.PENDING)

    @invariant()
    def only_work_in_hand_has_an_open_request(self) -> None:
        assert self.order.asked is None or self.order.state in (State.ACCEPTED, State.IN_PROGRESS)

    @invariant()
    def each_change_tells_from_where_to_where(self) -> None:
        for before, change in zip(self.changes, self.changes[1:], strict=False):
            (event,) = change.events
            assert isinstance(event, WorkOrderMoved)
            assert (event.previous, event.state) == (before.after.state, change.after.state)

    @invariant()
    def resolved_by_somebody_with_a_result(self) -> None:
        if self.order.state in (State.RESOLVED, State.VERIFIED, State.CLOSED):
            assert self.order.result
            assert self.order.resolved_by
        assert (self.order.closed_at is not None) == (self.order.state is State.CLOSED)


TestAnybodyDoesAnything = AnybodyDoesAnything.TestCase
TestAnybodyDoesAnything.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
