"""Every state of a hazard with every action: what happens, who may, and what it does to the limits is written here."""

from services.registry.hazards.commands import COMMANDS
from services.registry.hazards.lifecycle import LIFE, OPEN, Action, State, Step
from services.registry.hazards.wording import ACTIONS, STATES

NAMES = {
    "-": "",
    "INSPECT": "admin department_handler grid_worker leader police_liaison supervisor",
    "PHOTO": "admin department_handler grid_worker leader police_liaison safety_manager supervisor",
    "RECTIFY": "department_handler grid_worker leader safety_manager",
    "OFFICE": "department_handler leader supervisor",
    "DECIDE": "leader supervisor",
}
TABLE = """
found                  fix-on-spot      fixed_on_spot          -        keep      keep     keep
found                  order            rectifying             -        keep      keep     keep
rectifying             submit           awaiting_reinspection  RECTIFY  fulfil    keep     keep
overdue                submit           awaiting_reinspection  RECTIFY  fulfil    keep     keep
transferred            submit           awaiting_reinspection  RECTIFY  fulfil    keep     keep
awaiting_reinspection  pass             rectified              INSPECT  keep      stop     keep
awaiting_reinspection  fail             rectifying             INSPECT  continue  restart  keep
rectifying             state-sheet      rectifying             RECTIFY  keep      keep     keep
overdue                state-sheet      overdue                RECTIFY  keep      keep     keep
transferred            state-sheet      transferred            RECTIFY  keep      keep     keep
rectifying             ask-extension    rectifying             RECTIFY  keep      keep     keep
overdue                ask-extension    overdue                RECTIFY  keep      keep     keep
rectifying             grant-extension  rectifying             DECIDE   keep      keep     keep
overdue                grant-extension  rectifying             DECIDE   keep      keep     keep
rectifying             decline-extension   rectifying             DECIDE   keep      keep     keep
overdue                decline-extension   overdue                DECIDE   keep      keep     keep
rectifying             lapse            overdue                -        keep      keep     keep
overdue                transfer         transferred            OFFICE   keep      keep     keep
transferred            recheck          transferred            INSPECT  keep      restart  keep
rectifying             add-photos       rectifying             PHOTO    keep      keep     keep
overdue                add-photos       overdue                PHOTO    keep      keep     keep
transferred            add-photos       transferred            PHOTO    keep      keep     keep
awaiting_reinspection  add-photos       awaiting_reinspection  PHOTO    keep      keep     keep
rectifying             judge-major      rectifying             OFFICE   keep      keep     keep
overdue                judge-major      overdue                OFFICE   keep      keep     keep
transferred            judge-major      transferred            OFFICE   keep      keep     keep
awaiting_reinspection  judge-major      awaiting_reinspection  OFFICE   keep      keep     keep
rectifying             report           rectifying             OFFICE   keep      keep     keep
overdue                report           overdue                OFFICE   keep      keep     keep
transferred            report           transferred            OFFICE   keep      keep     keep
awaiting_reinspection  report           awaiting_reinspection  OFFICE   keep      keep     keep
rectifying             list             rectifying             DECIDE   keep      keep     fulfil
overdue                list             overdue                DECIDE   keep      keep     fulfil
transferred            list             transferred            DECIDE   keep      keep     fulfil
awaiting_reinspection  list             awaiting_reinspection  DECIDE   keep      keep     fulfil
rectifying             decline-listing  rectifying             DECIDE   keep      keep     fulfil
overdue                decline-listing  overdue                DECIDE   keep      keep     fulfil
transferred            decline-listing  transferred            DECIDE   keep      keep     fulfil
awaiting_reinspection  decline-listing  awaiting_reinspection  DECIDE   keep      keep     fulfil
rectified              decline-listing  rectified              DECIDE   keep      keep     fulfil
rectified              delist           rectified              DECIDE   keep      keep     keep
rectifying             have-order       rectifying             -        keep      keep     keep
overdue                have-order       overdue                -        keep      keep     keep
transferred            have-order       transferred            -        keep      keep     keep
awaiting_reinspection  have-order       awaiting_reinspection  -        keep      keep     keep
rectified              have-order       rectified              -        keep      keep     keep
rectified              reopen           rectifying             -        restart   keep     keep
"""
"""State, action, state after, who, and what it does to `rectify`, `recheck` and `listing`."""


def test_the_table_is_as_decided() -> None:
    def row(step: Step) -> tuple[str, ...]:
        return step.after, " ".join(sorted(step.roles)), step.rectify, step.recheck, step.listing

    expected = {}
    for line in TABLE.strip().splitlines():
        state, action, after, who, *effects = line.split()
        expected[state, action] = (after, NAMES[who], *effects)
    assert {(str(state), str(action)): row(step) for (state, action), step in LIFE.moves.items()} == expected


def test_only_a_passed_reinspection_closes_what_was_not_fixed_on_the_spot() -> None:
    closing = {action for (state, action), step in LIFE.moves.items() if state in OPEN and step.after not in OPEN}
    assert closing == {Action.PASS}


def test_every_action_of_people_has_one_command_and_every_word_is_there() -> None:
    by_people = {action for action in Action if LIFE.roles_of(action)}
    assert sorted(command.action for command in COMMANDS) == sorted(by_people)
    assert (set(STATES), set(ACTIONS)) == (set(State), set(Action))
