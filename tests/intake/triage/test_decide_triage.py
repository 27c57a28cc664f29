"""A person triages: what they may decide, and what is refused without a trace."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from services.intake.reports.lifecycle import Status
from services.intake.reports.report import Report
from services.intake.triage.decide_triage import Decision, decide_triage
from shared.auth.principal import Principal, Role
from shared.errors import Conflict, Forbidden, GridGovError, Invalid, NotFound
from shared.ids import new_id
from tests.intake.conftest import Intake, submission
from tests.support.city import COMMUNITY, COUNTY_URBAN, ELSEWHERE, STREET

CATEGORIES = frozenset({"城乡建设", "民政"})
CLERK = Principal("王", Role.INTAKE_CLERK, STREET)


async def waiting(intake: Intake, key: str = "k") -> UUID:
    (report_id,) = await intake.triaged(submission(key, "说不清是什么事"))
    return report_id


async def decide(intake: Intake, report_id: UUID, caller: Principal = CLERK, **changes: Any) -> Report:
    facts = {"version": 2, "unit": COMMUNITY, "category": "民政", "reject": False, "why": None, **changes}
    async with intake.uow() as uow:
        return await decide_triage(
            Decision(report_id, **facts),
            caller,
            uow,
            tree=await intake.projection.tree(uow.connection),
            categories=CATEGORIES,
        )


async def test_a_decision_is_stored_and_on_the_trail_with_who_and_why(intake: Intake) -> None:
    report_id = await waiting(intake)
    after = await decide(intake, report_id, why="打过电话")
    assert await intake.report(report_id) == after
    assert (after.status, after.version) == (Status.TRIAGED, 3)
    entry = (await intake.trail(report_id))[-1]
    assert (entry["by"], entry["role"], entry["unit"], entry["why"]) == ("王", "intake_clerk", STREET, "打过电话")
    kind, value = (await intake.events())[-1]
    assert (kind, value["unit"], value["category"]) == ("gridgov.report.triaged.v1", COMMUNITY, "民政")
    assert await intake.violations() == ()


async def test_a_rejection_is_told(intake: Intake) -> None:
    report_id = await waiting(intake)
    assert (await decide(intake, report_id, reject=True, why="请向省公路局反映")).status is Status.REJECTED
    kind, value = (await intake.events())[-1]
    assert (kind, value["reason"]) == ("gridgov.report.rejected.v1", "请向省公路局反映")


@pytest.mark.parametrize(
    "caller",
    [
        CLERK,
        Principal("d", Role.DISPATCHER, "A7"),
        Principal("d", Role.DISPATCHER, "A"),
        Principal("a", Role.ADMIN),
    ],
)
async def test_whoever_has_the_report_in_reach_may_decide(intake: Intake, caller: Principal) -> None:
    assert (await decide(intake, await waiting(intake), caller)).status is Status.TRIAGED


REFUSALS: list[Any] = [
    ("no such report", CLERK, {"report_id": new_id()}, NotFound, "report_not_found"),
    ("another street", Principal("x", Role.INTAKE_CLERK, ELSEWHERE), {}, NotFound, "report_not_found"),
    ("below the report's street", Principal("x", Role.INTAKE_CLERK, COMMUNITY), {}, NotFound, "report_not_found"),
    ("no unit and no role that sees all", Principal("x", Role.DISPATCHER), {}, NotFound, "report_not_found"),
    ("an old version", CLERK, {"version": 1}, Conflict, "version_mismatch"),
    ("a version to come", CLERK, {"version": 3}, Conflict, "version_mismatch"),
    ("an unknown unit", CLERK, {"unit": "A7-QT-99"}, Invalid, "area_unknown"),
    ("no unit", CLERK, {"unit": None}, Invalid, "area_unknown"),
    ("a department", CLERK, {"unit": COUNTY_URBAN}, Invalid, "area_unknown"),
    ("a unit outside the caller's part", CLERK, {"unit": ELSEWHERE}, Forbidden, "outside_reach"),
    ("a unit above the caller's part", CLERK, {"unit": "A7"}, Forbidden, "outside_reach"),
    ("an unknown category", CLERK, {"category": "天文"}, Invalid, "category_unknown"),
    ("no category", CLERK, {"category": None}, Invalid, "category_unknown"),
]


@pytest.mark.parametrize("name, caller, changes, kind, code", REFUSALS, ids=[r[0] for r in REFUSALS])
async def test_what_is_refused_changes_nothing(intake: Intake, name, caller, changes, kind, code) -> None:
    report_id = await waiting(intake)
    before = await intake.report(report_id), await intake.counts()
    with pytest.raises(GridGovError) as refused:
        await decide(intake, **{"report_id": report_id, "caller": caller, **changes})
    assert (type(refused.value), refused.value.code) == (kind, code)
    assert (await intake.report(report_id), await intake.counts()) == before


async def test_a_unit_that_was_dissolved_is_no_place_any_more(intake: Intake) -> None:
    report_id = await waiting(intake)
    async with intake.engine.begin() as connection:
        await connection.execute(
            sa.text(
                "WITH next AS (UPDATE intake.units_revision SET revision = revision + 1 RETURNING revision) "
                "UPDATE intake.units u SET valid_to = '2026-11-18', revision = next.revision FROM next WHERE code = :code"
            ),
            {"code": COMMUNITY},
        )
    with pytest.raises(Invalid) as refused:
        await decide(intake, report_id)
    assert refused.value.code == "area_unknown"


async def test_what_does_not_wait_for_a_person_is_refused_with_its_state(intake: Intake) -> None:
    (report_id,) = await intake.triaged(submission("k"))
    with pytest.raises(Conflict) as refused:
        await decide(intake, report_id)
    assert refused.value.code == "report_action_not_possible"
    assert refused.value.data["state"] == "triaged"


async def test_of_two_people_at_once_one_decides_and_the_other_is_told(intake: Intake) -> None:
    report_id = await waiting(intake)
    answers = await asyncio.gather(
        decide(intake, report_id, unit=COMMUNITY), decide(intake, report_id, unit=STREET), return_exceptions=True
    )
    won, lost = sorted(answers, key=lambda answer: isinstance(answer, Exception))
    assert isinstance(won, Report)
    assert isinstance(lost, Conflict)
    assert (lost.code, lost.data) == ("version_mismatch", {"expected": 2, "current": 3})
    assert await intake.report(report_id) == won
    assert await intake.violations() == ()
