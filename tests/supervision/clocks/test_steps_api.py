"""Warnings and reminders as they were taken: each once, newest first, with whose they were, and nobody else's."""

from typing import Any

import pytest

from shared.auth.principal import Role
from tests.conftest import NOON
from tests.supervision.conftest import ELSEWHERE, Client, Supervision
from tests.supervision.stories import ACCEPT, AREA, LEAD, RESOLVE, STREET, Story

pytestmark = pytest.mark.anyio


async def steps(client: Client, **query: Any) -> list[Any]:
    return list((await client.get("/steps", **query)).json()["items"])


async def three(supervision: Supervision) -> tuple[Story, Story]:
    """One that was warned and reminded, and then another that was warned."""
    late, other = Story(NOON), Story(NOON + ACCEPT, None)
    await supervision.deliver(late.last, other.last)
    for at in (NOON + ACCEPT * 4 / 5, NOON + ACCEPT, NOON + ACCEPT * 2):
        supervision.clock.set(at)
        await supervision.take_steps()
    return late, other


async def test_a_step_as_people_read_it(supervision: Supervision, client: Client) -> None:
    late, _ = await three(supervision)
    (reminder,) = await steps(client, thing_id=late.id, step="remind")
    due = (NOON + ACCEPT).isoformat().replace("+00:00", "Z")
    clock = reminder.pop("clock_id")
    assert reminder == {
        "step": "remind",
        "thing": "work_order",
        "thing_id": str(late.id),
        "name": "accept",
        "number": late.last.event.number,
        "area": AREA,
        "area_name": AREA,
        "street": STREET,
        "unit": LEAD,
        "unit_name": LEAD,
        "due_at": due,
        "at": due,
    }
    assert (await client.get(f"/clocks/{clock}")).json()["level"] == "reminded"


async def test_newest_first_and_each_once_however_often_it_is_looked_for(
    supervision: Supervision, client: Client
) -> None:
    await three(supervision)
    await supervision.take_steps()
    found = await steps(client)
    assert [step["step"] for step in found][-2:] == ["remind", "warn"]
    assert sorted(step["at"] for step in found) == [step["at"] for step in reversed(found)]
    assert len({(step["clock_id"], step["step"]) for step in found}) == len(found) == 4
    pages, after = [], {}
    while True:
        page = (await client.get("/steps", limit=1, **after)).json()
        pages += page["items"]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert pages == found


async def test_filters(supervision: Supervision, client: Client) -> None:
    await three(supervision)
    assert {step["unit"] for step in await steps(client, unit=AREA)} == {AREA}
    assert len(await steps(client, unit=STREET)) == 0
    assert len(await steps(client, unit=STREET, below=True)) == len(await steps(client, street=STREET)) == 4
    assert len(await steps(client, street=ELSEWHERE)) == 0
    assert len(await steps(client, step="warn")) == 2
    assert len(await steps(client, name="resolve")) == 0
    assert len(await steps(client, since=(NOON + ACCEPT).isoformat())) == 3
    assert (await client.get("/steps", step="shout")).status == 422


@pytest.mark.parametrize(("unit", "sees"), [(STREET, 4), (LEAD, 2), (ELSEWHERE, 0), (None, 0)])
async def test_callers_see_what_lies_in_their_part_of_the_tree(
    supervision: Supervision, client: Client, unit: str | None, sees: int
) -> None:
    await three(supervision)
    assert len(await steps(client, place=unit, role=Role.SUPERVISOR)) == sees


async def test_whose_it_was_then_stands_though_another_has_it_now(supervision: Supervision, client: Client) -> None:
    story = Story(NOON)
    await supervision.deliver(story.last)
    supervision.clock.set(NOON + ACCEPT)
    await supervision.take_steps()
    story.at = NOON + ACCEPT
    await supervision.deliver(story("return").last)
    supervision.clock.set(NOON + RESOLVE)
    await supervision.take_steps()
    found = await steps(client, thing_id=story.id)
    assert [(step["name"], step["unit"]) for step in found[-2:]] == [("accept", LEAD)] * 2
    assert {step["unit"] for step in found[:-2]} == {AREA}
