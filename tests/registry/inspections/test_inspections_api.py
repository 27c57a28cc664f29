"""Inspections over HTTP: sent once, with signatures, hazards and duties; seen by whose it is; and as Excel."""

from typing import Any

import pytest

from services.registry.city.import_city import City
from services.registry.units.kinds import Kind
from shared.auth.principal import Role
from tests.registry.accounts.people import person
from tests.registry.conftest import Registry
from tests.registry.toy_city import POSTS, UNITS, post, state
from tests.shared.files.pictures import picture
from tests.support.api_contract import READ_CHECKS, Api, ApiCase, Who
from tests.support.tus import uploaded
from tests.support.workbooks import edited, rows_of, table

pytestmark = pytest.mark.anyio

WORKER: Any = {"role": Role.GRID_WORKER, "unit": "R1-S-01-001"}
OFFICE: Any = {"role": Role.DEPARTMENT_HANDLER, "unit": "R1-S-D-AJ"}
NEIGHBOUR: Any = {"role": Role.GRID_WORKER, "unit": "R1-S-01-002"}
PLACE = {"name": "泉塘小学", "category": "shop", "unit": "R1-S-01-001", "address": "一路1号"}
GAS = "6"


async def shop(registry: Registry) -> Any:
    await registry.fill(City(UNITS, (*POSTS, post("grid_worker@R1-S-01-001", "grid_worker", "R1-S-01-001"))))
    answer = await registry.call("POST", "/premises", PLACE, **WORKER)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def file_of(registry: Registry, caller: Any = WORKER) -> str:
    who = {"authorization": f"Bearer {registry.token(caller['role'], caller['unit'])}"}
    return await uploaded(registry.client, who, picture())


def body(place: Any, failed: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    answers = [{"question": str(no), "verdict": "fail" if str(no) in failed else "pass"} for no in range(1, 8)]
    made = {"kind": "routine", "checklist": "seven_items", "checklist_version": 1, "answers": answers,
            "made_at": "2026-11-17T15:00:00+08:00", "premises_id": place["id"]}  # fmt: skip
    return made | more


async def signed(registry: Registry) -> dict[str, str]:
    return {name: await file_of(registry) for name in ("inspector_signature", "inspected_signature")}


async def send(registry: Registry, told: Any, key: str = "one", **caller: Any) -> Any:
    who = caller or WORKER
    headers = {"authorization": f"Bearer {registry.token(who['role'], who['unit'])}", "idempotency-key": key}
    return await registry.client.post("/inspections", json=told, headers=headers)


async def test_what_a_phone_sends_days_later_and_twice_is_stored_once(registry: Registry) -> None:
    place = await shop(registry)
    photo, of_hazard = await file_of(registry), await file_of(registry)
    finding = {"item": "gas", "question": GAS, "text": "胶管老化", "rectify_by": "2026-11-17", "photos": [of_hazard]}
    told = body(place, (GAS,), findings=[finding], photos=[photo], remark="已告知店主", **await signed(registry))
    first = await send(registry, told)
    assert first.status_code == 201, first.text
    again = await send(registry, told)
    assert again.json() == first.json() | {"repeated": True}
    assert (await send(registry, told | {"remark": "别的"})).json()["code"] == "inspection_key_reused"

    one = await registry.get(f"/inspections/{first.json()['id']}", **OFFICE)
    assert (one["made_at"], one["doubtful"], one["premises"]) == ("2026-11-17T07:00:00Z", False, "泉塘小学")
    assert one["results"]["gas"] == "failed" and one["results"]["oil"] == "ok"
    assert [sign["use"] for sign in one["signatures"]] == ["inspector_signature", "inspected_signature"]
    assert [shown["id"] for shown in one["photos"]] == [photo]
    [found] = one["found"]
    assert (found["hazard_state"], found["rectify_by"]) == ("rectifying", "2026-11-17")
    assert [shown["id"] for shown in found["photos"]] == [of_hazard]
    hazard = await registry.get(f"/hazards/{found['hazard_id']}", **OFFICE)
    assert hazard["source"]["number"] == one["number"]
    types = [event["type"] for event in await registry.events() if "type" in event]
    assert len(await registry.events(one["id"])) == 1, types
    trail = await registry.get(f"/inspections/{one['id']}/trail", **OFFICE)
    assert [entry["action"] for entry in trail["entries"]] == ["make"]
    await registry.assert_trails_hold()


async def test_whoever_sees_the_inspection_sees_its_photos_and_nobody_else(registry: Registry) -> None:
    place = await shop(registry)
    sent = (await send(registry, body(place, **await signed(registry)))).json()
    one = await registry.get(f"/inspections/{sent['id']}", **WORKER)
    url = one["signatures"][0]["url"].removeprefix("/registry")
    for caller, status in ((OFFICE, 200), (NEIGHBOUR, 404)):
        assert (await registry.call("GET", url, **caller)).status_code == status
        assert (await registry.call("GET", f"/inspections/{sent['id']}", **caller)).status_code == status
    assert (await registry.get("/inspections", **NEIGHBOUR))["items"] == []


async def test_who_acted_is_named_to_those_who_may_meet_their_work_alone(registry: Registry) -> None:
    """The premises go to the other community; what was done there before is seen with it, without the name of who did it."""
    station = state("R1-T-D-P", Kind.DEPARTMENT, "R1-T", serves=("R1-S-01",))
    theirs = state("R1-S-02-001", Kind.GRID, "R1-S-02")
    there: Any = {"role": Role.GRID_WORKER, "unit": theirs.code}
    subject = f"grid_worker@{theirs.code}"
    held = (post(subject, "grid_worker", theirs.code), post("P8", "police_liaison", station.code))
    await registry.fill(City((*UNITS, state("R1-T", Kind.STREET, "R1"), station, theirs), (*POSTS, *held)))
    await person(registry, "wang", person=subject, name="王小明")
    await person(registry, "lu", person="P8", name="陆警官")
    await person(registry, "root", person="root", name="平台管理员", unit=None)
    place = (await registry.call("POST", "/premises", PLACE | {"unit": theirs.code}, **there)).json()
    finding = {"item": "gas", "question": GAS, "text": "胶管老化", "rectify_by": "2026-11-20"}
    photos = {name: await file_of(registry, there) for name in ("inspector_signature", "inspected_signature")}
    sent = await send(registry, body(place, (GAS,), findings=[finding], **photos), **there)
    assert sent.status_code == 201, sent.text
    moved = await registry.call("PUT", f"/premises/{place['id']}", PLACE, unit="R1-S", if_match=1)
    assert moved.status_code == 200, moved.text
    secretary: Any = {"role": Role.LEADER, "unit": "R1-S-01"}
    for caller, name, found in ((OFFICE, "王小明", 1), (secretary, None, 0)):
        one = await registry.get(f"/inspections/{sent.json()['id']}", **caller)
        hazard = await registry.get(f"/hazards/{one['found'][0]['hazard_id']}", **caller)
        [listed] = (await registry.get(f"/inspections?who={subject}", **caller))["items"]
        paths = [f"/{kind}/{of}/trail" for kind, of in (
            ("inspections", one["id"]), ("hazards", hazard["id"]), ("premises", place["id"]))]  # fmt: skip
        trails = [(await registry.get(path, **caller))["entries"][0] for path in paths]
        shown = [one["inspector_name"], listed["inspector_name"], hazard["found_by_name"]]
        assert [*shown, *(at["name"] for at in trails)] == [name] * 6, caller
        assert {hazard["found_by"], one["inspector"], *(at["by"] for at in trails)} == {subject}
        assert len((await registry.get("/inspections?who=小明", **caller))["items"]) == found, "nor told by finding"
        sheet = await registry.call("GET", "/inspections.xlsx", **caller)
        cells = {cell for row in rows_of(sheet.content) for cell in row.values()}
        assert ("王小明" in cells) is bool(found)
    names = await registry.get(f"/names?subject={subject}&subject=P8&subject=root", **secretary)
    assert {one["name"] for one in names["items"]} == {"陆警官", "平台管理员"}, (
        "who serves the place, and who is above all"
    )


async def test_what_is_refused_stores_nothing(registry: Registry) -> None:
    place = await shop(registry)
    theirs = await signed(registry)
    before = await registry.rows()
    finding = {"item": "gas", "question": GAS, "text": "胶管老化", "photos": ["0190a1b2-0000-7000-8000-000000000001"]}
    for told, code in (
        (body(place), "inspection_unsigned"),
        (body(place, premises_id=None, unit="R1-S-01-002", **theirs), "inspection_place_unknown"),
        (body(place, (GAS,), findings=[finding], **theirs), "photo_unknown"),
        (body(place, made_at="gestern", **theirs), "validation"),
    ):
        refused = await send(registry, told)
        assert (refused.status_code, refused.json()["code"]) == (422, code), refused.text
    assert (await send(registry, body(place, **theirs), **NEIGHBOUR)).json()["code"] == "premises_unknown"
    assert await registry.rows() == before


async def test_the_list_and_its_workbook_show_what_the_filter_finds(registry: Registry) -> None:
    place = await shop(registry)
    theirs = await signed(registry)
    assert (await send(registry, body(place, **theirs))).status_code == 201
    street = body(place, premises_id=None, unit="R1-S-01-001", inspector_signature=await file_of(registry))
    street |= {"made_at": "2026-11-18T09:00:00+08:00", "kind": "spot_check"}
    assert (await send(registry, street, "two")).status_code == 201
    await person(registry, "wang", person="grid_worker@R1-S-01-001", name="王小明")
    for query, found in (
        ("", 2), ("kind=spot_check", 1), (f"premises_id={place['id']}", 1), ("since=2026-11-18", 1),
        ("until=2026-11-17", 1), ("failed=true", 0), ("area=R1-S-02", 0), ("area=R1-S-01", 2), ("q=泉塘", 1),
        ("who=grid_worker@R1-S-01-001", 2), ("who=小明", 2), ("who=李", 0), ("who=%25", 0),
    ):  # fmt: skip
        items = (await registry.get(f"/inspections?{query}", **OFFICE))["items"]
        assert len(items) == found, query
        sheet = await registry.call("GET", f"/inspections.xlsx?{query}", **OFFICE)
        assert len(rows_of(sheet.content)) == found, query
    lists = (await registry.get(f"/checklists?premises_id={place['id']}&inspector=street", **WORKER))["items"]
    assert [one["code"] for one in lists] == ["seven_items", "small_place_check", "corrected_on_the_spot"]


HEADER = ("场所档案号", "单位编码", "检查时间", "检查类型", "检查人", "疏散", "用气")


async def import_(registry: Registry, *rows: tuple[object, ...]) -> Any:
    return await registry.call("POST", "/inspections/import", content=table(HEADER, *rows), **OFFICE)


@pytest.mark.parametrize("check", READ_CHECKS, ids=lambda check: check.__name__)
async def test_reading_keeps_the_contract(registry: Registry, check: Any) -> None:
    await registry.fill()
    rows = [(None, "R1-S-01-001", f"2026-03-0{day} 09:30", "抽查", "wg001", "合格", None) for day in range(1, 5)]
    assert (await import_(registry, *rows)).status_code == 200
    one = (await registry.get("/inspections"))["items"][0]
    case = ApiCase(
        one=f"/inspections/{one['id']}",
        many="/inspections",
        keeper=Who(Role.ADMIN),
        stranger=Who(Role.ADMIN, "R1-S-02"),
    )
    await check(Api(registry.client, registry.token), case)


async def test_a_past_inspection_is_known_again_and_a_table_does_not_change_it(registry: Registry) -> None:
    row = ((await shop(registry))["number"], None, "2026-03-05 09:30", "日常检查", "wg001", "合格", "不合格")
    assert (await import_(registry, row)).json() == {"entered": 1, "changed": 0, "same": 0}
    assert (await import_(registry, (*row[:5], "不合格", "合格"))).status_code == 422
    found = await registry.get("/inspections?failed=true", **OFFICE)
    assert [(one["imported"], one["results"]["gas"], one["results"]["oil"]) for one in found["items"]] == [
        (True, "failed", "not_applicable")
    ]
    exported = await registry.call("GET", "/inspections.xlsx", **OFFICE)
    other = edited(exported.content, 2, {"备注": "改了"})
    told = (await registry.call("POST", "/inspections/import", content=other, **OFFICE)).json()
    assert "第 2 行" in told["unread"][0]["zh"]
