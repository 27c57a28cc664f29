"""Leave, shifts and who is on duty, as people meet them: asking, granting by another, standing in, and Excel."""

from typing import Any

import httpx2
import pytest

from services.registry.city.import_city import City
from shared.auth.principal import Role
from tests.registry.conftest import Registry
from tests.registry.toy_city import POSTS, UNITS, post
from tests.support.workbooks import table

pytestmark = pytest.mark.anyio
LEADER = (Role.LEADER, "R1-S")
DAY = {"starts_at": "2026-11-19T00:00:00+08:00", "ends_at": "2026-11-20T00:00:00+08:00", "kind": "sick"}
ONE, TWO = "R1-S-01-001", "R1-S-01-002"


@pytest.fixture
async def street(registry: Registry) -> Registry:
    """The toy city, with a second grid worker beside the first."""
    await registry.fill(City(UNITS, (*POSTS, post("P9", "grid_worker", TWO))))
    return registry


async def asked(
    registry: Registry, method: str, path: str, json: Any = None, person: str = "P1", **headers: str
) -> Any:
    """A request of a grid worker of the first grid."""
    sent = {name.replace("_", "-"): f'"{value}"' for name, value in headers.items()}
    token = registry.token_of(person, Role.GRID_WORKER, ONE)
    return await registry.client.request(method, path, json=json, headers={**sent, "authorization": f"Bearer {token}"})


async def on_duty(registry: Registry, unit: str, at: str) -> Any:
    return await registry.get(f"/units/{unit}/on-duty?at=2026-11-{at}:00%2B08:00", role=LEADER[0], unit=LEADER[1])


async def test_leave_is_granted_by_another_and_a_neighbour_stands_in(street: Registry) -> None:
    first = await asked(street, "POST", "/leave", DAY | {"reason": "发烧"})
    assert (first.status_code, first.json()["state"], first.json()["unit"]) == (201, "asked", ONE)
    path = f"/leave/{first.json()['id']}"
    assert (await asked(street, "POST", "/leave", DAY)).status_code == 409
    assert (await on_duty(street, ONE, "19T10:00"))["answered"]
    assert (
        await street.call("POST", f"{path}/grant", {}, role=Role.GRID_WORKER, unit=ONE, if_match="1")
    ).status_code == 403
    granted = await street.call("POST", f"{path}/grant", {"answer": "好"}, role=LEADER[0], unit=LEADER[1], if_match="1")
    assert (granted.status_code, granted.json()["state"]) == (200, "granted")

    found = await on_duty(street, ONE, "19T10:00")
    assert [(one["person"], one["why"]) for one in found["posts"]] == [("P1", "leave")]
    fallback = found["fallback"]
    assert (fallback["unit"], fallback["how"], fallback["why"]) == (TWO, "neighbour", "leave")
    assert [one["person"] for one in fallback["posts"]] == ["P9"]
    entered = await street.call("POST", "/leave", DAY | {"person": "P9"}, role=LEADER[0], unit=LEADER[1])
    assert entered.json()["state"] == "granted"
    fallback = (await on_duty(street, ONE, "19T10:00"))["fallback"]
    assert (fallback["unit"], fallback["how"], fallback["posts"][0]["person"]) == ("R1-S-01", "above", "P2")

    back = await asked(street, "POST", f"{path}/withdraw", {"answer": "已康复"}, if_match="2")
    assert back.json()["state"] == "withdrawn"
    assert (await on_duty(street, ONE, "19T10:00"))["answered"]
    await street.assert_trails_hold()


async def test_reasons_of_others_are_seen_by_keepers_only(street: Registry) -> None:
    made = await asked(street, "POST", "/leave", DAY | {"reason": "家事"})
    assert len((await street.get("/leave", role=LEADER[0], unit=LEADER[1]))["items"]) == 1
    assert (await asked(street, "GET", "/leave", person="P8")).json()["items"] == []
    assert (await asked(street, "GET", f"/leave/{made.json()['id']}", person="P8")).status_code == 404
    assert (await asked(street, "POST", "/leave", DAY | {"person": "P9"})).status_code == 403
    assert (await asked(street, "POST", "/leave", DAY, person="stranger")).json()["code"] == "leave_person_without_post"


async def test_a_shift_is_planned_once_and_ended(street: Registry) -> None:
    body = {"unit": ONE, "role": "grid_worker", "weekdays": [3, 1], "begins": "08:00", "ends": "20:00"}
    made = await street.call("POST", "/shifts", body, role=LEADER[0], unit=LEADER[1])
    assert (made.status_code, made.json()["weekdays"]) == (201, [1, 3])
    assert (await on_duty(street, ONE, "18T19:00"))["posts"][0]["until"] == "2026-11-18T12:00:00Z"
    off = await on_duty(street, ONE, "18T21:00")
    assert (off["answered"], off["fallback"]["why"]) == (False, "off_shift")
    assert (await street.call("POST", "/shifts", body)).json()["code"] == "shift_known"
    for wrong, code in (
        ({"days": ["2026-12-01"]}, "shift_days_or_weekdays"),
        ({"person": "P9"}, "shift_post_not_held"),
        ({"unit": "R1-S-01"}, "post_role_kind_wrong"),
    ):
        assert (await street.call("POST", "/shifts", body | wrong)).json()["code"] == code
    assert (await street.call("POST", "/shifts", body, role=Role.LEADER, unit="R1-S-02")).status_code == 403
    ended = await street.call("POST", f"/shifts/{made.json()['id']}/end", {}, if_match="1")
    assert ended.json()["valid_to"] == "2026-11-18"
    assert (await on_duty(street, ONE, "18T21:00"))["answered"]
    await street.assert_trails_hold()


async def test_others_units_are_not_asked_about(street: Registry) -> None:
    answer = await street.call("GET", f"/units/{ONE}/on-duty", role=Role.LEADER, unit="R1-S-02")
    assert answer.status_code == 404


async def taken(registry: Registry, path: str, *rows: tuple[Any, ...]) -> httpx2.Response:
    return await registry.call("POST", path, content=table(*rows), role=LEADER[0], unit=LEADER[1])


async def test_tables_mean_whole_days_and_end_shifts(street: Registry) -> None:
    head: tuple[str, ...] = ("人员标识", "类别", "开始时间", "结束时间")
    await taken(street, "/leave/import", head, ("P1", "年休假", "2026-11-23 08:00", "2026-11-24"))
    (leave,) = (await street.get("/leave", role=LEADER[0], unit=LEADER[1]))["items"]
    assert leave["ends_at"] == "2026-11-24T16:00:00Z", "the last day counts whole"
    head = ("单位编码", "岗位", "人员标识", "每周", "开始", "结束", "执行日期")
    row = (ONE, "网格员", "P1", "周一、周日", "08:00", "20:00", "2026-11-01")
    assert (await taken(street, "/shifts/import", head, row)).json()["entered"] == 1
    head += ("停止日期",)
    assert (await taken(street, "/shifts/import", head, (*row, "2026-12-31"))).json()["changed"] == 1
    assert (await taken(street, "/shifts/import", head, (*row, None))).status_code == 422, "does not end today"
