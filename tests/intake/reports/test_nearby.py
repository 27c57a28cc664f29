"""What is open near a point, and what one sent oneself: within the reach, and without anybody's words."""

import pytest

from shared.auth.principal import Role
from tests.intake.conftest import Intake
from tests.support.city import COMMUNITY, ELSEWHERE, GRID, INSIDE, STREET

HERE = {"longitude": 113.05, "latitude": 28.05}


async def near(intake: Intake, role: Role, unit: str, **more: object) -> list[dict[str, object]]:
    return list((await intake.get("/reports/nearby", role=role, unit=unit, **{**HERE, **more}))["items"])


async def test_open_reports_near_a_point_come_nearest_first_without_their_words(intake: Intake) -> None:
    far = await intake.reported("井盖坏了", "far", unit=STREET, point={**INSIDE, "latitude": 28.0515})
    close = await intake.reported("井盖坏了", "close", unit=STREET, point={**INSIDE, "latitude": 28.0503})
    await intake.reported("井盖坏了", "away", unit=STREET, point={**INSIDE, "latitude": 28.06})
    await intake.reported("井盖坏了", "nowhere", unit=STREET)
    items = await near(intake, Role.INTAKE_CLERK, STREET)
    assert [(item["id"], item["distance"]) for item in items] == [(close, 33), (far, 167)]
    assert set(items[0]) == {"id", "number", "status", "category", "distance", "joined", "submitted_at"}
    assert [item["id"] for item in await near(intake, Role.INTAKE_CLERK, STREET, radius=100)] == [close]


async def test_a_grid_worker_looks_around_the_community_and_nobody_further_than_their_reach(intake: Intake) -> None:
    report = await intake.reported("井盖坏了", "k", unit=COMMUNITY, point=INSIDE)
    assert [item["id"] for item in await near(intake, Role.GRID_WORKER, GRID)] == [report]
    assert await near(intake, Role.INTAKE_CLERK, ELSEWHERE) == []
    assert await near(intake, Role.RESIDENT, STREET) == []


async def test_what_is_over_is_not_near(intake: Intake) -> None:
    report = await intake.reported("说不清", "k", unit=STREET, point=INSIDE)
    body = {"decision": "reject", "why": "请向省公路局反映"}
    assert (await intake.post(f"/reports/{report}/triage", body, version=2)).status_code == 200
    assert await near(intake, Role.INTAKE_CLERK, STREET) == []


@pytest.mark.parametrize("query", [{"radius": 0}, {"radius": 2001}, {"latitude": 91}, {"longitude": "nan"}])
async def test_a_circle_that_cannot_be_is_refused(intake: Intake, query: dict[str, object]) -> None:
    headers = intake.caller(Role.INTAKE_CLERK, STREET)
    assert (await intake.client.get("/reports/nearby", params={**HERE, **query}, headers=headers)).status_code == 422


async def test_mine_is_what_i_sent(intake: Intake) -> None:
    mine = await intake.reported("井盖坏了", "mine", role=Role.GRID_WORKER, unit=GRID)
    await intake.reported("井盖坏了", "theirs", unit=GRID)
    assert len((await intake.get("/reports", role=Role.GRID_WORKER, unit=GRID))["items"]) == 2
    items = (await intake.get("/reports", role=Role.GRID_WORKER, unit=GRID, mine="true"))["items"]
    assert [item["id"] for item in items] == [mine]
