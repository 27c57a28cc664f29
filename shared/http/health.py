"""Liveness and readiness. Alive: the process answers. Ready: every part it needs answers now, each named.

A service that lost its database is alive and not ready; restarting it would not help.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import perf_counter
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shared.db.fair_pool import first_in_line
from shared.http import problems
from shared.telemetry import logs
from shared.telemetry.trouble import Trouble

Check = Callable[[], Awaitable[object]]
"""Returns when the part answers, raises otherwise."""
CHECK_SECONDS: Final = 2.0


async def livez(_: Request) -> Response:
    return JSONResponse({"status": "alive"})


async def run_checks(checks: Mapping[str, Check]) -> dict[str, dict[str, Any]]:
    """Each check's outcome by name: `ok`, `ms`, and the class of the error where it failed."""

    async def run(check: Check) -> dict[str, Any]:
        started = perf_counter()
        outcome: dict[str, Any] = {"ok": True}
        try:
            # A crowd that waits for connections is the limiter's concern (concurrency_limit.py), not a missing database.
            with first_in_line():
                async with asyncio.timeout(CHECK_SECONDS):
                    await check()
        except Exception as error:  # noqa: BLE001 - whatever it is, the part does not answer
            outcome = {"ok": False, "error": type(error).__name__}
        return {**outcome, "ms": round((perf_counter() - started) * 1000, 1)}

    outcomes = await asyncio.gather(*(run(check) for check in checks.values()))
    return dict(zip(checks, outcomes, strict=True))


def readyz(checks: Mapping[str, Check]) -> Callable[[Request], Awaitable[Response]]:
    """`GET /readyz`: 200 when all `checks` pass, else a 503 problem that names those that do not."""

    trouble = Trouble(logs.logger("health"))

    async def ready(request: Request) -> Response:
        outcomes = await run_checks(checks)
        failed = [name for name, outcome in outcomes.items() if not outcome["ok"]]
        if not failed:
            trouble.over()
            return JSONResponse({"status": "ready", "checks": outcomes})
        trouble.waits(logs.NOT_READY, ",".join(failed))
        return problems.problem(
            503,
            "not_ready",
            f"尚未就绪：{'、'.join(failed)}",
            f"not ready: {', '.join(failed)}",
            english=problems.prefers_english(request.headers.get("accept-language")),
            data={"checks": outcomes},
            headers={"retry-after": str(problems.RETRY_AFTER_SECONDS)},
        )

    return ready
