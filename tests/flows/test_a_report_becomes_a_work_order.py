"""Post, drain, assert: from a resident's words to the duty of one unit."""

from tests.support.city import GRID, INSIDE, STREET_URBAN
from tests.support.gridgov import GridGov


async def test_exactly_one_work_order_for_the_nearest_department(platform: GridGov) -> None:
    report = await platform.reported("路边井盖不见了", "k-1", point=INSIDE)
    order = await platform.work_order(report)
    assert (order["area"], order["lead_unit"], order["state"]) == (GRID, STREET_URBAN, "assigned")
    assert await platform.trail_violations() == []
