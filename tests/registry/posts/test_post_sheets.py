"""Posts as Excel: out with a filter and a day, and in, all or nothing and nothing the second time."""

import io
from typing import Any

import httpx2
import openpyxl
import pytest

from shared.auth.principal import Role
from tests.registry.conftest import Registry

pytestmark = pytest.mark.anyio
HEADER = ["人员标识", "岗位", "单位编码", "任职日期", "离任日期"]


@pytest.fixture
async def street(registry: Registry) -> dict[str, str]:
    """The headers of the street's leader."""
    await registry.fill()
    return {"authorization": f"Bearer {registry.token(Role.LEADER, 'R1-S')}"}


def table(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def rows_of(answer: httpx2.Response) -> list[dict[str, Any]]:
    header, *rows = openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    return [dict(zip((str(name).lstrip("*") for name in header), row, strict=True)) for row in rows]


async def test_a_table_gives_and_ends_posts_once(registry: Registry, street: dict[str, str]) -> None:
    content = table(
        ["P1", "网格员", "R1-S-01-001", "2020-01-01", "2026-11-20"],
        ["P8", "网格员", "R1-S-01-001", "2026-11-20", None],
        ["P9", "受理员", "R1-S", None, None],
    )
    first = await registry.client.post("/posts/import", content=content, headers=street)
    assert (first.status_code, first.json()) == (200, {"entered": 2, "changed": 1, "same": 0})
    again = await registry.client.post("/posts/import", content=content, headers=street)
    assert again.json() == {"entered": 0, "changed": 0, "same": 3}
    held = [post["person"] for post in (await registry.get("/posts?unit=R1-S-01-001&as_of=2026-11-20"))["items"]]
    assert held == ["P8"]
    await registry.assert_trails_hold()


async def test_one_bad_row_and_nothing_changes(registry: Registry, street: dict[str, str]) -> None:
    content = table(
        ["P8", "网格员", "R1-S-01-001", None, None],
        ["P9", "网格员", "R1-S-01", None, None],
        ["P9", "管理员", "R1-S", None, None],
        ["P9", "受理员", "R1", None, None],
        ["张三", "村长", "R1-S", None, None],
    )
    before = await registry.rows()
    answer = await registry.client.post("/posts/import", content=content, headers=street)
    assert answer.status_code == 422
    found = [row for row in rows_of(answer) if row["问题 / Problem"]]
    assert [row["单位编码"] for row in found] == ["R1-S-01", "R1-S", "R1", "R1-S"]
    assert len(rows_of(answer)) == 5, "whole, to be mended and sent again"
    assert await registry.rows() == before


async def test_the_export_is_what_the_filter_shows_and_comes_in_again(
    registry: Registry, street: dict[str, str]
) -> None:
    query = {"unit": "R1-S", "below": "true"}
    answer = await registry.client.get("/posts.xlsx", params=query, headers=street)
    shown = rows_of(answer)
    assert {(row["人员标识"], row["岗位"], row["单位名称"]) for row in shown} == {
        ("P1", "网格员", "东塘社区第1网格"), ("P2", "社区书记", "东塘社区"), ("P3", "领导", "柳湾街道"),
    }  # fmt: skip
    again = await registry.client.post("/posts/import", content=answer.content, headers=street)
    assert again.json() == {"entered": 0, "changed": 0, "same": 3}
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cell = next(cell for row in book.active for cell in row if cell.value == "东塘社区第1网格")
    cell.value = "东塘社区第2网格"
    out = io.BytesIO()
    book.save(out)
    other = await registry.client.post("/posts/import", content=out.getvalue(), headers=street)
    assert other.status_code == 422 and "不是同一个" in str(rows_of(other)), "the name alone was changed"
    none = await registry.client.get("/posts.xlsx", params={**query, "as_of": "2019-12-31"}, headers=street)
    assert rows_of(none) == []
    assert (await registry.client.get("/posts/template.xlsx", headers=street)).status_code == 200
