"""Premises over HTTP, and as Excel: who sees and keeps what, nothing entered twice, all of a table or nothing."""

from datetime import timedelta
from typing import Any

import pytest

from shared.auth.principal import Role
from shared.sheets import taking
from tests.registry.conftest import Registry
from tests.support.sheet_contract import PROBLEM
from tests.support.workbooks import edited, rows_of, table

pytestmark = pytest.mark.anyio

BODY = {"name": "泉塘小学", "category": "crowded", "unit": "R1-S-01-001", "address": "一路1号"}
WORKER = {"role": Role.GRID_WORKER, "unit": "R1-S-01-001"}
OFFICE = {"role": Role.DEPARTMENT_HANDLER, "unit": "R1-S-D-AJ"}


async def enter(registry: Registry, caller: Any = WORKER, **more: Any) -> Any:
    answer = await registry.call("POST", "/premises", BODY | more, **caller)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_grid_worker_enters_a_place_and_the_office_that_serves_the_street_sees_it(registry: Registry) -> None:
    await registry.fill()
    made = await enter(registry)
    assert made["number"].startswith("R1-S-C") and made["street"] == "R1-S"
    for caller, seen in (
        (OFFICE, True),
        ({"role": Role.GRID_WORKER, "unit": "R1-S-01-002"}, False),
        ({"role": Role.LEADER, "unit": "R1-S-02"}, False),
        ({"role": Role.LEADER, "unit": "R1-S"}, True),
    ):
        listed = await registry.get("/premises", **caller)
        assert bool(listed["items"]) is seen, caller
        counted = await registry.get("/premises/counts", **caller)
        assert counted["files"] == len(listed["items"])
        assert [one["initials"] for one in listed["items"]] == ["qtxx"] * seen
        for typed, found in (("泉塘", seen), ("qtx", seen), ("txx", seen), ("Quan tang", seen), ("uantang", False)):
            assert bool((await registry.get(f"/premises?q={typed}", **caller))["items"]) is found, typed
        assert (await registry.call("GET", f"/premises/{made['id']}", **caller)).status_code == (200 if seen else 404)


async def test_a_place_outside_the_own_part_is_refused(registry: Registry) -> None:
    await registry.fill()
    answer = await registry.call("POST", "/premises", BODY | {"unit": "R1-S-01-002"}, **WORKER)
    assert (answer.status_code, answer.json()["code"]) == (422, "premises_place_unknown")
    made = await enter(registry)
    moved = await registry.call(
        "PUT", f"/premises/{made['id']}", BODY | {"unit": "R1-S-01-002"}, **WORKER, if_match="1"
    )
    assert moved.status_code == 422


async def test_a_place_with_a_file_is_not_entered_again(registry: Registry) -> None:
    await registry.fill()
    made = await enter(registry)
    again = await registry.call("POST", "/premises", BODY | {"name": "泉塘 小学"}, **OFFICE)
    assert (again.status_code, again.json()["code"]) == (409, "premises_known")
    assert again.json()["data"]["number"] == made["number"]


async def test_stating_anew_wants_the_version_and_leaves_a_trail_without_names(registry: Registry) -> None:
    await registry.fill()
    made = await enter(registry)
    body = BODY | {"manager": "王强", "manager_phone": "138 0000 0000", "people": 20}
    path = f"/premises/{made['id']}"
    assert (await registry.call("PUT", path, body, **OFFICE)).status_code == 428
    done = await registry.call("PUT", path, body, **OFFICE, if_match="1")
    assert (done.status_code, done.headers["etag"]) == (200, '"2"')
    assert (await registry.call("PUT", path, body, **OFFICE, if_match="1")).status_code == 412
    trail = await registry.get(f"{path}/trail", **OFFICE)
    assert [entry["action"] for entry in trail["entries"]] == ["enter", "state"]
    assert "王强" not in str(trail)


HEADER = ("名称", "类别", "所在网格编码", "地址", "统一社会信用代码", "档案号")


async def send(registry: Registry, *rows: tuple[object, ...], content: bytes | None = None) -> Any:
    return await registry.call("POST", "/premises/import", content=content or table(HEADER, *rows), **OFFICE)


ROWS = (
    ("泉塘小学", "人员密集场所", "R1-S-01-001", "一路1号", "91350100M000100Y43", None),
    ("老王饭店", "沿街门店", "R1-S-01-002", "一路2号", None, None),
)


async def test_what_is_exported_comes_back_with_its_number(registry: Registry) -> None:
    """A corrected name is a change of that file, not another place."""
    await registry.fill()
    await send(registry, *ROWS)
    exported = (await registry.call("GET", "/premises.xlsx?category=shop", **OFFICE)).content
    [row] = rows_of(exported)
    renamed = edited(exported, 2, {"名称": "老王大饭店", "每周休息": "星期一、周三"})
    assert (await send(registry, content=renamed)).json() == {"entered": 0, "changed": 1, "same": 0}
    found = {one["name"]: one["id"] for one in (await registry.get("/premises", **OFFICE))["items"]}
    assert set(found) == {"泉塘小学", "老王大饭店"}
    less = ("老王大饭店", *ROWS[1][1:-1], row["档案号"])
    assert (await send(registry, less)).json() == {"entered": 0, "changed": 0, "same": 1}
    kept = await registry.get(f"/premises/{found['老王大饭店']}", **OFFICE)
    assert kept["closed_on"] == [1, 3], "a table without the column"
    again = (await registry.call("GET", "/premises.xlsx", **OFFICE)).content
    assert (await send(registry, content=again)).json() == {"entered": 0, "changed": 0, "same": 2}


async def test_a_number_of_elsewhere_is_refused_as_one_that_nobody_has(registry: Registry) -> None:
    await registry.fill()
    there = await enter(registry, OFFICE, unit="R1-S-01-002")
    said = []
    for number in (there["number"], "R1-S-C999999"):
        row = ("某店", "沿街门店", "R1-S-01-001", "三路", None, number)
        answer = await registry.call("POST", "/premises/import", content=table(HEADER, row), **WORKER)
        [told] = rows_of(answer.content)
        said.append(told[PROBLEM])
    assert said[0] == said[1]
    assert "档案号：没有这个场所" in said[0]


async def test_rows_about_the_same_place_meet_also_where_a_large_table_is_taken_in_parts(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    await registry.fill()
    monkeypatch.setattr(taking, "_PART", 1)
    assert (await send(registry, *ROWS, ROWS[0])).status_code == 422
    assert (await send(registry, *ROWS)).json() == {"entered": 2, "changed": 0, "same": 0}
    found = (await registry.get("/premises", **OFFICE))["items"]
    number = next(one["number"] for one in found if one["name"] == "老王饭店")
    renamed = ("老王大饭店", *ROWS[1][1:-1], number)
    assert (await send(registry, renamed, ROWS[1])).status_code == 422
    assert (await send(registry, renamed, ROWS[0])).json() == {"entered": 0, "changed": 1, "same": 1}


async def test_past_days_show_what_was_true_then_where_it_lay_then(registry: Registry) -> None:
    """A file of the third day, changed on the tenth, moved on the twentieth; and whoever sees it now sees its past."""
    await registry.fill()
    start = registry.clock.now()
    days = [(start + timedelta(days=n)).date().isoformat() for n in range(21)]
    registry.clock.advance(timedelta(days=3))
    made = await enter(registry, OFFICE)
    path = f"/premises/{made['id']}"
    registry.clock.advance(timedelta(days=7))
    await registry.call("PUT", path, BODY | {"name": "泉塘中学"}, **OFFICE, if_match="1")
    registry.clock.advance(timedelta(days=10))
    await registry.call("PUT", path, BODY | {"name": "泉塘中学", "unit": "R1-S-01-002"}, **OFFICE, if_match="2")

    async def told(day: str, **more: str) -> list[tuple[str, str]]:
        query = "&".join(f"{name}={value}" for name, value in {"as_of": day, **more}.items())
        page = await registry.get(f"/premises?{query}", **OFFICE)
        counted = await registry.get(f"/premises/counts?{query}", **OFFICE)
        assert counted["files"] == len(page["items"])
        return [(one["name"], one["unit"]) for one in page["items"]]

    assert await told(days[2]) == []
    assert (await registry.call("GET", f"{path}?as_of={days[2]}", **OFFICE)).status_code == 404
    assert await told(days[9], area="R1-S-01-001") == [("泉塘小学", "R1-S-01-001")]
    assert await told(days[19], area="R1-S-01-001") == [("泉塘中学", "R1-S-01-001")]
    assert await told(days[20], area="R1-S-01-001") == []
    assert [len(await told(days[9], q=typed)) for typed in ("qtxx", "qtzx")] == [1, 0]
    assert (await registry.get(f"{path}?as_of={days[9]}", **OFFICE))["name"] == "泉塘小学"
    future = (start + timedelta(days=30)).date().isoformat()
    assert (await registry.call("GET", f"/premises?as_of={future}", **OFFICE)).json()["code"] == "as_of_in_future"


async def test_what_areas_call_a_key_unit_comes_with_its_source(registry: Registry) -> None:
    told = await registry.get("/premises/kinds", **OFFICE)
    assert all(row["source"] and row["certainty"] in "SW" for row in told["key_units"] + told["small_places"])
    assert {"crowded", "small_place"} < {kind["code"] for kind in told["categories"]}


async def test_a_clerks_table_names_its_grids_and_is_told_what_was_not_read(registry: Registry) -> None:
    await registry.fill()
    told = (
        ("泉塘小学", "人员密集场所", "柳湾街道东塘社区第1网格", "一路1号", " 91350100-m000100y43", None),
        ("老王饭店", "沿街门店", "东塘社区第二网格", "一路2号", "/", None),
        ("合计", "2家", None, None, None, None),
    )
    answer = (await send(registry, *told)).json()
    assert (answer["entered"], [one["zh"] for one in answer["unread"]]) == (2, ["工作表“Sheet”合计、说明等行：4 合计"])
    found = (await registry.get("/premises", **OFFICE))["items"]
    assert sorted(one["unit"] for one in found) == ["R1-S-01-001", "R1-S-01-002"]
    refused = await send(registry, ("某店", "沿街门店", "南塘", "三路", None, None))
    assert "没有叫“南塘”的单位" in str(rows_of(refused.content))
