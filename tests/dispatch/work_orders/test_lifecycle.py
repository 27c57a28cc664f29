"""Every state with every action: what happens, who may and what it does to the limits is written here."""

from services.dispatch.work_orders.commands import COMMANDS
from services.dispatch.work_orders.lifecycle import (
    LIFE,
    OF_CALENDAR,
    OF_HAZARD,
    OF_REPORT,
    OF_UNITS,
    OPEN_REQUEST,
    Action,
    Kind,
    State,
    Step,
    roles_of,
)

UNIT = "department_handler grid_worker leader"
AREA = "admin dispatcher"
CHECK = "dispatcher grid_worker supervisor"
DECIDE = "dispatcher supervisor"
EXTEND = "dispatcher leader supervisor"

TABLE = """
pending      assign            assigned     -     AREA    restart  keep
assigned     assign            assigned     -     AREA    restart  keep
assigned     accept            accepted     UNIT  -       fulfil   keep
assigned     return            pending      UNIT  -       restart  keep
accepted     start             in_progress  UNIT  -       keep     keep
accepted     ask-suspension    accepted     UNIT  -       keep     keep
accepted     grant-suspension  suspended    -     DECIDE  keep     suspend
accepted     ask-extension     accepted     UNIT  -       keep     keep
accepted     grant-extension   accepted     -     EXTEND  keep     extend
accepted     decline           accepted     -     EXTEND  keep     keep
in_progress  resolve           resolved     UNIT  -       keep     fulfil
in_progress  ask-suspension    in_progress  UNIT  -       keep     keep
in_progress  grant-suspension  suspended    -     DECIDE  keep     suspend
in_progress  ask-extension     in_progress  UNIT  -       keep     keep
in_progress  grant-extension   in_progress  -     EXTEND  keep     extend
in_progress  decline           in_progress  -     EXTEND  keep     keep
suspended    resume            in_progress  UNIT  AREA    keep     resume
resolved     verify            verified     -     CHECK   keep     keep
resolved     rework            in_progress  -     CHECK   keep     resume
verified     close             closed       -     AREA    keep     keep
"""
"""State, action, state after, who by the lead unit, who by the area, limit to accept, limit to resolve."""


def test_the_table_is_as_decided() -> None:
    names = {"-": "", "UNIT": UNIT, "AREA": AREA, "CHECK": CHECK, "DECIDE": DECIDE, "EXTEND": EXTEND}

    def row(step: Step) -> tuple[str, ...]:
        return step.after, " ".join(sorted(step.roles)), " ".join(sorted(step.area_roles)), step.accept, step.resolve

    expected = {}
    for line in TABLE.strip().splitlines():
        state, action, after, unit, area, accept, resolve = line.split()
        expected[state, action] = (after, names[unit], names[area], accept, resolve)
    assert {(str(state), str(action)): row(step) for (state, action), step in LIFE.moves.items()} == expected


OF_THE_REPORT = """
pending      correct  pending      keep     keep
assigned     correct  assigned     keep     keep
accepted     correct  accepted     keep     keep
in_progress  correct  in_progress  keep     keep
suspended    correct  suspended    keep     keep
resolved     correct  resolved     keep     keep
verified     correct  verified     keep     keep
closed       correct  closed       keep     keep
pending      reroute  assigned     restart  remeasure
assigned     reroute  assigned     restart  remeasure
accepted     reroute  assigned     restart  remeasure
in_progress  reroute  assigned     restart  remeasure
suspended    reroute  assigned     restart  remeasure
pending      recall   pending      restart  remeasure
assigned     recall   pending      restart  remeasure
accepted     recall   pending      restart  remeasure
in_progress  recall   pending      restart  remeasure
suspended    recall   pending      restart  remeasure
closed       reopen   assigned     restart  restart
"""
"""The same, for what happens because it happened to the report: by nobody."""


def test_what_a_report_does_to_its_work_order_is_as_decided_and_no_ones_to_do() -> None:
    rows = {tuple(line.split()) for line in OF_THE_REPORT.strip().splitlines()}
    found = {(s, a, step.after, step.accept, step.resolve) for (s, a), step in OF_REPORT.moves.items()}
    assert found == rows
    assert not any(step.roles | step.area_roles for step in OF_REPORT.moves.values())


OF_THE_HAZARD = """
pending      gain-hazard       pending      keep    keep
assigned     gain-hazard       assigned     keep    keep
accepted     gain-hazard       accepted     keep    keep
in_progress  gain-hazard       in_progress  keep    keep
suspended    gain-hazard       in_progress  keep    keep
pending      hazard-submitted  resolved     fulfil  fulfil
assigned     hazard-submitted  resolved     fulfil  fulfil
accepted     hazard-submitted  resolved     fulfil  fulfil
in_progress  hazard-submitted  resolved     fulfil  fulfil
suspended    hazard-submitted  resolved     fulfil  fulfil
pending      hazard-failed     pending      keep    keep
assigned     hazard-failed     assigned     keep    keep
accepted     hazard-failed     accepted     keep    keep
in_progress  hazard-failed     in_progress  keep    keep
suspended    hazard-failed     suspended    keep    keep
resolved     hazard-failed     in_progress  keep    continue
pending      hazard-passed     closed       fulfil  fulfil
assigned     hazard-passed     closed       fulfil  fulfil
accepted     hazard-passed     closed       fulfil  fulfil
in_progress  hazard-passed     closed       fulfil  fulfil
suspended    hazard-passed     closed       fulfil  fulfil
resolved     hazard-passed     closed       fulfil  fulfil
verified     hazard-passed     closed       fulfil  fulfil
pending      hazard-redated    pending      keep    keep
assigned     hazard-redated    assigned     keep    keep
accepted     hazard-redated    accepted     keep    keep
in_progress  hazard-redated    in_progress  keep    keep
suspended    hazard-redated    suspended    keep    keep
resolved     hazard-redated    resolved     keep    keep
verified     hazard-redated    verified     keep    keep
"""


def test_what_a_hazard_does_to_its_work_order_is_as_decided_and_no_ones_to_do() -> None:
    rows = {tuple(line.split()) for line in OF_THE_HAZARD.strip().splitlines()}
    found = {(s, a, step.after, step.accept, step.resolve) for (s, a), step in OF_HAZARD.moves.items()}
    assert found == rows
    assert not any(step.roles | step.area_roles for step in OF_HAZARD.moves.values())


def test_every_action_but_opening_has_one_command_and_somebody_who_may() -> None:
    followed = {action for life in (OF_REPORT, OF_HAZARD, OF_UNITS, OF_CALENDAR) for _, action in life.moves}
    assert sorted(command.action for command in COMMANDS) == sorted(set(Action) - {Action.OPEN} - followed)
    assert all(roles_of(command.action) for command in COMMANDS)


def test_the_end_is_never_out_of_reach() -> None:
    for state in State:
        reached, more = {state}, {state}
        while more := {step.after for (at, _), step in LIFE.moves.items() if at in reached} - reached:
            reached |= more
        assert State.CLOSED in reached, state


def test_nobody_who_resolves_may_also_close() -> None:
    assert not roles_of(Action.RESOLVE) & roles_of(Action.CLOSE)


def test_what_is_granted_is_what_was_asked_for() -> None:
    assert OPEN_REQUEST[Action.GRANT_SUSPENSION] == {Kind.SUSPENSION}
    assert OPEN_REQUEST[Action.GRANT_EXTENSION] == {Kind.EXTENSION}
    assert OPEN_REQUEST[Action.ASK_SUSPENSION] == OPEN_REQUEST[Action.ASK_EXTENSION] == {None}
