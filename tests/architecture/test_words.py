"""Every state and action of a lifecycle has its word on the pages, in both languages: else they show its key."""

import re
from enum import StrEnum

import pytest

from services.dispatch.work_orders import lifecycle as work_orders
from services.dispatch.work_orders import wording
from services.intake.reports import lifecycle as reports
from services.registry.accounts import lifecycle as accounts
from services.registry.activities.activity import ActivityState
from services.registry.availability import leave
from services.registry.duties import duty
from services.registry.meetings.meeting import MeetingState
from services.registry.restructuring import lifecycle as restructuring
from shared.auth.principal import Role
from shared.limits import LimitState
from tests.architecture.sources import ROOT

WORDS: dict[tuple[str, str], type[StrEnum]] = {
    ("shared/words.ts", "roleWords"): Role,
    ("shared/words.ts", "stateWords"): work_orders.State,
    ("shared/words.ts", "actionWords"): work_orders.Action,
    ("shared/words.ts", "reportStateWords"): reports.Status,
    ("shared/words.ts", "reportActionWords"): reports.Action,
    ("shared/duties.ts", "dutyStateWords"): duty.State,
    ("shared/activities.ts", "activityStateWords"): ActivityState,
    ("board/ticker/texts.ts", "orderActions"): work_orders.Action,
    ("desk/supervision/texts.ts", "clockStateWords"): LimitState,
    ("desk/restructuring/texts.ts", "stateWords"): restructuring.State,
    ("desk/meetings/texts.ts", "meetingStateWords"): MeetingState,
    ("desk/settings/texts.ts", "accountStateWords"): accounts.State,
    ("desk/people/texts.ts", "leaveStateWords"): leave.State,
}
_KEY = re.compile(r"(?:^|[{,])\s*'?([\w-]+)'?:", re.MULTILINE)


def told(file: str, name: str) -> list[set[str]]:
    """The keys of the table `name`, one set per language."""
    text = (ROOT / "web/src" / file).read_text("utf-8")
    found = re.search(rf"^export const {name} = texts\((.*?\}})\s*,?\s*\)$", text, re.MULTILINE | re.DOTALL)
    assert found, f"{file} has no table {name}"
    return [set(_KEY.findall(language)) for language in re.findall(r"\{[^{}]*\}", found[1])]


@pytest.mark.parametrize(("where", "kind"), WORDS.items(), ids=lambda each: each[1] if isinstance(each, tuple) else "")
def test_the_pages_have_a_word_for_each(where: tuple[str, str], kind: type[StrEnum]) -> None:
    languages = told(*where)
    assert len(languages) == 2
    for keys in languages:
        missing = {str(each) for each in kind} - keys
        assert not missing, f"{where[1]} in web/src/{where[0]} has no word for {', '.join(sorted(missing))}"


def test_dispatch_has_a_word_for_each_of_its_states_and_actions() -> None:
    assert set(wording.STATES) == set(work_orders.State)
    assert set(wording.ACTIONS) == set(work_orders.Action)
