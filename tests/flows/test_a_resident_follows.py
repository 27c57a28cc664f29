"""Somebody without an account reports, is promised a time, is told the result, is not content, and it is worked on again."""

from typing import Any

from shared.auth.principal import Role
from tests.support.city import STREET, STREET_URBAN
from tests.support.gridgov import GridGov

H, D, G = Role.DEPARTMENT_HANDLER, Role.DISPATCHER, Role.GRID_WORKER
KEY = {"idempotency-key": "a-key-drawn-by-chance"}


async def step(
    platform: GridGov, order: dict[str, Any], action: str, role: Role, unit: str, **body: str
) -> dict[str, Any]:
    answer = await platform.act(order, action, role, unit, **body)
    assert answer.status_code == 200, answer.text
    await platform.drain()
    return dict(answer.json())


async def test_from_the_first_word_to_the_second_closing(platform: GridGov) -> None:
    intake = platform.clients["intake"]
    sent = await intake.post("/public/reports", json={"text": "星湖社区井盖不见了"}, headers=KEY)
    assert sent.status_code == 201, sent.text
    path, code = f"/public/reports/{sent.json()['number']}", {"follow-code": sent.json()["secret"]}

    async def seen() -> dict[str, Any]:
        answer = await intake.get(path, headers=code)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    await platform.drain()
    (report,) = (await platform.get("intake", "/reports", number=sent.json()["number"]))["items"]
    order = await platform.work_order(report["id"])
    told = await seen()
    assert told["unit"] == "泉塘街道城建办"
    assert [promise["due_at"] for promise in told["promises"]] == [
        order["limits"]["accept"]["due_at"], order["limits"]["resolve"]["due_at"],
    ]  # fmt: skip

    async def to_the_end(order: dict[str, Any], result: str) -> dict[str, Any]:
        for action, role, unit, body in (
            ("accept", H, STREET_URBAN, {}),
            ("start", H, STREET_URBAN, {}),
            ("resolve", H, STREET_URBAN, {"result": result}),
            ("verify", G, STREET, {}),
            ("close", D, STREET, {}),
        ):
            order = await step(platform, order, action, role, unit, **body)
        return order

    order = await to_the_end(order, "已换新，电话13812345678")
    told = await seen()
    assert (told["status"], told["result"]) == ("closed", "已换新，电话138********")
    answer = {"contacted": True, "solved": "not", "satisfied": "not"}
    assert (await intake.post(f"{path}/rating", json=answer, headers=code)).status_code == 200
    opened = await intake.post(f"{path}/reopening", json={"why": "又松动了"}, headers=code)
    assert opened.json()["status"] == "reopened"
    await platform.drain()
    order = await platform.work_order(report["id"])
    assert (order["state"], order["reopened"], order["reopened_why"]) == ("assigned", 1, "又松动了")
    told = await seen()
    assert (told["status"], told["may_rate"], told["result"]) == ("dispatched", False, None)
    assert told["promises"]
    await to_the_end(order, "已加固")
    told = await seen()
    assert (told["status"], told["result"], told["rating"]) == ("closed", "已加固", None)
    assert await platform.trail_violations() == []
