"""Hazards over HTTP, and as Excel: who sees and enters what, found once, all of a table or nothing."""

from datetime import timedelta
from typing import Any

import pytest

from shared.auth.principal import Role
from shared.sheets import taking
from tests.registry.conftest import Registry
from tests.support.workbooks import edited, rows_of, table

pytestmark = pytest.mark.anyio

BODY = {"unit": "R1-S-01-001", "item": "evacuation", "text": "安全出口堵塞", "rectify_by": "2026-11-25"}
WORKER = {"role": Role.GRID_WORKER, "unit": "R1-S-01-001"}
OFFICE = {"role": Role.DEPARTMENT_HANDLER, "unit": "R1-S-D-AJ"}


async def post(registry: Registry, path: str, body: Any, key: str = "", version: int = 0, **caller: Any) -> Any:
    headers = {"authorization": f"Bearer {registry.token(**(caller or WORKER))}"}
    headers |= {"idempotency-key": key} if key else {}
    headers |= {"if-match": f'"{version}"'} if version else {}
    return await registry.client.post(path, json=body, headers=headers)


async def enter(registry: Registry, key: str, **more: Any) -> Any:
    answer = await post(registry, "/hazards", BODY | more, key)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_the_office_that_serves_the_street_sees_it_and_a_neighbour_does_not(registry: Registry) -> None:
    await registry.fill()
    made = await enter(registry, "k")
    assert made["number"] == "YH-R1-S-20261118-000001"
    assert [one["action"] for one in made["possible"]] == ["submit", "state-sheet", "ask-extension", "add-photos"]
    for caller, seen in (
        (OFFICE, True),
        ({"role": Role.GRID_WORKER, "unit": "R1-S-01-002"}, False),
        ({"role": Role.LEADER, "unit": "R1-S"}, True),
    ):
        listed = await registry.get("/hazards?open=true", **caller)
        assert bool(listed["items"]) is seen
        assert (await registry.get("/hazards/counts", **caller))["total"] == len(listed["items"])
        assert (await registry.call("GET", f"/hazards/{made['id']}/trail", **caller)).status_code == (
            200 if seen else 404
        )


async def test_the_same_key_finds_it_once_and_says_so_for_another(registry: Registry) -> None:
    await registry.fill()
    first, again = await enter(registry, "k"), await enter(registry, "k")
    assert first["id"] == again["id"]
    for other in (
        {"text": "灭火器过期"},
        {"unit": "R1-S-01-002"},
        {"rectify_by": "2026-11-26"},
        {"fixed_on_spot": True},
    ):
        refused = await post(registry, "/hazards", BODY | other, "k")
        assert (refused.status_code, refused.json()["code"]) == (409, "hazard_key_reused"), other


@pytest.mark.parametrize(
    "body, status, code, field",
    [
        ({"unit": "R1-S-02"}, 422, "hazard_unit_unknown", "unit"),
        ({"unit": None}, 422, "hazard_place_missing", "unit"),
        ({"premises_id": "01a208e7-01dc-729b-8e92-4e5f17e1b7c8"}, 422, "premises_unknown", "premises_id"),
        ({"rectify_by": "2026-11-17"}, 422, "hazard_deadline_out_of_range", "rectify_by"),
        ({"item": "roof"}, 422, "validation", "item"),
    ],
)
async def test_what_cannot_be_is_refused_by_its_field(registry: Registry, body, status, code, field) -> None:
    await registry.fill()
    before = await registry.rows()
    answer = await post(registry, "/hazards", BODY | body, "k")
    assert (answer.status_code, answer.json()["code"], answer.json().get("field", field)) == (status, code, field)
    assert await registry.rows() == before


async def test_filters_find_by_number_words_light_and_item(registry: Registry) -> None:
    await registry.fill()
    await enter(registry, "a")
    gas = await enter(registry, "b", item="gas", text="软管老化", rectify_by="2026-12-20")
    registry.clock.advance(timedelta(days=10))
    for query, found in (
        ("q=000002", 1), (f"q={gas['number']}", 1), ("q=软管", 1), ("item=gas", 1), ("light=red", 1),
        ("light=green", 1), ("found_from=2026-11-19", 0), ("area=R1-S-01", 2), ("state=overdue", 0), ("grade=major", 0),
    ):  # fmt: skip
        assert len((await registry.get(f"/hazards?{query}"))["items"]) == found, query
        assert (await registry.get(f"/hazards/counts?{query}"))["total"] == found, query


async def test_who_acts_needs_the_version_that_was_read_and_a_role(registry: Registry) -> None:
    await registry.fill()
    made = await enter(registry, "k")
    path = f"/hazards/{made['id']}"
    sheet = {"measures": "清空通道", "person": "王强", "funds": "500 元"}
    for _ in range(2):  # the answer was lost: the phone sends it again, under its key
        done = await post(registry, f"{path}/state-sheet", sheet, "act-1", version=1, **OFFICE)
        assert (done.status_code, done.headers["etag"], done.json()["sheet"]["funds"]) == (200, '"2"', "500 元")
    other = sheet | {"funds": "800 元"}
    for key, caller, body in (
        ("act-2", OFFICE, sheet),
        ("act-1", WORKER, sheet),
        ("", OFFICE, sheet),
        ("act-1", OFFICE, other),
    ):
        assert (await post(registry, f"{path}/state-sheet", body, key, version=1, **caller)).status_code == 412
    assert (await post(registry, f"{path}/submit", {"result": "已改"}, version=1, **OFFICE)).status_code == 412
    not_theirs = await post(registry, f"{path}/grant-extension", {"why": "同意"}, version=2, **OFFICE)
    assert (not_theirs.status_code, not_theirs.json()["code"]) == (403, "role_not_permitted")
    unfit = await post(registry, f"{path}/grant-extension", {"why": "同意"}, version=2, role=Role.LEADER, unit="R1-S")
    assert (unfit.status_code, unfit.json()["code"]) == (409, "hazard_nothing_asked")
    await registry.assert_trails_hold()


@pytest.mark.parametrize("part", [1, 500])
async def test_the_same_hazard_twice_in_a_table_is_one_also_where_it_is_taken_in_parts(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    monkeypatch.setattr(taking, "_PART", part)
    await registry.fill()
    rows = [("R1-S-01-001", "疏散", "安全出口堵塞", None), ("R1-S-01-001", "灭火器", "压力不足，已换", "是")]
    header = ("所在网格编码", "检查项目", "隐患内容", "当场整改")

    async def sent(*told: tuple[Any, ...]) -> Any:
        return await registry.call("POST", "/hazards/import", content=table(header, *told), **WORKER)

    bad = await sent(*rows, ("R1-S-01-002", "用气", "软管老化", None))
    assert (bad.status_code, (await registry.get("/hazards/counts"))["total"]) == (422, 0)
    assert (await sent(*rows, rows[0])).json() == {"entered": 2, "changed": 0, "same": 1}


async def test_what_is_exported_says_more_and_moves_no_deadline_when_it_comes_back(registry: Registry) -> None:
    await registry.fill()
    place = {"name": "泉塘小学", "category": "crowded", "unit": "R1-S-01-001", "address": "一路1号"}
    premises = (await registry.call("POST", "/premises", place)).json()
    await enter(registry, "a", unit=None, premises_id=premises["id"])
    await enter(registry, "b", fixed_on_spot=True, rectify_by=None)
    exported = (await registry.call("GET", "/hazards.xlsx?open=true")).content
    [row] = rows_of(exported)
    assert (row["场所名称"], row["状态"], row["场所档案号"]) == ("泉塘小学", "整改中", premises["number"])
    later = edited(exported, 2, {"整改期限": "2026-12-31"})
    told = (await registry.call("POST", "/hazards/import", content=later, **WORKER)).json()
    assert told["same"] == 1 and "第 2 行" in told["unread"][0]["zh"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x\0y", "隐患内容：第 2 个字符（U+0000）"), ("x\ufffey", "隐患内容：第 2 个字符（U+FFFE）"),
        ("\u00ad\u034f", "隐患内容：请填写内容"), ("长" * 10_001, "隐患内容：最多 10000 个字符"),
    ],
)  # fmt: skip
async def test_a_table_says_nothing_that_a_form_may_not(registry: Registry, text: str, said: str) -> None:
    await registry.fill()
    head = "所在网格编码,检查项目,隐患内容,判定标准版本,判定要素"
    rows = f"{head}\nR1-S-01-001,疏散,{text},,\n", f"{head}\nR1-S-01-001,疏散,堵塞,{'长' * 101},要素\n"
    answer, edition = [await registry.call("POST", "/hazards/import", content=row.encode(), **WORKER) for row in rows]
    assert answer.status_code == 422
    assert said in answer.text
    assert "判定标准版本：最多 100 个字符" in edition.text


async def test_a_number_of_elsewhere_says_nothing_of_its_hazard(registry: Registry) -> None:
    """Whoever guesses numbers is told the same of those there are, whatever was guessed of them, and of others."""
    await registry.fill()
    there = BODY | {"unit": "R1-S-01-002", "text": "别处的隐患"}
    number = (await post(registry, "/hazards", there, "k", role=Role.ADMIN)).json()["number"]
    header = ("隐患编号", "所在网格编码", "检查项目", "隐患内容", "整改期限")
    told = []
    for guessed, text in ((number, "别处的隐患"), (number, "猜错"), ("YH-X", "没有")):
        content = table(header, (guessed, "R1-S-01-001", "疏散", text, "2026-11-25"))
        answer = await registry.call("POST", "/hazards/import", content=content, **WORKER)
        assert answer.status_code == 422
        told.append(list(rows_of(answer.content)[0].values())[-1])
    assert len(set(told)) == 1
    assert "没有这条隐患" in told[0]
