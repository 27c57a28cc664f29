"""A safety manager (消防安全管理人): holds a post of one premises, keeps it safe, and sees nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from shared.auth.principal import Role
from tests.registry.accounts.people import Browser, code_for, person
from tests.registry.conftest import Registry
from tests.registry.inspections.test_inspections_api import body, send, signed
from tests.shared.files.pictures import picture
from tests.support.tus import CHUNK, TUS
from tests.support.watching import watching
from tests.support.workbooks import table

pytestmark = pytest.mark.anyio
GRID = "R1-S-01-001"
LEADER: Any = {"role": Role.LEADER, "unit": "R1-S"}
WORKER: Any = {"role": Role.GRID_WORKER, "unit": GRID}


async def places(registry: Registry) -> list[Any]:
    """Two key premises of one grid."""
    await registry.fill()
    made = []
    for name in ("泉塘商场", "隔壁商场"):
        about = {"name": name, "category": "crowded", "unit": GRID, "address": f"{name}路1号", "key_unit": True}
        made.append((await registry.call("POST", "/premises", about, **LEADER)).json())
    return made


def post_of(place: Any, **more: Any) -> dict[str, Any]:
    return {"person": "P9", "role": "safety_manager", "unit": GRID, "premises": place["number"], **more}


async def manager(registry: Registry, place: Any) -> Browser:
    """Signed in by a link."""
    given = await registry.call("POST", "/posts", post_of(place), **LEADER)
    assert given.status_code == 201, given.text
    made = await person(registry, user="tang", person="P9", name="唐建平")
    browser = Browser(registry.client)
    answer = await browser.ask("POST", "/session/link", {"code": await code_for(registry, made), "device": "phone"})
    [post] = answer.json()["posts"]
    assert (answer.json()["role"], post["premises"]["name"]) == ("safety_manager", place["name"])
    return browser


async def got(browser: Browser, path: str) -> Any:
    answer = await browser.ask("GET", path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def hazard(registry: Registry, place: Any, text: str) -> Any:
    body = {"premises_id": place["id"], "item": "evacuation", "text": text}
    headers = {"authorization": f"Bearer {registry.token(Role.GRID_WORKER, GRID)}", "idempotency-key": place["number"]}
    return (await registry.client.post("/hazards", json=body, headers=headers)).json()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"premises": None}, "post_premises_missing"),
        ({"premises": "R1-S-C999999"}, "premises_unknown"),
        ({"unit": "R1-S-01-002"}, "post_premises_elsewhere"),
        ({"role": "grid_worker"}, "post_premises_unfit"),
    ],
)
async def test_the_post_names_premises_of_its_unit(registry: Registry, more: dict[str, Any], code: str) -> None:
    [place, _] = await places(registry)
    answer = await registry.call("POST", "/posts", post_of(place, **more), **LEADER)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_one_person_may_answer_for_two_places_and_a_table_says_so_by_their_numbers(registry: Registry) -> None:
    both = await places(registry)
    lacking = await registry.get("/coverage?kind=key_premises", **LEADER)
    assert lacking["needs"][0]["lacking"] == 2
    rows = (("P9", "消防安全管理人", GRID, place["number"]) for place in both)
    content = table(("人员标识", "岗位", "单位编码", "场所档案号"), *rows)
    for told in ({"entered": 2, "changed": 0, "same": 0}, {"entered": 0, "changed": 0, "same": 2}):
        assert (await registry.call("POST", "/posts/import", content=content, **LEADER)).json() == told
    held = (await registry.get("/posts?person=P9", **LEADER))["items"]
    assert {one["premises_name"] for one in held} == {"泉塘商场", "隔壁商场"}
    assert (await registry.get("/coverage?kind=key_premises", **LEADER))["needs"][0]["lacking"] == 0
    assert (await registry.get("/composition?area=R1-S", **LEADER))["people"] == 3, "no staff"


async def test_a_hazard_is_put_right_by_the_place_and_passed_by_others(registry: Registry) -> None:
    [place, other] = await places(registry)
    own, _ = await hazard(registry, place, "出口堵塞"), await hazard(registry, other, "出口上锁")
    browser = await manager(registry, place)
    [seen] = (await got(browser, "/hazards?open=true"))["items"]
    assert seen["id"] == own["id"]
    one = await browser.ask("GET", f"/hazards/{own['id']}")
    possible = {each["action"] for each in one.json()["possible"]}
    assert possible == {"submit", "state-sheet", "ask-extension", "add-photos"}
    begun = await browser.ask("POST", "/files", None, **TUS, **{"upload-length": str(len(picture()))})
    file = begun.headers["location"].rpartition("/")[2]
    kept = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = {**TUS, "content-type": CHUNK, "upload-offset": "0", "cookie": kept, "sec-fetch-site": "same-origin"}
    await registry.client.patch(f"/files/{file}", content=picture(), headers=headers)
    told = {"result": "通道已清空", "photos": [file]}
    after = await browser.ask("POST", f"/hazards/{own['id']}/submit", told, **{"if-match": one.headers["etag"]})
    assert after.json()["state"] == "awaiting_reinspection"
    assert {each["action"] for each in after.json()["possible"]} <= {"add-photos"}
    passed = await browser.ask("POST", f"/hazards/{own['id']}/pass", {}, **{"if-match": after.headers["etag"]})
    assert (passed.status_code, passed.json()["code"]) == (403, "role_not_permitted")
    assert (await browser.ask("GET", f"/files/{file}")).status_code == 200
    assert (await registry.call("POST", f"/hazards/{own['id']}/pass", {}, if_match="2", **WORKER)).status_code == 200


async def test_what_happens_to_the_own_place_is_told_live_and_nothing_else(registry: Registry) -> None:
    [place, other] = await places(registry)
    who = {"authorization": f"Bearer {registry.token_of('P9', Role.SAFETY_MANAGER, GRID, place['id'])}"}
    async with watching(registry.service.api, who) as watcher:
        await hazard(registry, other, "隔壁的通道堵塞")
        own = await hazard(registry, place, "通道堵塞")
        [told] = await watcher.some(1)
        assert (told["kind"], told["id"]) == ("hazard", own["id"])
        assert await watcher.nothing(0.5)


async def test_the_place_checks_itself_and_its_duties_alone_are_fulfilled(registry: Registry) -> None:
    [place, other] = await places(registry)
    await registry.apply_plans()
    browser = await manager(registry, place)
    assert {duty["premises_id"] for duty in (await got(browser, "/duties/mine"))["items"]} == {place["id"]}

    async def state() -> dict[str, str]:
        found = (await registry.get("/duties?area=R1-S", **LEADER))["items"]
        own = [duty for duty in found if duty["premises_id"] == place["id"]]
        return {duty["duty"]: (duty["last"] or {}).get("number", "") for duty in own}

    async def check(key: str, **more: Any) -> Any:
        who = {"authorization": f"Bearer {registry.token_of('P9', Role.SAFETY_MANAGER, GRID, place['id'])}"}
        upload = await registry.client.post(
            "/files",
            content=picture(),
            headers={**who, **TUS, "content-type": CHUNK, "upload-length": str(len(picture()))},
        )
        body = {
            "kind": "self", "checklist": "seven_items", "checklist_version": 1, "premises_id": place["id"],
            "answers": [{"question": str(number), "verdict": "pass"} for number in range(1, 8)],
            "made_at": registry.clock.now().isoformat(),
            "inspector_signature": upload.headers["location"].rpartition("/")[2],
        } | more  # fmt: skip
        return await registry.client.post("/inspections", json=body, headers={**who, "idempotency-key": key})

    assert (await check("routine", kind="routine")).json()["code"] == "inspection_self_only"
    assert (await check("other", premises_id=other["id"])).json()["code"] == "premises_unknown"
    registry.clock.advance(timedelta(days=14))  # the check of the month has begun
    before = await state()
    answers = [{"question": number, "verdict": "pass"} for number in ("1.1", "1.2", "2", "3.1", "3.2", "4", "5")]
    patrolled = await check("patrol", checklist="unit_daily_patrol", answers=answers)
    assert patrolled.status_code == 201, patrolled.text
    patrol = await state()
    assert {duty for duty in before if before[duty] != patrol[duty]} == {"patrol"}
    assert (await check("whole")).status_code == 201
    after = await state()
    assert {duty for duty in patrol if patrol[duty] != after[duty]} == {"fire_check"}


async def test_an_inspection_of_the_place_shows_nobody_of_the_staff(registry: Registry) -> None:
    [place, _] = await places(registry)
    sent = await send(registry, body(place, **await signed(registry), companions="王小明"))
    assert sent.status_code == 201, sent.text
    browser = await manager(registry, place)
    one = await got(browser, f"/inspections/{sent.json()['id']}")
    [listed] = (await got(browser, "/inspections"))["items"]
    assert [(seen["inspector"], seen["inspector_name"], seen["companions"]) for seen in (one, listed)] == [
        (None, None, "")
    ] * 2


async def test_the_file_and_the_trainings_are_kept_but_for_what_is_others_to_write(registry: Registry) -> None:
    [place, other] = await places(registry)
    browser = await manager(registry, place)
    kit = {"item": "extinguishers", "values": {"type": "干粉", "count": 4, "made_on": "2024-05-01"}}
    assert (await browser.ask("POST", f"/premises/{place['id']}/file", kit)).status_code == 201
    assert (await browser.ask("POST", f"/premises/{other['id']}/file", kit)).status_code == 404
    letter = {"item": "documents", "values": {"kind": "责令改正", "on": "2026-11-01"}}
    assert (await browser.ask("POST", f"/premises/{place['id']}/file", letter)).json()[
        "code"
    ] == "file_item_of_authority"
    drill = {
        "kind": "drill", "title": "疏散演练", "premises_id": place["id"], "starts_at": "2026-11-17T09:00:00+08:00",
        "details": {"scenario": "疏散"}, "outcome": {"people": 30, "results": {"lessons": "集合偏慢"}},
    }  # fmt: skip
    assert (await browser.ask("POST", "/activities", drill)).status_code == 201
    told = drill | {"kind": "publicity", "target": "families", "details": {"form": "入户宣传"}, "outcome": None}
    assert (await browser.ask("POST", "/activities", told)).json()["code"] == "activity_not_of_place"
    assert [one["title"] for one in (await got(browser, "/activities"))["items"]] == ["疏散演练"]


async def test_the_post_goes_where_the_premises_are_stated_to_lie(registry: Registry) -> None:
    shop, other = await places(registry)
    for place, who in ((shop, "P9"), (other, "P8")):
        assert (await registry.call("POST", "/posts", post_of(place, person=who), **LEADER)).status_code == 201
    registry.clock.advance(timedelta(days=1))
    about = {"name": "泉塘商场", "category": "crowded", "address": "泉塘商场路1号", "key_unit": True}
    stated = await registry.call(
        "PUT", f"/premises/{shop['id']}", about | {"unit": "R1-S-01-002"}, **LEADER, if_match=str(shop["version"])
    )
    assert stated.status_code == 200, stated.text
    posts = (await registry.get("/posts?role=safety_manager", **LEADER))["items"]
    today = [(one["person"], one["unit"], one["valid_from"]) for one in posts if one["valid_to"] is None]
    assert sorted(today) == [("P8", GRID, "2026-11-18"), ("P9", "R1-S-01-002", "2026-11-19")]
    told = [event for event in await registry.events() if event.get("person") == "P9"]
    assert [(one["unit"], one["valid_to"]) for one in told] == [
        (GRID, None), (GRID, "2026-11-19"), ("R1-S-01-002", None)
    ]  # fmt: skip
    # On the day on which it began it moves as it is.
    back = await registry.call(
        "PUT", f"/premises/{shop['id']}", about | {"unit": GRID}, **LEADER, if_match=str(stated.json()["version"])
    )
    assert back.status_code == 200
    posts = (await registry.get("/posts?role=safety_manager", **LEADER))["items"]
    assert sorted(one["unit"] for one in posts if one["valid_to"] is None) == [GRID, GRID]
    await registry.assert_trails_hold()
