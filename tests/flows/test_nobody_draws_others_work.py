"""The two attacks, end to end: a grid over another street's place, a department that serves another street.

Refused where they are tried, by form and by table, reports and work orders go where they went; what the unit above both
approved is followed by every service.
"""

from typing import Any

import httpx2
import pytest

from shared.auth.principal import Role
from tests.support.city import COMMUNITY, GRID, INSIDE, STREET, STREET_URBAN
from tests.support.gridgov import GridGov
from tests.support.sheet_contract import PROBLEM
from tests.support.workbooks import rows_of, table

pytestmark = pytest.mark.anyio

THIEF = "A7-QX"
"""A street of the same county, whose leader tries."""
PLACE = {
    "type": "Polygon",
    "coordinates": [[[113.04, 28.04], [113.06, 28.04], [113.06, 28.06], [113.04, 28.06], [113.04, 28.04]]],
}
SINCE = "2026-01-01"


async def put(platform: GridGov, code: str, *, role: Role = Role.LEADER, unit: str | None = THIEF, **facts: Any) -> int:
    answer = await platform.clients["registry"].put(
        f"/units/{code}", json={"valid_from": SINCE, **facts}, headers=platform.caller(role, unit)
    )
    await platform.drain()
    return answer.status_code


async def second_street(platform: GridGov) -> None:
    for code, kind, parent in ((THIEF, "street", "A7"), (f"{THIEF}-01", "community", THIEF)):
        made = await put(platform, code, role=Role.ADMIN, unit=None, kind=kind, name=f"{code}单位", parent=parent)
        assert made == 201


async def led(platform: GridGov, key: str) -> tuple[str, str | None]:
    """Area and lead of a work order for a report at the place that both want."""
    order = await platform.work_order(await platform.reported("路边井盖不见了", key, point=INSIDE))
    return order["place"]["area"], order["lead_unit"]


def sheet(*rows: tuple[str, ...]) -> bytes:
    return table(("编码", "类型", "名称", "上级编码", "职责", "服务区域", "别名", "开始日期"), *rows)


async def send(platform: GridGov, content: bytes) -> httpx2.Response:
    return await platform.clients["registry"].post(
        "/units/import", content=content, headers=platform.caller(Role.LEADER, THIEF)
    )


async def test_a_street_draws_neither_reports_nor_work_orders_of_another(own_platform: GridGov) -> None:
    platform = own_platform
    await second_street(platform)
    assert await led(platform, "before") == (GRID, STREET_URBAN)

    office = {"kind": "department", "name": "城建办", "parent": THIEF, "functions": ["urban_rural"]}
    over = await put(platform, f"{THIEF}-01-001", kind="grid", name="第1网格", parent=f"{THIEF}-01", boundary=PLACE)
    assert over == 422
    for name, area in (("CJ", STREET), ("C2", GRID), ("C3", "A7")):
        assert await put(platform, f"{THIEF}-D-{name}", **office, serves=[area]) == 403, area
    for alias in ("星湖社区", "星湖社区东门"):
        named = await put(
            platform, f"{THIEF}-01-002", kind="grid", name="第2网格", parent=f"{THIEF}-01", aliases=[alias]
        )
        assert named == 403, alias
    refused = await send(
        platform,
        sheet(
            (f"{THIEF}-D-CJ", "职能部门", "城建办", THIEF, "urban_rural", STREET, "", SINCE),
            (f"{THIEF}-01-002", "网格", "第2网格", f"{THIEF}-01", "", "", "星湖社区", SINCE),
            (GRID, "网格", "第1网格", f"{THIEF}-01", "", "", "", "2020-01-01"),
        ),
    )
    assert refused.status_code == 422
    problems = [str(row[PROBLEM]) for row in rows_of(refused.content)]
    assert len(problems) == 3
    assert all("变更申请" in problem or "管辖范围" in problem or "边界" in problem for problem in problems), problems
    await platform.drain()
    assert await led(platform, "after") == (GRID, STREET_URBAN)
    named = await platform.work_order(await platform.reported("星湖社区东门井盖坏了", "named"))
    assert named["place"]["area"] == COMMUNITY


async def test_what_the_unit_above_both_approved_is_followed_by_all(own_platform: GridGov) -> None:
    platform = own_platform
    await second_street(platform)
    registry = platform.clients["registry"]
    office = {"kind": "department", "name": "城建办", "parent": THIEF, "functions": ["urban_rural"]}
    change = {"code": f"{THIEF}-D-CJ", "unit": {**office, "serves": [GRID], "valid_from": SINCE}}
    proposed = await registry.post(
        "/proposals", json={"changes": [change], "why": "代管"}, headers=platform.caller(Role.LEADER, THIEF)
    )
    assert proposed.status_code == 201, proposed.text
    assert proposed.json()["decided_in"] == "A7"
    await platform.drain()
    assert await led(platform, "proposed") == (GRID, STREET_URBAN)
    approve = f"/proposals/{proposed.json()['id']}/approve"
    for unit, status in ((THIEF, 403), (STREET, 403), ("A7", 200)):
        headers = {**platform.caller(Role.LEADER, unit, f"leader-{unit}"), "if-match": '"1"'}
        assert (await registry.post(approve, json={}, headers=headers)).status_code == status, unit
    await platform.drain()
    assert await led(platform, "approved") == (GRID, f"{THIEF}-D-CJ")
    assert await platform.trail_violations() == []
