"""What one person may do to a hazard now, and what would follow from it, in words. Computed from the table, at this very
instant."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from services.registry.hazards.hazard import Hazard, standing
from services.registry.hazards.lifecycle import LIFE, Action, State
from services.registry.hazards.moving import Context, with_limits
from services.registry.hazards.rules import refusal
from services.registry.hazards.wording import ACTIONS, LIMITS, STATES
from shared.auth.principal import Principal
from shared.worktime.words import Words, instant_in_words

_MORE: Final[Mapping[Action, Words]] = {
    Action.SUBMIT: Words("工单同时办结，须由他人复查", "its work order is resolved; somebody else re-inspects"),
    Action.PASS: Words("工单同时结案", "its work order is closed"),
    Action.FAIL: Words("工单同时返工", "its work order goes back to work"),
    Action.ASK_EXTENSION: Words("由他人审批，批准前期限照常计算", "somebody else decides; until then time goes on"),
    Action.GRANT_EXTENSION: Words("工单期限同时延长", "its work order has the same deadline"),
    Action.TRANSFER: Words("派出所每周复查", "the police re-check it weekly"),
    Action.RECHECK: Words("下次复查在一周内", "the next re-check is due in a week"),
    Action.REPORT: Words("七个工作日内决定是否挂牌", "listing is decided within seven working days"),
    Action.LIST: Words("挂牌期限即整改期限", "its deadline is that of the listing"),
}


@dataclass(frozen=True, slots=True)
class Possible:
    """An action, what it is called, and what follows from it."""

    action: Action
    name: Words
    consequence: Words


def possible_for(caller: Principal, hazard: Hazard, context: Context) -> Iterator[Possible]:
    """In the table's order, of a hazard that the caller sees."""
    for action in hazard.possible:
        allowed = caller.role in LIFE.move(hazard.state, action).roles
        if allowed and refusal(hazard, action, context.by) is None:
            yield Possible(action, ACTIONS[action], _consequence(hazard, action, context))


def _consequence(hazard: Hazard, action: Action, context: Context) -> Words:
    step = LIFE.move(hazard.state, action)
    acted = with_limits(hazard, step, context.now, context.calendar)
    state = standing(acted, context.now) if action is Action.FAIL else step.after
    told = [_of_state(hazard.state, state), *filter(None, [_MORE.get(action)])]
    after = acted.limits
    for name, limit in hazard.limits.items():
        what, until = LIMITS[name], instant_in_words(after[name].due_at, context.now)
        if limit.running and not after[name].running:
            told.append(Words(f"{what.zh}停止计时", f"the {what.en} ends"))
        elif after[name].running and not limit.running:
            told.append(Words(f"{what.zh}继续计时，至 {until.zh}", f"the {what.en} runs on, until {until.en}"))
        elif after[name].due_at != limit.due_at:
            told.append(Words(f"{what.zh}至 {until.zh}", f"the {what.en} runs until {until.en}"))
    return Words("；".join(words.zh for words in told), "; ".join(words.en for words in told))


def _of_state(before: State, after: State) -> Words:
    words = STATES[after]
    if before is after:
        return Words(f"状态不变（{words.zh}）", f"stays {words.en}")
    return Words(f"转为“{words.zh}”", f"becomes {words.en}")
