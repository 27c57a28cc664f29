"""The first accounts, and the links with which a start greets the people of the city."""

import shutil
from pathlib import Path

import pytest

from gridgov.operations.sign_in_links import first_people, link_of, links_for
from services.registry.city.import_city import City
from services.registry.city.people import people_of
from services.registry.city.seed import DATA, seed
from services.registry.units.kinds import Kind
from shared.auth.principal import Role
from shared.errors import Forbidden, NotFound
from tests.registry.accounts.people import Browser
from tests.registry.conftest import Registry
from tests.registry.toy_city import state

pytestmark = pytest.mark.anyio
ROLES = {
    "admin": Role.ADMIN, "caishanhua": Role.GRID_WORKER, "qiujianhua": Role.GRID_WORKER,
    "lixiaoyun": Role.INTAKE_CLERK, "zengfang": Role.DISPATCHER, "dengjuanliang": Role.DEPARTMENT_HANDLER,
    "heliangming": Role.SUPERVISOR, "weicheng": Role.LEADER, "fangyuanzhi": Role.LEADER,
    "xiongwei": Role.POLICE_LIAISON,
}  # fmt: skip


async def test_each_link_of_a_start_signs_one_of_the_sample_people_in(registry: Registry) -> None:
    await registry.service.seed()
    links = await links_for(first_people(None), registry.service.database)
    found = {}
    for person, path in links:
        entry, _, code = path.partition("#code=")
        assert entry == f"/app/{person.entry}/sign-in"
        told = await Browser(registry.client).ask("POST", "/session/link", {"code": code, "device": person.entry})
        found[person.user] = told.json()["role"]
        assert told.json()["must_change"] is False
    assert found == ROLES


async def test_a_city_of_its_own_starts_with_the_administrator_alone(registry: Registry, tmp_path: Path) -> None:
    for name in ("units.json", "posts.json"):
        shutil.copy(DATA / name, tmp_path)
    async with registry.uow() as uow:
        await seed(uow, tmp_path)
    assert (await registry.rows())["accounts"] == len(people_of(tmp_path)) == 1
    assert [person.user for person in first_people(tmp_path)] == ["admin"]


async def test_who_belongs_to_a_unit_that_is_not_there_gets_no_account(registry: Registry) -> None:
    await registry.fill(City([state("X", Kind.CITY)]))
    await registry.service.seed()
    assert (await registry.rows())["accounts"] == 1
    assert [link.person.user for link in await links_for(first_people(None), registry.service.database)] == ["admin"]


async def test_a_link_is_for_somebody_who_may_sign_in(registry: Registry) -> None:
    await registry.service.seed()
    with pytest.raises(NotFound):
        await link_of("nobody", "desk", registry.service.database)
    page = await registry.get("/accounts?q=weicheng")
    (found,) = page["items"]
    await registry.call("POST", f"/accounts/{found['id']}/lock", {}, if_match=found["version"])
    with pytest.raises(Forbidden):
        await link_of("weicheng", "board", registry.service.database)
