"""Intake's numbers for the board: two days by status and channel, the latest first, and nothing that was told."""

from datetime import timedelta
from typing import Any

from shared.auth.principal import Role
from tests.intake.conftest import Intake
from tests.support.city import COMMUNITY, ELSEWHERE, STREET


async def board(intake: Intake, role: Role = Role.LEADER, place: str | None = STREET, **query: str) -> Any:
    """What a caller from `place` is shown."""
    answer = await intake.client.get("/board", params=query, headers=intake.caller(role, place))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_today_and_yesterday_by_status_and_channel(intake: Intake) -> None:
    await intake.reported("星湖社区井盖坏了", "old")
    intake.clock.advance(timedelta(days=1))
    await intake.reported("星湖社区井盖坏了", "before", channel="window")
    await intake.reported("映霞社区什么事", "unclear")
    intake.clock.advance(timedelta(days=1))
    await intake.reported("星湖社区井盖又坏了", "now")
    await intake.reported("柳湾街道井盖坏了", "elsewhere")
    shown = await board(intake)
    assert (shown["as_of"], shown["unit"]) == ("2026-11-20T02:00:00Z", STREET)
    assert shown["today"] == {"received": 1, "by_status": {"triaged": 1}, "by_channel": {"hotline": 1}}
    assert shown["yesterday"] == {
        "received": 2,
        "by_status": {"triaged": 1, "needs_review": 1},
        "by_channel": {"window": 1, "hotline": 1},
    }
    assert len(shown["latest"]) == 3
    assert (await board(intake, Role.ADMIN, None))["today"]["received"] == 2
    assert (await board(intake, Role.ADMIN, None, unit=ELSEWHERE))["today"]["received"] == 1
    assert (await board(intake, unit=ELSEWHERE))["today"]["received"] == 0


async def test_the_latest_show_nothing_of_what_was_told(intake: Intake) -> None:
    reporter = {"name": "王小明", "phone": "13800001111"}
    await intake.reported("星湖社区井盖坏了，找王小明", "told", title="王小明家门口", reporter=reporter)
    intake.clock.advance(timedelta(minutes=1))
    await intake.reported("星湖社区油烟扰民", "newer")
    newest, told = (await board(intake))["latest"]
    assert (told["area"], told["category"], told["status"]) == (COMMUNITY, "城乡建设", "triaged")
    assert newest["submitted_at"] > told["submitted_at"]
    assert set(told) == {"id", "number", "channel", "status", "street", "area", "category", "submitted_at"}
    assert "王小明" not in str(told)


async def test_from_elsewhere_there_is_nothing(intake: Intake) -> None:
    await intake.reported("星湖社区井盖坏了", "here")
    for role, place, query in (
        (Role.LEADER, ELSEWHERE, {}),
        (Role.LEADER, ELSEWHERE, {"unit": STREET}),
        (Role.RESIDENT, STREET, {}),
        (Role.DISPATCHER, None, {}),
    ):
        shown = await board(intake, role, place, **query)
        assert (shown["today"]["received"], shown["latest"]) == (0, [])
