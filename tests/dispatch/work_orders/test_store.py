"""The store of work orders keeps what every versioned store keeps."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.dispatch.schema import tables
from services.dispatch.work_orders.store import WorkOrders
from shared.clock import SetClock
from tests.dispatch.work_orders.orders import full
from tests.support.aggregate_contract import CHECKS, Case, Ground

CASE = Case(WorkOrders, tables, full)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_the_contract(module_engine: AsyncEngine, clock: SetClock, check) -> None:
    await check(Ground(CASE, module_engine, clock))
