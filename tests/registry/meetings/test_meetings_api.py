"""Joint meetings over HTTP: who calls, sees, writes and approves; and that approval is all or nothing, and the end."""

from typing import Any

import pytest

from shared.auth.principal import Role
from tests.registry.conftest import Registry
from tests.support.workbooks import rows_of, table

pytestmark = pytest.mark.anyio

OFFICE = {"role": Role.DEPARTMENT_HANDLER, "unit": "R1-S-D-AJ"}
LEADER = {"role": Role.LEADER, "unit": "R1-S"}
INVITED = {"role": Role.LEADER, "unit": "R1-S-01"}
ELSEWHERE = {"role": Role.LEADER, "unit": "R1-S-02"}
CALL = {
    "unit": "R1-S", "title": "四季度消防联席会议", "starts_at": "2026-11-17T09:00:00+08:00", "place": "三楼会议室",
    "chair": "街道主任", "agenda": ["通报火情", "部署冬防"], "invited": ["R1-S-01", "R1-S-D-AJ"],
}  # fmt: skip
RESOLVED = {"text": "清理楼道杂物", "lead_unit": "R1-S-01", "assisting": "派出所", "deadline": "2026-12-15"}
RECORD = {
    "attendance": [{"unit": "R1-S-01", "person": "李红"}, {"unit": "R1-S-D-AJ", "present": False}],
    "minutes": "会议听取了……", "resolutions": [RESOLVED, RESOLVED | {"text": "全面排查", "lead_unit": "R1-S-D-AJ"}],
}  # fmt: skip


async def call(registry: Registry, **more: Any) -> str:
    await registry.fill()
    answer = await registry.call("POST", "/meetings", CALL | more, **OFFICE)
    assert answer.status_code == 201, answer.text
    return f"/meetings/{answer.json()['id']}"


async def write(registry: Registry, path: str, version: int, **more: Any) -> Any:
    return await registry.call("PUT", f"{path}/record", RECORD | more, **OFFICE, if_match=str(version))


async def approve(registry: Registry, path: str, version: int, caller: Any = LEADER) -> Any:
    return await registry.call("POST", f"{path}/approve", {}, **caller, if_match=str(version))


async def test_who_is_invited_reads_it_and_who_is_not_does_not_know_of_it(registry: Registry) -> None:
    path = await call(registry)
    assert (await registry.get(path, **INVITED))["title"] == CALL["title"]
    assert (await registry.call("GET", path, **ELSEWHERE)).status_code == 404
    changed = await registry.call("PUT", path, CALL | {"place": "二楼"}, **INVITED, if_match="1")
    assert (changed.status_code, changed.json()["code"]) == (403, "meeting_not_yours")


async def test_a_call_whose_answer_was_lost_makes_no_second_meeting(registry: Registry) -> None:
    path = await call(registry)
    again = await registry.call("POST", "/meetings", CALL | {"title": "四季度 消防联席会议"}, **OFFICE)
    number = (await registry.get(path, **OFFICE))["number"]
    assert (again.status_code, again.json()["code"], again.json()["data"]) == (409, "meeting_known", {"number": number})


async def test_approved_minutes_make_each_resolution_an_event_and_do_not_change_any_more(registry: Registry) -> None:
    path = await call(registry)
    assert (await write(registry, path, 1)).json()["state"] == "held"
    shorter = [RESOLVED, RECORD["resolutions"][1] | {"text": "逐户排查"}]
    assert (await write(registry, path, 2, resolutions=shorter)).status_code == 200
    by_office = await registry.call("POST", f"{path}/approve", {}, **OFFICE, if_match="3")
    assert by_office.status_code == 403
    assert (await approve(registry, path, 3, INVITED)).json()["code"] == "meeting_not_yours"
    approved = (await approve(registry, path, 3)).json()
    assert (approved["state"], approved["approved_by"]) == ("approved", "leader@R1-S")
    assert approved["approved_by_name"] is None  # who signs here holds no post
    told = await registry.events(approved["id"])
    assert [(one["lead_unit"], one["due_at"]) for one in told] == [
        ("R1-S-01", "2026-12-15T16:00:00Z"),
        ("R1-S-D-AJ", "2026-12-15T16:00:00Z"),
    ]
    numbers = [one["number"] for one in told]
    assert numbers == [one["number"] for one in approved["resolutions"]] == sorted(set(numbers))
    assert [one["text"] for one in told] == ["清理楼道杂物", "逐户排查"]
    assert (await write(registry, path, 4)).json()["code"] == "meeting_action_not_possible"
    added = await registry.call("POST", f"{path}/add", {"text": "第一条含地下室"}, **OFFICE, if_match="4")
    assert [one["text"] for one in added.json()["addenda"]] == ["第一条含地下室"]
    trail = await registry.get(f"{path}/trail", **LEADER)
    assert [entry["action"] for entry in trail["entries"]] == ["call", "hold", "record", "approve", "add"]


@pytest.mark.parametrize(
    ("resolution", "code", "field"),
    [
        ({"lead_unit": "R1"}, "resolution_lead_unit", "resolutions.1.lead_unit"),
        ({"lead_unit": "R1-S-77"}, "resolution_lead_unit", "resolutions.1.lead_unit"),
        ({"deadline": "2026-11-16"}, "resolution_deadline", "resolutions.1.deadline"),
    ],
)
async def test_work_goes_only_to_who_answers_to_the_meeting_and_in_time(
    registry: Registry, resolution: Any, code: str, field: str
) -> None:
    path = await call(registry)
    answer = await write(registry, path, 1, resolutions=[RESOLVED, RESOLVED | resolution])
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)


async def test_a_deadline_that_passed_before_the_approval_stops_all_of_it(registry: Registry) -> None:
    """The meeting was on the 17th, today is the 18th."""
    path = await call(registry)
    await write(registry, path, 1, resolutions=[RESOLVED, RESOLVED | {"deadline": "2026-11-17"}])
    answer = await approve(registry, path, 2)
    assert (answer.status_code, answer.json()["field"]) == (422, "resolutions.1.deadline")
    meeting = await registry.get(path, **LEADER)
    assert (meeting["state"], await registry.events(meeting["id"])) == ("held", [])


async def test_a_meeting_counts_once_for_the_duty_to_hold_one(registry: Registry) -> None:
    path = await call(registry)
    await registry.apply_plans()
    await write(registry, path, 1)
    await write(registry, path, 2)
    owed = (await registry.get("/duties?unit=R1-S&bearer=unit", **LEADER))["items"]
    [duty] = [one for one in owed if one["duty"] == "joint_meeting"]
    assert duty["last"]["number"] == (await registry.get(path, **LEADER))["number"]
    trail = await registry.get(f"/duties/{duty['id']}/trail", **LEADER)
    assert [entry["action"] for entry in trail["entries"]].count("fulfil") == 1


async def test_a_meeting_is_recorded_after_it_began_by_somebody_who_came(registry: Registry) -> None:
    path = await call(registry, starts_at="2026-11-30T09:00:00+08:00")
    assert (await write(registry, path, 1)).json()["code"] == "meeting_not_yet"
    path = await call(registry)
    nobody = [{"unit": "R1-S-01", "present": False}]
    assert (await write(registry, path, 1, attendance=nobody)).json()["code"] == "meeting_nobody_present"
    await write(registry, path, 1, minutes="")
    assert (await approve(registry, path, 2)).json()["code"] == "meeting_minutes_empty"


HEAD = ("召集单位编码", "会议名称", "召开时间", "地点", "议题", "参会单位编码", "到会情况", "会议纪要", "决议")
PAST = (
    "R1-S", "二季度联席会议", "2026-06-10 09:00", "三楼", "通报火情\n部署夏防", "R1-S-01、R1-S-D-AJ",
    "R1-S-01 李红\nR1-S-D-AJ 缺席", "听取汇报。", "R1-S-01|2026-07-15|派出所|清理楼道",
)  # fmt: skip


async def imported(registry: Registry, *rows: tuple[object, ...]) -> Any:
    return await registry.call("POST", "/meetings/import", content=table(HEAD, *rows), **OFFICE)


async def test_past_meetings_come_from_a_table_once_and_give_nobody_work(registry: Registry) -> None:
    await registry.fill()
    assert (await imported(registry, PAST)).json() == {"entered": 1, "changed": 0, "same": 0}
    named = (
        *PAST[:5],
        "东塘社区、R1-S-D-AJ",
        "东塘社区 李红\nR1-S-D-AJ 缺席",
        PAST[7],
        "柳湾街道东塘社区|2026-07-15|派出所|清理楼道",
    )
    assert (await imported(registry, named)).json() == {"entered": 0, "changed": 0, "same": 1}
    assert (await imported(registry, (*PAST[:7], "另一份纪要", PAST[8]))).status_code == 422
    [listed] = (await registry.get("/meetings?state=approved", **OFFICE))["items"]
    one = await registry.get(f"/meetings/{listed['id']}", **INVITED)
    assert [(r["lead_unit"], r["deadline"], r["number"], r["work_order"]) for r in one["resolutions"]] == [
        ("R1-S-01", "2026-07-15", "", None)
    ]
    assert await registry.events(one["id"]) == []
    for query, found in (("二季度", 1), ("三季度", 0)):
        assert len(rows_of((await registry.call("GET", f"/meetings.xlsx?q={query}", **OFFICE)).content)) == found
