"""The inbox of a unit: what is due first, counts, pages, and the ways to find one work order."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.auth.principal import Role
from tests.conftest import NOON
from tests.support.city import CIVIL, COMMUNITY, COUNTY_URBAN, ELSEWHERE, ENVIRONMENT, STREET, STREET_URBAN
from tests.support.gridgov import GridGov


async def inbox(platform: GridGov, unit: str | None = STREET_URBAN, **query: Any) -> list[dict[str, Any]]:
    role = Role.DEPARTMENT_HANDLER if unit else Role.ADMIN
    items = (await platform.get("dispatch", "/inbox", role=role, unit=unit, **query))["items"]
    return [dict(item) for item in items]


async def some(platform: GridGov, prefix: str, count: int, text: str = "星湖社区井盖") -> list[str]:
    """Reports one minute apart, with their work orders; the report ids."""
    ids = []
    for n in range(count):
        platform.clock.advance(timedelta(minutes=1))
        ids.append((await platform.report(text, f"{prefix}-{n}")).json()["id"])
        await platform.drain()
    return ids


async def test_what_is_due_first_comes_first(own_platform: GridGov) -> None:
    reports = await some(own_platform, "due", 4)
    items = await inbox(own_platform)
    assert [item["report_id"] for item in items] == reports
    # Accepting leaves the later limit: it goes behind the others.
    assert (await own_platform.act(items[0], "accept", Role.LEADER, STREET_URBAN)).status_code == 200
    items = await inbox(own_platform)
    assert [item["report_id"] for item in items] == [*reports[1:], reports[0]]
    assert [item["due_at"] for item in items] == sorted(item["due_at"] for item in items)


async def test_the_work_order_as_people_read_it(platform: GridGov) -> None:
    report = await platform.reported("星湖社区井盖", "shown", title="井盖")
    order = await platform.work_order(report)
    number = (await platform.get("intake", f"/reports/{report}"))["number"]
    assert order == {
        "id": order["id"],
        "number": f"GD-{number}",
        "report_id": report,
        "report_number": number,
        "title": "井盖",
        "text": "星湖社区井盖",
        "category": "城乡建设",
        "area": COMMUNITY,
        "lead_unit": STREET_URBAN,
        "state": "assigned",
        "priority": "normal",
        "tier": "street",
        "rule": "urban-rural",
        "catalogue": "2019.1",
        "routing": f"urban-rural: 城乡建设 → urban_rural, held by {STREET_URBAN} for {STREET}",
        "accept_limit": "4wh",
        "accept_due_at": "2026-11-18T07:30:00Z",
        "resolve_limit": "5wd",
        "resolve_due_at": "2026-11-25T02:00:00Z",
        "due_at": "2026-11-18T07:30:00Z",
        "light": "green",
        "reported_at": "2026-11-18T02:00:00Z",
        "opened_at": "2026-11-18T02:00:00Z",
        "closed_at": None,
        "result": None,
        "resolved_by": None,
        "returns": 0,
        "reworks": 0,
        "version": 1,
        "possible": ["assign", "accept", "return"],
    }
    one = await platform.clients["dispatch"].get(f"/work-orders/{order['id']}", headers=platform.caller(Role.ADMIN))
    assert (one.json(), one.headers["etag"]) == (order, '"1"')
    for query in ({"number": order["number"]}, {"number": number}, {"number": number[-6:]}, {"report_id": report}):
        assert (await platform.get("dispatch", "/work-orders", **query))["items"] == [order]
    assert order in (await platform.get("dispatch", "/work-orders", area=COMMUNITY))["items"]


@pytest.mark.parametrize("limit", [1, 3, 200])
async def test_pages_show_every_work_order_once(own_platform: GridGov, limit: int) -> None:
    # All at one instant: equal limits must not make the pages lose or repeat any.
    reports = [(await own_platform.report("星湖社区井盖", f"page-{n}")).json()["id"] for n in range(7)]
    await own_platform.drain()
    found: list[str] = []
    query: dict[str, Any] = {"limit": limit}
    while True:
        page = await own_platform.get("dispatch", "/inbox", unit=STREET_URBAN, **query)
        found += [item["report_id"] for item in page["items"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert sorted(found) == sorted(reports)


async def test_pages_of_a_state_with_nothing_due(own_platform: GridGov) -> None:
    for n in range(3):
        order = await own_platform.work_order(await own_platform.reported("星湖社区井盖", f"done-{n}"))
        for action, more in (("accept", {}), ("start", {}), ("resolve", {"result": "已更换"})):
            order = (await own_platform.act(order, action, Role.LEADER, STREET_URBAN, **more)).json()
    first = await own_platform.get("dispatch", "/inbox", unit=STREET_URBAN, state="resolved", limit=2)
    rest = await own_platform.get(
        "dispatch", "/inbox", unit=STREET_URBAN, state="resolved", limit=2, after=first["next"]
    )
    assert len({item["id"] for item in first["items"] + rest["items"]}) == 3
    assert await inbox(own_platform) == [], "nothing is due any more"


async def test_counts_agree_with_the_lists(own_platform: GridGov) -> None:
    await some(own_platform, "counted", 3)
    first, *_ = await inbox(own_platform)
    await own_platform.act(first, "accept", Role.LEADER, STREET_URBAN)

    async def counts(**query: Any) -> Any:
        return await own_platform.get(
            "dispatch", "/inbox/counts", role=Role.DEPARTMENT_HANDLER, unit=STREET_URBAN, **query
        )

    assert await counts() == {"unit": STREET_URBAN, "by_state": {"accepted": 1, "assigned": 2}, "overdue": 0}
    _, second, _third = sorted(await inbox(own_platform), key=lambda item: item["opened_at"])
    # At the very instant of the limit the light is red, and that is what overdue counts.
    own_platform.clock.set(datetime.fromisoformat(second["due_at"]))
    lights = [item["light"] for item in await inbox(own_platform)]
    assert (await counts())["overdue"] == lights.count("red") == 1
    own_platform.clock.set(NOON + timedelta(days=30))
    assert (await counts())["overdue"] == [item["light"] for item in await inbox(own_platform)].count("red") == 3


async def test_a_unit_above_sees_the_units_below_when_it_asks(own_platform: GridGov) -> None:
    await own_platform.reported("星湖社区井盖", "below-1")
    await own_platform.reported("星湖社区油烟扰民", "below-2")
    await own_platform.reported("柳湾街道井盖", "below-3")

    async def leads(unit: str, **query: Any) -> list[str | None]:
        items = (await own_platform.get("dispatch", "/inbox", role=Role.LEADER, unit=unit, **query))["items"]
        return sorted((item["lead_unit"] for item in items), key=str)

    assert await leads(STREET) == []
    assert await leads(STREET, below=True) == [ENVIRONMENT, STREET_URBAN]
    assert await leads("A", below=True) == [ENVIRONMENT, STREET_URBAN, None]
    assert await leads(ELSEWHERE, below=True) == [None]


async def test_another_units_inbox_is_empty_for_who_may_not_see_it(platform: GridGov) -> None:
    await platform.reported("星湖社区井盖", "foreign")
    headers = platform.caller(Role.DEPARTMENT_HANDLER, CIVIL)
    for query in ({"unit": STREET_URBAN}, {"unit": STREET, "below": True}, {"unit": "A", "below": True}):
        answer = await platform.clients["dispatch"].get("/inbox", params=query, headers=headers)
        assert answer.json() == {"items": [], "next": None}
        counts = (await platform.clients["dispatch"].get("/inbox/counts", params=query, headers=headers)).json()
        assert (counts["by_state"], counts["overdue"]) == ({}, 0)


@pytest.mark.parametrize(
    "path, query, code",
    [
        ("/work-orders", {}, "filter_required"),
        ("/work-orders", {"limit": 5}, "filter_required"),
        ("/work-orders", {"report_id": "x"}, "uuid_parsing"),
        ("/inbox", {"after": "eA=="}, "cursor_invalid"),
        ("/inbox", {"state": "lost"}, "enum"),
        ("/inbox", {"unit": "../x"}, "string_pattern_mismatch"),
        ("/inbox", {"below": "perhaps"}, "bool_parsing"),
    ],
)
async def test_a_query_that_cannot_be_is_refused(platform: GridGov, path: str, query: Any, code: str) -> None:
    answer = await platform.clients["dispatch"].get(path, params=query, headers=platform.caller(Role.ADMIN))
    assert answer.status_code == 422
    problem = answer.json()
    assert code in (problem["code"], *(error["code"] for error in problem.get("errors", ())))


async def test_the_catalogue_in_force_is_there_to_read(platform: GridGov) -> None:
    catalogue = await platform.get("dispatch", "/catalogue", role=Role.LEADER, unit=COUNTY_URBAN)
    assert (catalogue["version"], catalogue["effective_from"]) == ("2019.1", "2019-01-01")
    assert len(catalogue["rules"]) == 16
    assert catalogue["rules"][0] == {
        "id": "urban-rural",
        "category": "城乡建设",
        "function": "urban_rural",
        "priority": "normal",
        "tier": "street",
        "accept": "4wh",
        "resolve": "5wd",
    }
