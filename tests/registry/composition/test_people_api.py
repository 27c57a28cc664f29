"""People's facts and the composition of a staff over HTTP: encrypted, for keepers only, on any day, and as Excel."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from services.registry.composition.table import person_facts
from shared.auth.principal import Role
from tests.registry.conftest import Registry
from tests.registry.toy_city import POSTS
from tests.support.workbooks import edited, rows_of

pytestmark = pytest.mark.anyio
FACTS = {"born": "1981-11", "gender": "female", "education": "college"}


@pytest.fixture
async def street(registry: Registry) -> Registry:
    await registry.fill()
    return registry


async def test_what_cannot_be_read_of_one_person_is_said_and_never_written_over(
    street: Registry, tmp_path: Path
) -> None:
    for person in ("P1", "P2"):
        assert (await street.call("PUT", f"/people/{person}/facts", FACTS)).status_code == 200
    async with street.service.database.engine.begin() as connection:
        mine = person_facts.c.person == "P2"
        await connection.execute(sa.update(person_facts).where(mine).values(sealed=person_facts.c.sealed.concat(b"x")))

    async def shown() -> dict[str, Any]:
        return {one["person"]: one for one in (await street.get("/people"))["items"]}

    damaged = (await shown())["P2"]
    assert "损坏" in damaged["unreadable"]["zh"] and damaged["born"] is None
    assert ((await shown())["P1"]["born"], (await shown())["P1"]["unreadable"]) == ("1981-11", None)
    anew = await street.call("PUT", "/people/P2/facts", {"gender": "male"}, if_match="1")
    assert (anew.json()["gender"], anew.json()["unreadable"], anew.json()["version"]) == ("male", None, 2)

    (key,) = tmp_path.rglob("field-*.key")
    kept = key.rename(tmp_path / key.name)
    street.service.api.state.registry.cipher._keys.clear()  # as after a restart that found other keys
    assert key.name in (await shown())["P1"]["unreadable"]["en"]
    refused = await street.call("PUT", "/people/P1/facts", {"gender": "male"}, if_match="1")
    assert (refused.status_code, refused.json()["code"]) == (503, "person_facts_key_missing")
    kept.rename(key)
    assert ((await shown())["P1"]["born"], (await shown())["P1"]["version"]) == ("1981-11", 1)


async def test_facts_are_stated_by_who_keeps_a_post_and_stored_encrypted(street: Registry) -> None:
    path = "/people/P1/facts"
    made = await street.call("PUT", path, FACTS, role=Role.LEADER, unit="R1-S")
    assert (made.status_code, made.json()["version"], made.headers["etag"]) == (200, 1, '"1"')
    assert (await street.call("PUT", path, FACTS | {"gender": "male"})).status_code == 412
    again = await street.call("PUT", path, FACTS | {"education": "bachelor"}, if_match="1")
    assert again.json()["version"] == 2
    trail = (await street.get(f"{path}/trail"))["entries"]
    assert trail[-1]["what"] == {"person": "P1", "changed": ["education"]}
    async with street.service.database.engine.connect() as connection:
        sealed = await connection.scalar(sa.select(person_facts.c.sealed))
    assert sealed is not None and b"1981" not in sealed and b"bachelor" not in sealed
    for role, unit, status in ((Role.LEADER, "R1-S-02", 404), (Role.GRID_WORKER, POSTS[0].unit, 403)):
        assert (await street.call("GET", path, role=role, unit=unit)).status_code == status
    assert (await street.call("PUT", path, {"born": "2020"}, if_match="2")).json()["code"] == "born_invalid"
    await street.assert_trails_hold()


async def test_the_composition_of_any_unit_on_any_day(street: Registry) -> None:
    await street.call("PUT", "/people/P1/facts", FACTS)
    extra = {"person": "P1", "role": "leader", "unit": "R1-S-01", "valid_from": "2026-11-10"}
    assert (await street.call("POST", "/posts", extra)).status_code == 201
    now = await street.get("/composition?area=R1-S-01")
    assert (now["people"], now["posts"], now["concurrent"], now["average_age"]) == (2, 3, 1, 45.0)
    assert {one["kind"]: one["people"] for one in now["by_role"]} == {
        "grid_worker": 1, "leader": 1, "community_secretary": 1,
    }  # fmt: skip
    before = await street.get("/composition?area=R1-S-01&as_of=2026-10-01")
    assert (before["posts"], before["concurrent"], before["average_age"]) == (2, 0, 44.0)
    assert (await street.get("/composition", role=Role.LEADER, unit="R1-S-02"))["people"] == 0
    assert (await street.call("GET", "/composition?area=R9")).status_code == 404
    assert (await street.call("GET", "/composition", role=Role.DISPATCHER, unit="R1-S")).status_code == 403
    book = await street.call("GET", "/composition.xlsx?area=R1-S-01")
    rows = [(*row.values(),) for row in rows_of(book.content)]
    assert ("东塘社区", "岗位 role", "网格员", 1) in [(row[0], *row[2:]) for row in rows]


async def test_a_table_of_people_is_filled_in_and_undoes_nothing_the_second_time(street: Registry) -> None:
    keeper = {"role": Role.LEADER, "unit": "R1-S"}
    await street.call("PUT", "/people/P2/facts", FACTS)
    out = (await street.call("GET", "/people.xlsx", **keeper)).content
    at = next(at for at, row in enumerate(rows_of(out), 2) if row["人员标识"] == "P1")
    filled = edited(out, at, {"出生年月": "1980年5月", "性别": "女"})
    for entered, same in ((1, 2), (0, 3)):
        answer = await street.call("POST", "/people/import", content=filled, **keeper)
        assert answer.json() == {"entered": entered, "changed": 0, "same": same}
    assert (await street.get("/people/P1/facts"))["born"] == "1980-05"
    other = edited(filled, at, {"出生年月": "1979"})
    assert (await street.call("POST", "/people/import", content=other, **keeper)).status_code == 422
