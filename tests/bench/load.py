"""The load generator, a process of its own: for each line of JSON on its standard input one round, answered by a line.

A round keeps `connections` requests in flight at `url` for `seconds`, each a report under a key of its own.
"""

import asyncio
import csv
import json
import sys
import time
from itertools import count
from typing import Any
from uuid import uuid4

import aiohttp

from gridgov.cli.replay import SAMPLE
from tests.bench.outcome import percentile


def bodies() -> list[bytes]:
    """The sample's messages as intake takes them."""
    with SAMPLE.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [
        json.dumps(
            {
                "channel": "import",
                "title": row["留言主题"],
                "text": row["留言详情"],
                "occurred_at": "2026-01-07T18:37:16+08:00",
            },
            ensure_ascii=False,
        ).encode()
        for row in rows
    ]


async def one_round(session: aiohttp.ClientSession, told: list[bytes], order: dict[str, Any]) -> dict[str, Any]:
    numbers, run = count(), uuid4().hex
    taken: list[float] = []
    bad: dict[int, int] = {}
    headers = {"Authorization": f"Bearer {order['token']}", "Content-Type": "application/json"}
    begun = time.perf_counter()
    end = begun + order["seconds"]

    async def caller() -> None:
        while (started := time.perf_counter()) < end:
            number = next(numbers)
            own = {**headers, "Idempotency-Key": f"{run}-{number}"}
            async with session.post(order["url"], data=told[number % len(told)], headers=own) as answer:
                await answer.read()
            if answer.status == 201:
                taken.append(time.perf_counter() - started)
            else:
                bad[answer.status] = bad.get(answer.status, 0) + 1

    await asyncio.gather(*(caller() for _ in range(order["connections"])))
    seconds = time.perf_counter() - begun
    return {
        "per_second": len(taken) / seconds,
        "p50_ms": percentile(taken, 50) * 1000,
        "p99_ms": percentile(taken, 99) * 1000,
        "answered": len(taken),
        "bad": bad,
    }


async def main() -> None:
    told = bodies()
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=4)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        while line := await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps(await one_round(session, told, json.loads(line))), flush=True)


if __name__ == "__main__":
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
