"""What one person may do to a work order now, and what would follow from it, in words. Computed, not written down: the
state from the table, the limits by what the table does to them, at this very instant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.lifecycle import LIFE, Action, Step
from services.dispatch.work_orders.moving import limits_after
from services.dispatch.work_orders.rules import competent, refusal
from services.dispatch.work_orders.wording import ACTIONS, LIMITS, STATES
from services.dispatch.work_orders.work_order import WorkOrder
from shared.auth.principal import Principal
from shared.limits import Effect, TimeLimit
from shared.worktime.limits import parse_limit
from shared.worktime.words import Words, instant_in_words, left_in_words, limit_in_words

_DECIDED_BY_OTHERS = Words("由他人审批，批准前时限照常计算", "somebody else decides; until then time goes on")
_MORE: dict[Action, Words] = {
    Action.ASK_SUSPENSION: _DECIDED_BY_OTHERS,
    Action.ASK_EXTENSION: _DECIDED_BY_OTHERS,
    Action.DECLINE: Words("申请作废，时限照常计算", "the request lapses; time goes on"),
}


@dataclass(frozen=True, slots=True)
class Possible:
    """An action, what it is called, what follows from it, and when each limit would then be due."""

    action: Action
    name: Words
    consequence: Words
    due_at: dict[str, datetime | None]


def possible_for(caller: Principal, order: WorkOrder, context: Context) -> Iterator[Possible]:
    """In the table's order; `context` is that of the caller."""
    for action in order.possible:
        step = LIFE.move(order.state, action)
        if competent(caller, order, step, context.tree) and refusal(order, action, context) is None:
            yield _possible(order, action, step, context)


def _possible(order: WorkOrder, action: Action, step: Step, context: Context) -> Possible:
    after = limits_after(order, step, context)
    told = [_of_state(order, step), *filter(None, [_MORE.get(action)])]
    for name, effect in (("accept", step.accept), ("resolve", step.resolve)):
        if (words := _of_limit(order, name, effect, after[name], context)) is not None:
            told.append(words)
    if action is Action.VERIFY and order.closing_condition:
        told.append(Words(f"结案条件：{order.closing_condition}", f"to be found: {order.closing_condition}"))
    due = {name: limit.due_at if limit.running else None for name, limit in after.items()}
    consequence = Words("；".join(words.zh for words in told), "; ".join(words.en for words in told))
    return Possible(action, ACTIONS[action], consequence, due)


def _of_state(order: WorkOrder, step: Step) -> Words:
    words = STATES[step.after]
    if step.after is order.state:
        return Words(f"状态不变（{words.zh}）", f"stays {words.en}")
    return Words(f"转为“{words.zh}”", f"becomes {words.en}")


def _of_limit(order: WorkOrder, name: str, effect: Effect, after: TimeLimit, context: Context) -> Words | None:
    before, now = order.limits[name], context.now
    limit, until = LIMITS[name], instant_in_words(after.due_at, now)
    match effect:
        case Effect.RESTART:
            long = limit_in_words(after.limit)
            zh, en = f"重新计算：{long.zh}，至 {until.zh}", f"begins anew: {long.en}, until {until.en}"
        case Effect.FULFIL if before.running and after.kept:
            zh, en = "停止计时，按时完成", "ends, in time"
        case Effect.FULFIL if before.running:
            zh, en = "停止计时，已超期", "ends, and is overdue"
        case Effect.SUSPEND if before.running:
            left = left_in_words(now, before.due_at, before.limit, context.calendar)
            zh, en = f"暂停计时，{left.zh}", f"stands still, {left.en}"
        case Effect.RESUME if after.running:
            zh, en = f"恢复计时，至 {until.zh}", f"goes on, until {until.en}"
        case Effect.EXTEND if order.asked is not None and order.asked.more:
            more = limit_in_words(parse_limit(order.asked.more))
            zh, en = f"顺延 {more.zh}，至 {until.zh}", f"is extended by {more.en}, until {until.en}"
        case _ if after.running:
            left = left_in_words(now, after.due_at, after.limit, context.calendar)
            zh, en = f"不变，至 {until.zh}（{left.zh}）", f"stays, until {until.en} ({left.en})"
        case _:
            return None
    return Words(f"{limit.zh}{zh}", f"the {limit.en} {en}")
