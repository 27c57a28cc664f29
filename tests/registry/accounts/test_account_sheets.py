"""Accounts as Excel: out with a filter, the people without one, and in with a link for each, all or nothing."""

import io
from typing import Any

import httpx2
import openpyxl
import pytest

from shared.auth.principal import Role
from tests.registry.accounts.people import Browser, person
from tests.registry.conftest import Registry

pytestmark = pytest.mark.anyio
HEADER = ["人员标识", "用户名", "姓名", "手机号", "管理单位"]


@pytest.fixture
async def street(registry: Registry) -> dict[str, str]:
    """The headers of the street's administrator."""
    await registry.fill()
    return {"authorization": f"Bearer {registry.token(Role.ADMIN, 'R1-S')}"}


def table(*rows: list[Any], more: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    for row in ([*HEADER, *more], *rows):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def rows_of(answer: httpx2.Response) -> list[dict[str, Any]]:
    header, *rows = openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    return [dict(zip((str(name).lstrip("*") for name in header), row, strict=True)) for row in rows]


async def test_an_import_answers_with_a_link_for_each_new_account(registry: Registry, street: dict[str, str]) -> None:
    content = table(
        ["P1", "zhang", "张三", "13800138000", "R1-S"], ["P2", "li", "李四", None, "R1-S-01"], more=("科室",)
    )
    answer = await registry.client.post("/accounts/import", content=content, headers=street)
    assert answer.status_code == 200, answer.text
    made = rows_of(answer)
    assert [row["用户名"] for row in made] == ["zhang", "li"]
    address, _, code = made[0]["登录链接"].partition("#code=")
    assert address == "http://registry/app/desk/sign-in"
    told = (await Browser(registry.client).ask("POST", "/session/link", {"code": code})).json()
    assert (told["user"], told["must_change"]) == ("zhang", True)
    again = await registry.client.post("/accounts/import", content=content, headers=street)
    assert (again.status_code, rows_of(again)) == (200, [])
    unread = openpyxl.load_workbook(io.BytesIO(again.content))["没有读入 unread"]
    assert "科室" in str(unread["A2"].value)
    await registry.assert_trails_hold()


async def test_one_bad_row_and_nothing_is_made(registry: Registry, street: dict[str, str]) -> None:
    content = table(
        ["P1", "zhang", "张三", None, "R1-S"],
        ["P4", "zhao", "赵六", None, "R1-S"],
        ["P2", "Li Si", "李四", None, "R1-S-01"],
        ["P3", "zhang", "王五", None, "R1-S"],
        ["P5", "sun", "孙七", None, "R1"],
    )
    answer = await registry.client.post("/accounts/import", content=content, headers=street)
    assert answer.status_code == 422
    why = {row["人员标识"]: row["问题 / Problem"] for row in rows_of(answer) if row["问题 / Problem"]}
    assert set(why) == {"P2", "P3", "P4", "P5"}
    assert "管辖范围" in why["P4"]
    assert "用户名" in why["P3"]
    assert (await registry.rows())["accounts"] == 0


async def test_who_has_an_account_that_says_something_else_is_refused(
    registry: Registry, street: dict[str, str]
) -> None:
    await person(registry)
    content = table(["P1", "zhang", "张三丰", None, "R1-S"])
    answer = await registry.client.post("/accounts/import", content=content, headers=street)
    assert answer.status_code == 422
    assert "已有账号" in rows_of(answer)[0]["问题 / Problem"]


async def test_who_holds_a_post_without_an_account_is_a_table_to_fill_in(
    registry: Registry, street: dict[str, str]
) -> None:
    await person(registry)
    answer = await registry.client.get("/accounts/without.xlsx", headers=street)
    found = rows_of(answer)
    assert [(row["人员标识"], row["用户名"], row["岗位"]) for row in found] == [
        ("P2", "p2", "社区书记"),
        ("P3", "p3", "领导"),
    ]


async def test_the_export_is_what_the_filter_shows(registry: Registry, street: dict[str, str]) -> None:
    await person(registry)
    await person(registry, "li", person="P2", name="李四", unit="R1-S-01")
    answer = await registry.client.get("/accounts.xlsx", params={"q": "李"}, headers=street)
    assert [(row["姓名"], row["岗位"], row["状态"]) for row in rows_of(answer)] == [("李四", "社区书记", "正常")]
    assert (await registry.client.get("/accounts/template.xlsx", headers=street)).status_code == 200
