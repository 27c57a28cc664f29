"""Who is locked out is out of all four services: registry tells, each service keeps it and refuses the token."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from services.manifest import SERVICES
from services.registry.accounts.make_account import link_for, make_account, new_account
from shared.auth.cookie import TOKEN_COOKIE
from shared.auth.principal import Principal, Role
from shared.db.housekeeping import Housekeeping
from shared.db.unit_of_work import UnitOfWork
from tests.support.city import STREET
from tests.support.gridgov import GridGov

pytestmark = pytest.mark.anyio
READS = {
    "registry": "/units", "intake": "/reports", "dispatch": "/inbox/counts?below=true", "supervision": "/clocks",
}  # fmt: skip


async def answers(platform: GridGov, token: str) -> dict[str, int]:
    """What each service says to the cookie and to the bearer of the same token: the two must agree."""
    found = {}
    for service, path in READS.items():
        said = {
            (await platform.clients[service].get(path, headers=headers)).status_code
            for headers in ({"cookie": f"{TOKEN_COOKIE}={token}"}, {"authorization": f"Bearer {token}"})
        }
        (found[service],) = said
    return found


async def test_a_lock_ends_the_session_in_every_service_and_is_forgotten_when_its_tokens_are_past(
    platform: GridGov,
) -> None:
    account = new_account("P-lock", "p-lock", "张三", STREET, None)
    keeper = Principal("keeper", Role.ADMIN)
    async with UnitOfWork(platform.services["registry"].database) as uow:
        await make_account(account, keeper, uow)
        _, code = await link_for(account.id, uow, by=keeper.actor())
    registry = platform.clients["registry"]
    entered = await registry.post("/session/link", json={"code": code})
    assert entered.status_code == 200, entered.text
    token = entered.cookies[TOKEN_COOKIE]
    registry.cookies.clear()
    before = await answers(platform, token)
    assert set(before.values()) <= {200, 403}  # who must choose a password first may do little, but is known

    locked = await registry.post(
        f"/accounts/{account.id}/lock", json={}, headers={**platform.caller(Role.ADMIN), "if-match": '"3"'}
    )
    assert locked.status_code == 200, locked.text
    await platform.drain()
    platform.clock.advance(timedelta(seconds=5))
    assert await answers(platform, token) == dict.fromkeys(SERVICES, 401)

    platform.clock.advance(timedelta(minutes=10))
    for service in platform.services.values():
        await Housekeeping(service.database, platform.metrics).forget_ended()
        async with service.database.engine.connect() as connection:
            assert await connection.scalar(sa.select(sa.func.count()).select_from(service.tables.ended_sessions)) == 0
    assert await answers(platform, token) == dict.fromkeys(SERVICES, 401)  # expired by now
