"""A watch outlives what fails: what passes by itself is told in a line, the rest with its trace."""

import asyncio

import pytest
from structlog.testing import capture_logs

from shared.db.looking import keep_looking
from shared.telemetry import logs
from shared.telemetry.trouble import OVER

pytestmark = pytest.mark.anyio


async def test_trouble_is_told_and_waited_out_until_stopped() -> None:
    stop = asyncio.Event()
    twice = [ConnectionRefusedError(), RuntimeError("broken")] * 2
    ends = iter([*twice, True, ConnectionRefusedError(), False])

    async def look() -> bool:
        end = next(ends)
        if isinstance(end, Exception):
            raise end
        if not end:
            stop.set()
        return end

    with capture_logs() as told:
        log = logs.logger("test")
        await keep_looking(look, stop, log, idle=60.0, pause=0.001, longest=0.001, failed="failed", waits="waits")
    assert [(line["event"], line["log_level"]) for line in told] == [
        ("waits", "warning"), ("failed", "error"), (OVER, "info"), ("waits", "warning"), (OVER, "info")
    ], "once each while it lasts, and again after it was over"  # fmt: skip
    assert next(ends, None) is None
