"""Clocks over HTTP: filters, pages, trail, what is overdue, and nothing from outside the caller's reach."""

from typing import Any

import pytest

from shared.auth.principal import Role
from tests.conftest import NOON
from tests.supervision.conftest import ELSEWHERE, Client, Supervision
from tests.supervision.stories import ACCEPT, AREA, LEAD, RESOLVE, STREET, Story
from tests.support.asgi import Sent, send

pytestmark = pytest.mark.anyio


async def test_a_clock_as_people_read_it(supervision: Supervision, client: Client) -> None:
    story = Story(NOON)("accept")
    await supervision.deliver(*story.events)
    accept, resolve = (await client.get("/clocks", thing_id=story.id)).json()["items"]
    assert (accept["name"], accept["state"], accept["kept"], accept["overdue"]) == ("accept", "fulfilled", True, False)
    assert (resolve["name"], resolve["state"], resolve["kept"], resolve["level"]) == (
        "resolve",
        "running",
        None,
        "none",
    )
    assert (resolve["number"], resolve["area"], resolve["unit"]) == (story.last.event.number, AREA, LEAD)
    assert (await client.get(f"/clocks/{resolve['id']}")).json() == resolve


async def test_filters_narrow_together(supervision: Supervision, client: Client) -> None:
    late, fresh = Story(NOON), Story(NOON + ACCEPT, None)
    await supervision.deliver(late.last, fresh.last)
    supervision.clock.set(NOON + ACCEPT)

    async def found(**query: Any) -> list[tuple[str, str]]:
        items = (await client.get("/clocks", **query)).json()["items"]
        return [(item["thing_id"], item["name"]) for item in items]

    assert len(await found()) == 4
    assert await found(overdue=True) == [(str(late.id), "accept")]
    assert await found(overdue=True, unit=AREA) == []
    assert await found(overdue=False, thing_id=late.id) == [(str(late.id), "resolve")]
    assert await found(unit=AREA) == [(str(fresh.id), "accept"), (str(fresh.id), "resolve")]
    assert await found(state="stopped") == []


async def test_the_filters_of_the_desk(supervision: Supervision, client: Client) -> None:
    first, second = Story(NOON), Story(NOON + ACCEPT, None)
    await supervision.deliver(first.last, second.last)

    async def found(**query: Any) -> int:
        items = (await client.get("/clocks", **query)).json()["items"]
        counts = (await client.get("/clocks/counts", **query)).json()
        assert counts["total"] == len(items) == sum(counts["by_state"].values()) == sum(counts["by_light"].values())
        assert all(item["light"] == query.get("light", item["light"]) for item in items)
        return len(items)

    assert await found(street=STREET) == 4
    assert await found(street=ELSEWHERE) == 0
    assert await found(unit=STREET) == 0
    assert await found(unit=STREET, below=True) == 4
    assert await found(unit=LEAD, below=True) == 2
    for at, lights in (
        (NOON, {"green": 4}),
        (NOON + ACCEPT * 4 / 5, {"green": 3, "yellow": 1}),
        (NOON + ACCEPT, {"green": 3, "red": 1}),
    ):
        supervision.clock.set(at)
        counts = (await client.get("/clocks/counts")).json()["by_light"]
        assert counts == {"none": 0, "green": 0, "yellow": 0, "red": 0} | lights
        for light, count in counts.items():
            assert await found(light=light) == count


async def test_pages_follow_each_other_without_gap_or_repetition(supervision: Supervision, client: Client) -> None:
    await supervision.deliver(*(Story(NOON).last for _ in range(5)))
    seen, after = [], {}
    while True:
        page = (await client.get("/clocks", limit=3, **after)).json()
        seen += [(item["due_at"], item["id"]) for item in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert len(seen) == 10
    assert seen == sorted(set(seen))


async def test_the_trail_of_a_clock(supervision: Supervision, client: Client) -> None:
    await supervision.deliver(Story(NOON).last)
    supervision.clock.set(NOON + ACCEPT)
    await supervision.take_steps()
    accept = (await client.get("/clocks", overdue=True)).json()["items"][0]
    entries = (await client.get(f"/clocks/{accept['id']}/trail")).json()["entries"]
    assert [(entry["action"], entry["by"]) for entry in entries] == [
        ("start", "dispatch"),
        ("warn", "watch"),
        ("remind", "watch"),
    ]
    assert accept["level"] == "reminded"


async def test_overdue_is_counted_by_unit(supervision: Supervision, client: Client) -> None:
    await supervision.deliver(Story(NOON).last, Story(NOON).last, Story(NOON, None).last, Story(NOON + ACCEPT).last)
    supervision.clock.set(NOON + ACCEPT)
    counted = (await client.get("/overdue")).json()["items"]
    oldest = (NOON + ACCEPT).isoformat().replace("+00:00", "Z")
    assert counted == [
        {"unit": LEAD, "unit_name": LEAD, "count": 2, "by_name": {"accept": 2}, "oldest": oldest},
        {"unit": AREA, "unit_name": AREA, "count": 1, "by_name": {"accept": 1}, "oldest": oldest},
    ]
    supervision.clock.set(NOON + RESOLVE * 2)
    assert [tuple(item["by_name"].values()) for item in (await client.get("/overdue")).json()["items"]] == [
        (3, 3),
        (1, 1),
    ]


@pytest.mark.parametrize(
    ("unit", "sees"), [(STREET, True), ("A", True), (AREA, True), (LEAD, True), (ELSEWHERE, False), (None, False)]
)
async def test_callers_see_what_lies_in_their_part_of_the_tree(
    supervision: Supervision, client: Client, unit: str | None, sees: bool
) -> None:
    await supervision.deliver(Story(NOON).last)
    clock_id = (await supervision.clocks())[0].id
    supervision.clock.set(NOON + ACCEPT)
    caller: dict[str, Any] = {"place": unit, "role": Role.SUPERVISOR}
    assert bool((await client.get("/clocks", **caller)).json()["items"]) is sees
    assert bool((await client.get("/overdue", **caller)).json()["items"]) is sees
    for path in (f"/clocks/{clock_id}", f"/clocks/{clock_id}/trail"):
        answer = await client.get(path, **caller)
        assert answer.status == (200 if sees else 404)
        assert sees or answer.json()["code"] == "clock_not_found"


# A fixed id: a new one at each collection would be another test to each worker.
NOBODY = "01a20926-af71-7045-8373-cd3cde660ed9"


@pytest.mark.parametrize(
    "path", ["/clocks", "/clocks/counts", "/steps", "/overdue", f"/clocks/{NOBODY}", f"/clocks/{NOBODY}/trail"]
)
async def test_without_a_token_nothing_is_shown(client: Client, path: str) -> None:
    assert (await send(client.app, Sent("GET", path))).status == 401


@pytest.mark.parametrize(
    "query",
    [
        {"thing_id": "1"},
        {"thing_id": "00000000-0000-0000-0000-000000000000"},
        {"state": "late"},
        {"overdue": "perhaps"},
        {"limit": 0},
        {"limit": 201},
        {"unit": "A3'; --"},
        {"after": "bm90IG91cnM="},
        {"after": "WyIyMDI2LTAxLTAxIiwgIjEiXQ=="},
        {"unknown": "1"},
        {"light": "blue"},
        {"street": "A 3"},
    ],
)
async def test_bad_filters_are_refused(client: Client, query: dict[str, Any]) -> None:
    answer = await client.get("/clocks", **query)
    assert answer.status == 422
    assert answer.headers["content-type"] == "application/problem+json"
