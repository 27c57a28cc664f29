"""Any people doing anything in any order: what always holds of a work order and its trail of changes."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.dispatch.work_orders.lifecycle import TRANSITIONS, Action, State, possible
from services.dispatch.work_orders.work_order import Order, WorkOrder, act
from shared.change import Actor, Change
from shared.errors import Conflict, Forbidden, Invalid
from shared.events.dispatch.work_orders import WorkOrderMoved
from tests.conftest import NOON
from tests.dispatch.work_orders.orders import CHINA, opened

PEOPLE = [Actor(name, "grid_worker") for name in ("甲", "乙", "丙")]
UNITS = st.sampled_from([None, "A7-D-CJ", "A-D-HB"])
WORDS = st.sampled_from([None, "", "已处理"])


class AnybodyDoesAnything(RuleBasedStateMachine):
    order: WorkOrder
    changes: list[Change[WorkOrder]]

    @initialize(lead=UNITS, start=st.integers(0, 60 * 24 * 400))
    def open(self, lead: str | None, start: int) -> None:
        self.now = NOON - timedelta(minutes=start)
        change = opened(lead=lead, at=self.now)
        self.first, self.order, self.changes = change.after, change.after, [change]

    @rule(
        action=st.sampled_from(Action),
        by=st.sampled_from(PEOPLE),
        lead=UNITS,
        why=WORDS,
        result=WORDS,
        minutes=st.integers(0, 60 * 24 * 20),
    )
    def attempt(
        self, action: Action, by: Actor, lead: str | None, why: str | None, result: str | None, minutes: int
    ) -> None:
        self.now += timedelta(minutes=minutes)
        before, wanted = self.order, Order(action, lead_unit=lead, why=why, result=result)
        try:
            change = act(before, wanted, by=by, now=self.now, calendar=CHINA)
        except Conflict:
            assert action not in possible(before.state)
        except Invalid:
            assert action in possible(before.state)
            assert not {"assign": lead, "return": why, "rework": why, "resolve": result}[action]
        except Forbidden:
            assert (action, before.resolved_by) == (Action.VERIFY, by.id)
        else:
            self.changes.append(change)
            self.order = change.after
            moved_accept = self.order.accept_due_at != before.accept_due_at
            assert not moved_accept or action is Action.ASSIGN

    @rule(choice=st.integers(0, 2), by=st.sampled_from(PEOPLE), lead=st.sampled_from(["A7-D-CJ", "A-D-HB"]))
    def go_on(self, choice: int, by: Actor, lead: str) -> None:
        """What is possible, with all it needs: so that lives also reach their end."""
        if actions := possible(self.order.state):
            self.attempt(actions[choice % len(actions)], by, lead, "理由", "已处理", 30)

    @invariant()
    def version_counts_the_changes(self) -> None:
        assert [change.after.version for change in self.changes] == list(range(1, len(self.changes) + 1))

    @invariant()
    def the_limit_to_resolve_never_moves(self) -> None:
        assert self.order.resolve_due_at == self.first.resolve_due_at
        assert self.order.resolve_from == self.first.opened_at

    @invariant()
    def what_is_due_is_one_of_the_two_limits(self) -> None:
        assert self.order.due_at in (None, self.order.accept_due_at, self.order.resolve_due_at)
        assert (self.order.due_at is None) == (self.order.state in (State.RESOLVED, State.VERIFIED, State.CLOSED))

    @invariant()
    def somebody_is_responsible_unless_it_is_pending(self) -> None:
        assert (self.order.lead_unit is None) == (self.order.state is State.PENDING)

    @invariant()
    def the_end_is_never_out_of_reach(self) -> None:
        reached = {self.order.state}
        while more := {row.after for (state, _), row in TRANSITIONS.items() if state in reached} - reached:
            reached |= more
        assert State.CLOSED in reached

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
