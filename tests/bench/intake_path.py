"""(a) The full intake path against a stock app that writes two rows, in turn: A B C A B C …, the median of the ratios."""

import asyncio
import json
from contextlib import ExitStack
from statistics import median
from typing import Any

import asyncpg

from shared.auth.principal import Role
from shared.auth.tokens import LocalIssuer
from shared.clock import SystemClock
from tests.bench.child import Child, child
from tests.bench.ground import Ground
from tests.bench.outcome import Aim, Outcome, median_ratio

CONNECTIONS = 32
SIDES = ("stock", "intake", "relay")


def run(ground: Ground) -> Outcome:
    rounds, seconds = ground.size(5, 2), ground.size(4, 2)
    found: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
    token = LocalIssuer(ground.path / "tokens", SystemClock()).issue("bench", Role.SERVICE)
    with ExitStack() as stack:
        urls, databases = {}, {}
        for side in SIDES:
            name = ground.database(*(() if side == "stock" else ("intake",)))
            server = ground.postgres()
            served = stack.enter_context(
                child("tests.bench.serve", side, server.url_of(name), server.dsn_of(name), str(ground.path))
            )
            path = "reports"
            urls[side], databases[side] = f"http://127.0.0.1:{served.says()}/{path}", name
        load = stack.enter_context(child("tests.bench.load"))
        for side in SIDES:
            _round(load, urls[side], token, 1.0)  # connections open, statements prepared, caches warm
        for number in range(rounds):
            ground.say(f"round {number + 1} of {rounds}")
            for side in SIDES:
                found[side].append(_round(load, urls[side], token, seconds))
                _rest(ground, databases["relay"] if side == "relay" else None)
        _check(ground, databases["intake"])
    outcome = Outcome(
        compares=(
            "POST /reports through all of intake (token, strict validation, idempotency, report row, trail entry, outbox"
            " row, metrics, log line; group commit; relay off) against stock FastAPI + SQLAlchemy Core (asyncpg) that"
            " validates with pydantic and writes two rows in one transaction; `relay` is intake with its relay running"
        ),
        on=(
            f"the same PostgreSQL, durable; each app one uvicorn worker (uvloop, httptools, no access log); one load"
            f" generator in its own process (aiohttp, {CONNECTIONS} connections); {rounds} rounds of {seconds} s in turn;"
            " all on this machine, sharing its CPUs"
        ),
    )
    rate = {side: [r["per_second"] for r in found[side]] for side in SIDES}
    outcome.add("ratio", median_ratio(rate["intake"], rate["stock"]), "× stock", Aim(least=1.5, goal=3))
    outcome.add("ratio with relay", median_ratio(rate["relay"], rate["stock"]), "× stock")
    p99 = {side: [r["p99_ms"] for r in found[side]] for side in SIDES}
    outcome.add("p99 ratio", median_ratio(p99["intake"], p99["stock"]), "× stock", Aim(most=1))
    for side in SIDES:
        outcome.add(f"{side} requests", median(rate[side]), "/s")
        outcome.add(f"{side} p50", median(r["p50_ms"] for r in found[side]), "ms")
        outcome.add(f"{side} p99", median(p99[side]), "ms")
    return outcome


def _round(load: Child, url: str, token: str, seconds: float) -> dict[str, Any]:
    order = {"url": url, "token": token, "seconds": seconds, "connections": CONNECTIONS}
    answer: dict[str, Any] = json.loads(load.ask(json.dumps(order)))
    if answer["bad"]:
        raise RuntimeError(f"{url} answered {answer['bad']}")
    return answer


def _rest(ground: Ground, relayed: str | None) -> None:
    """Until nothing of the round before goes on: the relay has sent what was left."""
    if relayed is None:
        return
    while _ask(ground, relayed, "SELECT count(*) FROM intake.outbox"):
        pass


def _check(ground: Ground, database: str) -> None:
    """Nothing was skipped: every report has its trail entry and its event."""
    counts = [
        _ask(ground, database, f"SELECT count(*) FROM intake.{table}") for table in ("reports", "trail", "outbox")
    ]
    if len(set(counts)) != 1:
        raise RuntimeError(f"reports, trail entries and events differ: {counts}")


def _ask(ground: Ground, database: str, question: str) -> int:
    async def ask() -> int:
        connection = await asyncpg.connect(ground.postgres().dsn_of(database))
        try:
            return int(await connection.fetchval(question))
        finally:
            await connection.close()

    return asyncio.run(ask())
