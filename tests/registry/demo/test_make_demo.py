"""The demo is made by the real handlers: its trails hold, and every part of it shows something."""

import pytest
import sqlalchemy as sa

from services.registry.city.seed import DATA, SEEDING, seed
from services.registry.demo.make_demo import LEADER, STREET, make_demo
from services.registry.duties.seed_plans import seed_plans
from services.registry.hazards.lifecycle import State as HazardState
from services.registry.hazards.table import hazards
from shared.auth.principal import Role
from shared.field_cipher import FieldCipher
from shared.worktime.calendar import china
from tests.registry.conftest import Registry

pytestmark = pytest.mark.anyio


@pytest.mark.slow
async def test_every_part_of_the_street_shows_something_and_its_trails_hold(registry: Registry, tmp_path) -> None:
    async with registry.uow() as uow:
        assert await seed(uow)
        await seed_plans(uow, by=SEEDING)
        files = registry.service.api.state.files
        await make_demo(uow, DATA, FieldCipher(tmp_path / "fields"), china(), files)

    async def shown(path: str) -> list[dict]:
        return (await registry.get(path, role=Role.LEADER, unit=STREET))["items"]

    assert len(await shown("/premises?limit=500")) == 160
    assert {leave["state"] for leave in await shown("/leave?limit=500")} == {
        "asked",
        "granted",
        "declined",
        "withdrawn",
    }
    assert {activity["state"] for activity in await shown("/activities?limit=500")} == {"planned", "held", "cancelled"}
    assert {meeting["state"] for meeting in await shown("/meetings")} == {"called", "held", "approved"}
    assert {duty["light"] for duty in await shown("/duties?limit=500")} >= {"green", "red"}
    assert {inspection["kind"] for inspection in await shown("/inspections?limit=500")} >= {"routine", "spot_check"}
    assert {hazard["state"] for hazard in await shown("/hazards?limit=500")} == {*HazardState} - {HazardState.FOUND}
    listings = {hazard["listing"] for hazard in await shown("/hazards?limit=500&grade=major")}
    assert listings == {"reported", "listed", "declined", "delisted"}
    ended = sa.select(sa.func.count(), sa.func.count().filter(hazards.c.rectify_ended_at <= hazards.c.rectify_due_at))
    async with registry.service.database.engine.connect() as connection:
        put_right, in_time = (await connection.execute(ended.where(hazards.c.rectify_state == "fulfilled"))).one()
    assert 0.8 <= in_time / put_right <= 0.95, (in_time, put_right)
    composition = await registry.get(f"/composition?area={STREET}", role=LEADER.role, unit=STREET)
    assert composition["aged"] > composition["people"] * 0.9
    await registry.assert_trails_hold()
