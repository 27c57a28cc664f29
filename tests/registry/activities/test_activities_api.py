"""Activities over HTTP and as Excel: planned, held with what came of them, shown in the premises' file, counted once."""

from datetime import timedelta
from typing import Any

import pytest

from shared.auth.principal import Role
from shared.sheets import taking
from tests.registry.conftest import Registry
from tests.support.sheet_contract import PROBLEM
from tests.support.workbooks import rows_of, table

pytestmark = pytest.mark.anyio

OFFICE = {"role": Role.DEPARTMENT_HANDLER, "unit": "R1-S-D-AJ"}
WORKER = {"role": Role.GRID_WORKER, "unit": "R1-S-01-001"}
TRAINING = {
    "kind": "training", "unit": "R1-S-01", "title": "冬季防火培训", "starts_at": "2026-11-09T09:00:00+08:00",
    "details": {"audience": "居民"},
}  # fmt: skip
PUBLICITY = TRAINING | {
    "kind": "publicity", "title": "119 进家庭", "target": "families", "details": {"form": "入户宣传"},
    "outcome": {"people": 120, "departments": ["消防站"], "results": {"materials": 300}},
}  # fmt: skip


async def enter(registry: Registry, body: Any, caller: Any = OFFICE) -> Any:
    answer = await registry.call("POST", "/activities", body, **caller)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_what_is_planned_is_held_with_its_outcome_and_told_once(registry: Registry) -> None:
    await registry.fill()
    made = await enter(registry, TRAINING)
    assert (made["state"], made["outcome"]) == ("planned", None)
    path = f"/activities/{made['id']}"
    body = {"people": 40, "departments": ["派出所"], "results": {"passed": 38}}
    held = (await registry.call("POST", f"{path}/hold", body, **OFFICE, if_match="1")).json()
    assert (held["state"], held["outcome"]) == ("held", body)
    again = await registry.call("POST", f"{path}/hold", body, **OFFICE, if_match="2")
    assert (again.status_code, again.json()["code"]) == (409, "activity_action_not_possible")
    assert [event["people"] for event in await registry.events(made["id"])] == [40]
    counts = await registry.get("/activities/counts", **OFFICE)
    assert (counts["activities"], counts["people"], counts["by_state"]) == (1, 40, {"held": 1})


async def test_one_that_was_held_keeps_what_counted_and_corrects_the_rest(registry: Registry) -> None:
    await registry.fill()
    made = await enter(registry, PUBLICITY)
    assert (made["state"], made["version"]) == ("held", 2)
    path = f"/activities/{made['id']}"
    moved = PUBLICITY | {"starts_at": "2026-11-10T09:00:00+08:00"}
    refused = await registry.call("PUT", path, moved, **OFFICE, if_match="2")
    assert (refused.json()["code"], refused.json()["field"]) == ("activity_held_fixed", "starts_at")
    more = PUBLICITY | {"outcome": PUBLICITY["outcome"] | {"people": 130}}
    assert (await registry.call("PUT", path, more, **OFFICE, if_match="2")).json()["outcome"]["people"] == 130
    trail = await registry.get(f"{path}/trail", **OFFICE)
    assert [entry["action"] for entry in trail["entries"]] == ["plan", "hold", "restate"]


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"unit": "R1-S-02"}, "activity_place_unknown", "unit"),
        ({"target": "schools"}, "activity_target", "target"),
        ({"details": {}}, "cell_missing", "details.audience"),
        ({"details": {"audience": "居民", "scenario": "灭火"}}, "activity_field_of_other_kind", "details.scenario"),
        ({"starts_at": "2029-11-09T09:00:00+08:00"}, "activity_time", "starts_at"),
        ({"starts_at": "2026-12-09T09:00:00+08:00", "outcome": {"people": 1}}, "activity_not_yet", "starts_at"),
    ],
)
async def test_what_cannot_be_is_refused_by_field(registry: Registry, changed: Any, code: str, field: str) -> None:
    await registry.fill()
    caller = {"role": Role.LEADER, "unit": "R1-S-01"}
    answer = await registry.call("POST", "/activities", TRAINING | changed, **caller)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)


async def test_a_drill_at_premises_stands_in_their_file_and_only_here(registry: Registry) -> None:
    await registry.fill()
    place = {"name": "泉塘小学", "category": "crowded", "unit": "R1-S-01-001", "address": "一路1号"}
    premises = (await registry.call("POST", "/premises", place, **WORKER)).json()
    await registry.apply_plans()
    registry.clock.advance(timedelta(days=60))  # whole periods are owed
    drill = {
        "kind": "drill", "premises_id": premises["id"], "title": "疏散演练", "starts_at": "2027-01-05T09:00:00+08:00",
        "details": {"scenario": "疏散"},
        "outcome": {"people": 900, "departments": ["消防站", "派出所"], "results": {"minutes": 4, "lessons": "东门拥堵"}},
    }  # fmt: skip
    made = await enter(registry, drill, WORKER)
    assert (made["unit"], made["premises_name"]) == ("R1-S-01-001", "泉塘小学")
    path = f"/premises/{premises['id']}/file"
    [entry] = (await registry.get(path, **OFFICE))["entries"]
    assert (entry["id"], entry["item"], entry["ledger"]) == (made["id"], "drills", "activities")
    told = {"on": "2027-01-05", "content": "疏散演练", "people": 900, "departments": "消防站、派出所"}
    assert entry["values"] == told
    owed = (await registry.get(f"/duties?premises={premises['id']}", **WORKER))["items"]
    kept = [(one["duty"], one["last"]["number"]) for one in owed if one["last"]]
    assert kept == [("drill", made["number"])]
    by_hand = await registry.call("POST", path, {"item": "drills", "values": told}, **OFFICE)
    assert (by_hand.status_code, by_hand.json()["code"]) == (422, "file_item_of_ledger")


HEADER = (
    "编号",
    "类型",
    "主题",
    "所在单位编码",
    "开始时间",
    "状态",
    "五进对象",
    "参加人数",
    "形式",
    "演练科目",
    "总结与改进",
)
ROWS = (
    (None, "宣传", "119 进家庭", "R1-S-01", "2026-11-09 09:00", "已举行", "进家庭", 120, "入户宣传", None, None),
    (None, "演练", "疏散演练", "R1-S-02", "2026-11-10 09:00", None, None, None, None, "疏散", None),
)


async def send(registry: Registry, *rows: tuple[object, ...], caller: Any = OFFICE) -> Any:
    return await registry.call("POST", "/activities/import", content=table(HEADER, *rows), **caller)


async def test_what_was_planned_is_held_by_a_table(registry: Registry) -> None:
    await registry.fill()
    assert (await send(registry, *ROWS)).json() == {"entered": 2, "changed": 0, "same": 0}
    drill = list(ROWS[1])
    drill[5], drill[7], drill[10] = "已举行", 50, "集合点太远"
    assert (await send(registry, tuple(drill))).json() == {"entered": 0, "changed": 1, "same": 0}
    found = (await registry.get("/activities", role=Role.LEADER, unit="R1-S-02"))["items"]
    assert [one["outcome"]["results"] for one in found] == [{"lessons": "集合点太远"}]


@pytest.mark.parametrize("part", [1, 500])
async def test_what_rows_say_of_the_same_activity_does_not_depend_on_the_parts(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    monkeypatch.setattr(taking, "_PART", part)
    await registry.fill()
    assert (await send(registry, *ROWS)).json() == {"entered": 2, "changed": 0, "same": 0}
    [number] = [one["number"] for one in (await registry.get("/activities?kind=drill"))["items"]]
    renamed = (number, "演练", "夜间疏散演练", *ROWS[1][3:])
    for rows in ((renamed, ROWS[1]), (renamed, (None, *renamed[1:])), (ROWS[1], ROWS[1])):
        answer = await send(registry, ROWS[0], *rows)
        assert answer.status_code == 422
        assert ["第 4 行" in said for row in rows_of(answer.content) if (said := row[PROBLEM])] == [True]
    assert (await send(registry, ROWS[0], renamed)).json() == {"entered": 0, "changed": 1, "same": 1}


async def test_what_was_held_without_its_people_is_refused_at_their_column(registry: Registry) -> None:
    await registry.fill()
    [told] = rows_of((await send(registry, (*ROWS[0][:7], None, *ROWS[0][8:]))).content)
    assert "参加人数：已举行的活动请填写参加人数，如 80" in told[PROBLEM]


async def test_a_number_of_elsewhere_is_refused_as_one_that_nobody_has(registry: Registry) -> None:
    await registry.fill()
    there = await enter(registry, TRAINING | {"unit": "R1-S-02"})
    said = []
    for number in (there["number"], "R1-S-HD999999"):
        row = (number, "演练", "疏散演练", "R1-S-01-001", "2026-11-10 09:00", *[None] * 4, "疏散", None)
        [told] = rows_of((await send(registry, row, caller=WORKER)).content)
        said.append(told[PROBLEM])
    assert said[0] == said[1]
    assert "编号：没有这次活动" in said[0]
