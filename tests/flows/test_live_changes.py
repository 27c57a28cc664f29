"""One report, watched in all four services: each tells what it does, to who may know."""

import pytest

from shared.auth.principal import Role
from tests.support.city import COMMUNITY, ELSEWHERE, INSIDE, STREET
from tests.support.gridgov import GridGov
from tests.support.watching import watching

pytestmark = pytest.mark.anyio


async def test_every_service_tells_what_it_does(platform: GridGov) -> None:
    here, there = platform.caller(Role.LEADER, STREET), platform.caller(Role.LEADER, ELSEWHERE)
    apps = {name: service.api for name, service in platform.services.items()}
    async with (
        watching(apps["intake"], here) as intake,
        watching(apps["dispatch"], here) as dispatch,
        watching(apps["dispatch"], there) as elsewhere,
        watching(apps["supervision"], here) as supervision,
        watching(apps["registry"], here) as registry,
    ):
        report = (await platform.report("路边井盖不见了", "watched", point=INSIDE)).json()["id"]
        await platform.drain()
        order = await platform.work_order(report)
        # When it came nobody knew yet where it belongs: the hotline has no unit.
        told = await intake.some(2)
        assert [change["action"] for change in told] == ["triage", "dispatch"]
        assert {change["id"] for change in told} == {report}
        opened = (await dispatch.some(1))[0]
        assert opened == {"kind": "work_order", "id": order["id"], "version": 1, "action": "open", "street": STREET}
        assert {change["kind"] for change in await supervision.some(2)} == {"clock"}
        post = await platform.clients["registry"].post(
            "/posts", json={"person": "li-si", "role": "community_secretary", "unit": COMMUNITY},
            headers=platform.caller(Role.ADMIN),
        )  # fmt: skip
        assert (await registry.some(1))[0]["id"] == post.json()["id"]
        assert await elsewhere.nothing(0.4)
