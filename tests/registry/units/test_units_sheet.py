"""Units as a table: exported as they are found, imported all or nothing, with the reach and the rules of a PUT."""

import io
from typing import Any

import httpx2
import openpyxl
import pytest

from services.registry.units.import_sheet import MOST
from services.registry.units.sheet import UNITS as LEDGER
from shared.auth.principal import Role
from shared.sheets.write import csv_bytes
from tests.registry.conftest import Registry
from tests.registry.toy_city import UNITS, WEST

pytestmark = pytest.mark.anyio

HEAD = ["编码", "类型", "名称", "上级编码", "开始日期", "停用日期", "户数", "版本"]
GRID = ["R1-S-02-001", "网格", "西塘社区第1网格", "R1-S-02", "2026年11月1日", "", 120, ""]


def table(*rows: list[Any], head: list[str] = HEAD) -> bytes:
    return csv_bytes([head, *rows])


async def send(
    registry: Registry, content: bytes, role: Role = Role.ADMIN, unit: str | None = None, **more: Any
) -> httpx2.Response:
    headers = {"authorization": f"Bearer {registry.token(role, unit)}"} | more.pop("headers", {})
    return await registry.client.post("/units/import", content=content or None, headers=headers, **more)


async def exported(registry: Registry, query: str = "") -> bytes:
    answer = await registry.call("GET", f"/units.xlsx{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment")
    return answer.content


def refused(answer: httpx2.Response) -> list[list[Any]]:
    """The rows of the file that came back, header first."""
    assert answer.status_code == 422
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


async def test_an_export_holds_exactly_what_the_filter_finds(registry: Registry) -> None:
    await registry.fill()
    for query in ("", "?parent=R1-S-01", "?kind=community", "?q=东塘社区第", "?kind=department&parent=R1-S"):
        found = await registry.get(f"/units{query}")
        rows = LEDGER.read(await exported(registry, query)).rows
        assert [row.values["code"] for row in rows] == [item["code"] for item in found["items"]], query
        for row, item in zip(rows, found["items"], strict=True):
            assert (row.values["name"], list(row.values["aliases"]), row.values["version"]) == (
                item["name"], item["aliases"], item["version"],
            )  # fmt: skip
    assert (await registry.call("GET", "/units.xlsx?limit=3")).status_code == 422


async def test_an_export_sent_back_changes_nothing(registry: Registry) -> None:
    await registry.fill()
    before = await registry.rows()
    answer = await send(registry, await exported(registry))
    assert answer.json() == {"entered": 0, "changed": 0, "same": len(UNITS)}
    assert await registry.rows() == before


async def test_an_import_registers_and_changes_and_the_second_time_nothing(registry: Registry) -> None:
    await registry.fill()
    changed = ["R1-S-01-001", "网格", "东塘社区第一网格", "R1-S-01", "2020-01-01", "", 301, 1]
    content = table(["R1-S-03-001", "网格", "新网格", "R1-S-03", "2026-11-02", "", "", ""],
                    ["R1-S-03", "社区", "新社区", "R1-S", "2026-11-01", "", "", ""], changed)  # fmt: skip
    answer = await send(registry, content)
    assert answer.json() == {"entered": 2, "changed": 1, "same": 0}, answer.text
    unit = await registry.get("/units/R1-S-01-001")
    assert (unit["name"], unit["households"], unit["version"]) == ("东塘社区第一网格", 301, 2)
    assert unit["boundary"] == WEST, "a table says nothing of boundaries"
    assert (await registry.get("/units/R1-S-03-001"))["valid_from"] == "2026-11-02"
    assert (await send(registry, content)).json() == {"entered": 0, "changed": 0, "same": 3}
    await registry.assert_trails_hold()


async def test_one_bad_row_and_nothing_is_done(registry: Registry) -> None:
    await registry.fill()
    before = await registry.rows()
    answer = await send(
        registry,
        _xlsx(
            [HEAD, GRID, ["R1-S-02-002", "网格", "甲", "R1-S-02", "2026-11-01", "", "", ""],
             ["R1-S-02-003", "小区", "第3网格", "R1-S-02", "昨天", "", -1, ""],
             ["X9", "网格", "第4网格", "R1-S-02", "2026-11-01", "", "", ""],
             ["R1-S-01-002", "网格", "改名网格", "R1-S-01", "2020-01-01", "", "", 7]]
        ),
    )  # fmt: skip
    rows = refused(answer)
    assert rows[0] == [*HEAD, "问题 / Problem"]
    assert len(rows) == 6, "whole, to be mended and sent again"
    rows = [row for row in rows if row[-1]]
    assert [row[0] for row in rows[1:]] == ["R1-S-02-002", "R1-S-02-003", "X9", "R1-S-01-002"]
    for row, words in zip(rows[1:], ("名称", "只能选", "R1-S-02 开头", "刚被别人改过"), strict=True):
        assert words in row[-1]
    assert "开始日期：不是能读懂的日期" in rows[2][-1]
    assert await registry.rows() == before


def _xlsx(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def test_a_table_can_do_nothing_that_a_put_could_not(registry: Registry) -> None:
    await registry.fill()
    other = ["R1-T", "街道", "别的街道", "R1", "2026-11-01", "", "", ""]
    answer = await send(registry, _xlsx([HEAD, GRID, other]), Role.LEADER, "R1-S")
    (row,) = [row for row in refused(answer)[1:] if row[-1]]
    assert row[0] == "R1-T"
    assert "不在您的管辖范围" in row[-1]
    assert (await registry.call("GET", f"/units/{GRID[0]}")).status_code == 404
    assert (await send(registry, table(GRID), Role.LEADER, "R1-S")).json()["entered"] == 1
    for role in (Role.RESIDENT, Role.GRID_WORKER, Role.DISPATCHER):
        assert (await send(registry, table(GRID), role, "R1-S")).status_code == 403
    assert (await registry.client.post("/units/import", content=b"x")).status_code == 401


async def test_units_and_what_hangs_under_them_end_together(registry: Registry) -> None:
    await registry.fill()
    row = ["R1-S-02", "社区", "西塘社区", "R1-S", "2020-01-01", "", "", ""]
    assert (await send(registry, table(GRID))).status_code == 200
    ended = [[*one[:5], "2026-11-18", *one[6:]] for one in (row, GRID)]
    assert (await send(registry, table(*ended))).json()["changed"] == 2


async def test_a_form_with_a_file_is_taken_too(registry: Registry) -> None:
    await registry.fill()
    form = {"files": {"file": ("单位.csv", table(GRID), "text/csv")}}
    assert (await send(registry, b"", **form)).json()["entered"] == 1
    answer = await send(registry, b"", files={"file": (None, "no file")})
    assert answer.json()["code"] == "upload_missing"


async def test_what_is_no_table_is_a_problem_and_no_file(registry: Registry) -> None:
    await registry.fill()
    for content, code in (
        (b"", "sheet_empty"),
        (b"PK\x03\x04x", "sheet_damaged"),
        (b"a,b\n1,2\n", "columns_missing"),
    ):
        answer = await send(registry, content)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await send(registry, b"x" * (33 << 20))).status_code == 413
    answer = await send(registry, table(*([f"R1-S-02-{at}", *GRID[1:]] for at in range(MOST + 1))))
    assert answer.json()["code"] == "import_too_long"


async def test_the_template_is_filled_in_and_sent(registry: Registry) -> None:
    await registry.fill()
    answer = await registry.call("GET", "/units/template.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    assert sheet.data_validations.dataValidation
    names = {str(cell.value).lstrip("*"): cell.column for cell in sheet[1]}
    for name, value in zip(HEAD, GRID, strict=True):
        sheet.cell(3, names[name], value)
    out = io.BytesIO()
    book.save(out)
    assert (await send(registry, out.getvalue())).json() == {"entered": 1, "changed": 0, "same": 0}
