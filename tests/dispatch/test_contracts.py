"""Work orders keep the contracts that every aggregate keeps: of their store and of their API."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.dispatch.schema import tables
from services.dispatch.work_orders.store import WorkOrders
from shared.auth.principal import Principal, Role
from shared.clock import SetClock
from tests.dispatch.conftest import Dispatch
from tests.dispatch.work_orders.orders import full
from tests.support.aggregate_contract import CHECKS, Case, Ground
from tests.support.api_contract import API_CHECKS, Api, ApiCase, Who
from tests.support.city import COMMUNITY, ELSEWHERE, STREET, STREET_URBAN

pytestmark = pytest.mark.anyio
CASE = Case(WorkOrders, tables, full)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_the_store(module_engine: AsyncEngine, clock: SetClock, check) -> None:
    await check(Ground(CASE, module_engine, clock))


async def assigned_work_orders(dispatch: Dispatch) -> ApiCase:
    """Four that their unit has not accepted; to accept is the change."""
    orders = [await dispatch.opened() for _ in range(4)]
    path = f"/work-orders/{orders[0].id}"
    return ApiCase(
        one=path,
        many=f"/work-orders?area={COMMUNITY}",
        keeper=Who(Role.DEPARTMENT_HANDLER, STREET_URBAN),
        stranger=Who(Role.DEPARTMENT_HANDLER, ELSEWHERE),
        unfit=Who(Role.DISPATCHER, STREET),
        change=("POST", f"{path}/accept", {}),
        malformed={"result": "已处理"},
    )


@pytest.mark.parametrize("check", API_CHECKS, ids=lambda check: check.__name__)
async def test_the_api(dispatch: Dispatch, check) -> None:
    def token(role: Role, unit: str | None) -> str:
        return dispatch.token(Principal("somebody", role, unit))

    await check(Api(dispatch.client, token), await assigned_work_orders(dispatch))
