"""Accounts as Excel, besides what every ledger keeps: in with a link for each, and out who has none."""

import io
from typing import Any

import openpyxl
import pytest

from shared.auth.principal import Role
from tests.registry.accounts.people import Browser, person
from tests.registry.conftest import Registry
from tests.support.sheet_contract import PROBLEM
from tests.support.workbooks import rows_of, table

pytestmark = pytest.mark.anyio
HEADER = ["人员标识", "用户名", "姓名", "手机号", "管理单位"]
KEEPER: Any = {"role": Role.ADMIN, "unit": "R1-S"}


async def sent(registry: Registry, *rows: tuple[Any, ...]) -> Any:
    content = table((*HEADER, "科室"), *rows)
    return await registry.call("POST", "/accounts/import", content=content, **KEEPER)


async def test_an_import_answers_with_a_link_for_each_new_account(registry: Registry) -> None:
    await registry.fill()
    rows = ("P1", "zhang", "张三", "13800138000", "R1-S"), ("P2", "li", "李四", None, "R1-S-01")
    answer = await sent(registry, *rows)
    assert answer.status_code == 200, answer.text
    made = rows_of(answer.content)
    assert [row["用户名"] for row in made] == ["zhang", "li"]
    address, _, code = made[0]["登录链接"].partition("#code=")
    assert address == "http://registry/app/desk/sign-in"
    told = (await Browser(registry.client).ask("POST", "/session/link", {"code": code})).json()
    assert (told["user"], told["must_change"]) == ("zhang", True)
    unread = openpyxl.load_workbook(io.BytesIO(answer.content))["没有读入 unread"]
    assert "科室" in str(unread["A2"].value)
    await registry.assert_trails_hold()


async def test_who_has_an_account_that_says_something_else_is_refused(registry: Registry) -> None:
    await registry.fill()
    await person(registry)
    answer = await sent(registry, ("P1", "zhang", "张三丰", None, "R1-S"))
    assert answer.status_code == 422
    assert "已有账号" in rows_of(answer.content)[0][PROBLEM]


async def test_who_holds_a_post_without_an_account_is_a_table_to_fill_in(registry: Registry) -> None:
    await registry.fill()
    await person(registry)
    answer = await registry.call("GET", "/accounts/without.xlsx", **KEEPER)
    found = [(row["人员标识"], row["用户名"], row["岗位"]) for row in rows_of(answer.content)]
    assert found == [("P2", "p2", "社区书记"), ("P3", "p3", "领导")]


async def test_the_export_is_what_the_filter_shows(registry: Registry) -> None:
    await registry.fill()
    await person(registry)
    await person(registry, "li", person="P2", name="李四", unit="R1-S-01")
    answer = await registry.call("GET", "/accounts.xlsx?q=李", **KEEPER)
    assert [(row["姓名"], row["岗位"], row["状态"]) for row in rows_of(answer.content)] == [
        ("李四", "社区书记", "正常")
    ]
