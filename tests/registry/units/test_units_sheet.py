"""Units as a table, besides what every ledger keeps: exported as they are found, changed and ended, sent as a form."""

from typing import Any

import httpx2
import pytest

from services.registry.units.import_sheet import MOST
from services.registry.units.sheet import UNITS as LEDGER
from shared.auth.principal import Role
from shared.sheets.write import csv_bytes
from tests.registry.conftest import Registry
from tests.registry.toy_city import WEST
from tests.support.workbooks import rows_of, table

pytestmark = pytest.mark.anyio

HEAD = ["编码", "类型", "名称", "上级编码", "开始日期", "停用日期", "户数", "版本"]
GRID = ["R1-S-02-001", "网格", "西塘社区第1网格", "R1-S-02", "2026年11月1日", "", 120, ""]


def csv(*rows: list[Any]) -> bytes:
    return csv_bytes([HEAD, *rows])


async def send(registry: Registry, content: bytes, **more: Any) -> httpx2.Response:
    return await registry.call("POST", "/units/import", content=content, **more)


async def test_an_export_holds_exactly_what_the_filter_finds(registry: Registry) -> None:
    await registry.fill()
    for query in ("", "?parent=R1-S-01", "?kind=community", "?q=东塘社区第", "?kind=department&parent=R1-S"):
        found = await registry.get(f"/units{query}")
        rows = LEDGER.read((await registry.call("GET", f"/units.xlsx{query}")).content).rows
        assert [row.values["code"] for row in rows] == [item["code"] for item in found["items"]], query
        for row, item in zip(rows, found["items"], strict=True):
            assert (row.values["name"], list(row.values["aliases"]), row.values["version"]) == (
                item["name"], item["aliases"], item["version"],
            )  # fmt: skip
    assert (await registry.call("GET", "/units.xlsx?limit=3")).status_code == 422


async def test_a_table_changes_what_it_says_unless_somebody_else_did_so_before(registry: Registry) -> None:
    await registry.fill()
    changed = ["R1-S-01-001", "网格", "东塘社区第一网格", "R1-S-01", "2020-01-01", "", 301]
    stale = await send(registry, table(HEAD, [*changed, 7]))
    assert stale.status_code == 422 and "刚被别人改过" in str(rows_of(stale.content))
    for told in ({"entered": 0, "changed": 1, "same": 0}, {"entered": 0, "changed": 0, "same": 1}):
        assert (await send(registry, csv([*changed, 1]))).json() == told
    unit = await registry.get("/units/R1-S-01-001")
    assert (unit["name"], unit["households"], unit["version"]) == ("东塘社区第一网格", 301, 2)
    assert unit["boundary"] == WEST, "a table says nothing of boundaries"
    await registry.assert_trails_hold()


async def test_units_and_what_hangs_under_them_end_together(registry: Registry) -> None:
    await registry.fill()
    row = ["R1-S-02", "社区", "西塘社区", "R1-S", "2020-01-01", "", "", ""]
    assert (await send(registry, csv(GRID))).status_code == 200
    ended = [[*one[:5], "2026-11-18", *one[6:]] for one in (row, GRID)]
    assert (await send(registry, csv(*ended))).json()["changed"] == 2


async def test_a_form_with_a_file_is_taken_too(registry: Registry) -> None:
    await registry.fill()
    headers = {"authorization": f"Bearer {registry.token(Role.ADMIN)}"}
    files: Any = {"file": ("单位.csv", csv(GRID), "text/csv")}
    answer = await registry.client.post("/units/import", files=files, headers=headers)
    assert answer.json()["entered"] == 1
    answer = await registry.client.post("/units/import", files={"file": (None, "no file")}, headers=headers)
    assert answer.json()["code"] == "upload_missing"


async def test_what_is_no_table_is_a_problem_and_no_file(registry: Registry) -> None:
    await registry.fill()
    wrong = (b"", "sheet_empty"), (b"PK\x03\x04x", "sheet_damaged"), (b"a,b\n1,2\n", "columns_missing")
    for content, code in wrong:
        answer = await send(registry, content)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await send(registry, b"x" * (33 << 20))).status_code == 413
    answer = await send(registry, csv(*([f"R1-S-02-{at}", *GRID[1:]] for at in range(MOST + 1))))
    assert answer.json()["code"] == "import_too_long"
