"""Clocks keep the contracts that every aggregate keeps: of their store and, since nobody changes them, of reading."""

from datetime import timedelta

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.supervision.clocks.clock import Clock, Level
from services.supervision.clocks.store import Clocks
from services.supervision.schema import tables
from shared.auth.principal import Role
from shared.clock import SetClock
from shared.ids import new_id
from shared.limits import LimitState
from tests.conftest import NOON
from tests.supervision.conftest import ELSEWHERE, Client, Supervision
from tests.supervision.stories import AREA, LEAD, STREET, Story
from tests.support.aggregate_contract import CHECKS, Case, Ground
from tests.support.api_contract import READ_CHECKS, Api, ApiCase, Who

pytestmark = pytest.mark.anyio


def full() -> Clock:
    return Clock(
        id=new_id(), thing="work_order", thing_id=new_id(), name="resolve", number="GD-1", area=AREA, street=STREET,
        unit=LEAD, limit="5wd", started_at=NOON, warn_at=NOON + timedelta(hours=1), due_at=NOON + timedelta(hours=2),
        state=LimitState.FULFILLED, level=Level.WARNED, suspended_at=NOON + timedelta(minutes=1),
        ended_at=NOON + timedelta(minutes=90),
    )  # fmt: skip


CASE = Case(Clocks, tables, full)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_the_store(module_engine: AsyncEngine, clock: SetClock, check) -> None:
    await check(Ground(CASE, module_engine, clock))


@pytest.mark.parametrize("check", READ_CHECKS, ids=lambda check: check.__name__)
async def test_the_api(supervision: Supervision, client: Client, check) -> None:
    await supervision.deliver(*(Story(NOON).last for _ in range(2)))
    case = ApiCase(
        one=f"/clocks/{(await supervision.clocks())[0].id}",
        many="/clocks",
        keeper=Who(Role.SUPERVISOR, STREET),
        stranger=Who(Role.SUPERVISOR, ELSEWHERE),
    )
    transport = httpx2.ASGITransport(app=client.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://supervision") as caller:
        await check(Api(caller, client.token), case)
