"""F25: one Idempotency-Key used by many at once, again after its answer was lost, with another body, by another."""

import asyncio
import json
import socket
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from random import Random
from typing import Any
from uuid import UUID

import httpx2
import pytest

from gridgov.local.http_server import listen, serve
from shared.audit.evidence import Acked
from shared.auth.principal import Role
from tests.faults import in_process
from tests.faults.conftest import ALL
from tests.faults.figures import Figures
from tests.faults.in_process import Ground, at_work, audited, eventually, letters, reporting
from tests.support.city import INSIDE
from tests.support.gridgov import GridGov

pytestmark = [pytest.mark.timeout(300)]
ground, broker, plain_log = in_process.ground, in_process.broker, in_process.plain_log
BODY = {"text": "路边井盖不见了", "channel": "hotline", "point": INSIDE}
AT_ONCE = 50
LOST = 100 if ALL else 30


@asynccontextmanager
async def served(platform: GridGov) -> AsyncIterator[int]:
    """The port on which the platform's intake answers."""
    listener, stop = socket.create_server(("127.0.0.1", 0)), asyncio.Event()
    listener.setblocking(False)
    listen(listener)
    serving = asyncio.create_task(serve(platform.services["intake"].api, listener, stop))
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        await serving


class Sender:
    """Sends reports over real connections, to whichever server; `acked` is what was answered 201."""

    def __init__(self, platform: GridGov, ports: Sequence[int], client: httpx2.AsyncClient) -> None:
        self.platform, self.ports, self.client = platform, ports, client
        self.acked: list[Acked] = []

    def headers(self, key: str, subject: str = "phone") -> dict[str, str]:
        return {**self.platform.caller(Role.SERVICE, subject=subject), "idempotency-key": key}

    async def send(self, key: str, turn: int = 0, *, subject: str = "phone", **more: Any) -> httpx2.Response:
        url = f"http://127.0.0.1:{self.ports[turn % len(self.ports)]}/reports"
        async with asyncio.timeout(60):
            while True:
                answer = await self.client.post(url, json={**BODY, **more}, headers=self.headers(key, subject))
                if answer.status_code not in (429, 503):
                    break
                await asyncio.sleep(min(1.0, float(answer.headers["retry-after"])))
        if answer.status_code == 201:
            said = answer.json()
            self.acked.append(Acked(key, UUID(said["id"]), said["number"]))
        return answer

    async def send_and_hang_up(self, key: str, turn: int, after: float | None, ground: Ground) -> None:
        """Whoever sends is gone `after` seconds, before any answer could be read; None: when the report is stored."""
        body = json.dumps(BODY).encode()
        head = {"host": "127.0.0.1", "content-type": "application/json", "content-length": str(len(body))}
        lines = [f"{name}: {text}" for name, text in {**head, **self.headers(key)}.items()]
        reader, writer = await asyncio.open_connection("127.0.0.1", self.ports[turn % len(self.ports)])
        writer.write("\r\n".join(["POST /reports HTTP/1.1", *lines, "", ""]).encode() + body)
        await writer.drain()
        if after is None:
            await eventually(lambda: ground.fetch("SELECT FROM intake.reports WHERE client_key = $1", key))
        else:
            await asyncio.sleep(after)
        # A reset, not a farewell: nobody is there any more.
        writer.transport.abort()
        del reader


@pytest.mark.fault("F25", "one key: 50 at once, answer lost, other body, other caller", short=True)
async def test_one_key_has_one_effect_whatever_becomes_of_its_answers(
    ground: Ground, figures: Figures, seed: int
) -> None:
    chance = Random(seed)
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(ground.platform())
        other = await stack.enter_async_context(ground.platform(first=False))
        limits = httpx2.Limits(max_connections=2 * AT_ONCE)
        client = await stack.enter_async_context(httpx2.AsyncClient(limits=limits, timeout=30))
        ports = [await stack.enter_async_context(served(platform)) for platform in (one, other)]
        sender = Sender(one, ports, client)
        async with at_work(one), reporting(one, other, seed=seed) as residents:
            first, replays = await at_once(sender)
            assert (await sender.send("one", text="另一件事")).status_code == 422
            theirs = await sender.send("one", subject="another-phone")
            assert (theirs.status_code, theirs.json()["repeated"]) == (201, False)
            assert theirs.json()["id"] != first["id"]
            stored = await answers_lost(sender, ground, chance)
        keys = await ground.fetch("SELECT client_key FROM intake.reports WHERE client_key NOT LIKE 'beside-%'")
        assert Counter(row["client_key"] for row in keys) == {"one": 2, **{f"lost-{n}": 1 for n in range(LOST)}}
        assert await letters(ground) == []
        await audited(ground, one, [*residents.acked, *mine(sender)])
    figures.note(
        at_once=AT_ONCE, replayed=replays, answers_lost=LOST, of_them_stored=stored, acked=len(residents.acked)
    )


async def at_once(sender: Sender) -> tuple[Mapping[str, Any], int]:
    answers = await asyncio.gather(*(sender.send("one", turn) for turn in range(AT_ONCE)))
    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers][:3]
    receipts = [answer.json() for answer in answers]
    assert len({(receipt["id"], receipt["number"]) for receipt in receipts}) == 1
    assert [receipt["repeated"] for receipt in receipts].count(False) == 1
    assert all((answer.headers.get("idempotent-replay") == "true") == answer.json()["repeated"] for answer in answers)
    return receipts[0], AT_ONCE - 1


async def answers_lost(sender: Sender, ground: Ground, chance: Random) -> int:
    """Each is sent again, perhaps to the other server, after its sender was cut off: some before the commit, some while it
    was under way, every third certainly behind it. How many had been stored by then."""

    async def one(n: int) -> bool:
        key, certain = f"lost-{n}", n % 3 == 0
        await sender.send_and_hang_up(key, n, None if certain else chance.uniform(0, 0.05), ground)
        answer = await sender.send(key, chance.randrange(2))
        assert answer.status_code == 201, answer.text
        assert answer.json()["repeated"] or not certain, "stored before, and stored again"
        again = await sender.send(key, chance.randrange(2))
        assert (again.json()["id"], again.json()["repeated"]) == (answer.json()["id"], True)
        return bool(answer.json()["repeated"])

    return sum(
        [found for first in range(0, LOST, 10) for found in await asyncio.gather(*map(one, range(first, first + 10)))]
    )


def mine(sender: Sender) -> list[Acked]:
    """What the sender was answered, but for the key that two callers used: a load log knows no callers."""
    return [acked for acked in sender.acked if acked.key != "one"]
