"""The trace that goes from a request to the last event."""

import asyncio
import re

import pytest

from shared.telemetry import context
from shared.telemetry.context import Trace, bound, continued

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_outside_of_any_work_there_is_no_trace() -> None:
    assert (context.current(), context.correlation_id(), context.traceparent()) == (None, None, None)


def test_a_valid_parent_keeps_its_trace_and_gets_a_new_span() -> None:
    trace = continued("call-1", PARENT)
    version, trace_id, span, flags = trace.traceparent.split("-")
    assert (version, trace_id, flags) == ("00", "0af7651916cd43dd8448eb211c80319c", "01")
    assert re.fullmatch(r"[0-9a-f]{16}", span)
    assert span != "b7ad6b7169203331"
    assert trace.correlation_id == "call-1"


def test_the_sampling_flag_is_kept_and_a_later_version_is_read() -> None:
    assert continued(None, PARENT[:-2] + "00").traceparent.endswith("-00")
    assert PARENT[3:35] in continued(None, "cc" + PARENT[2:] + "-what-comes-later").traceparent


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "x",
        PARENT.upper(),
        PARENT + "-x",
        "ff" + PARENT[2:],
        "00-" + "0" * 32 + "-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-" + "0" * 16 + "-01",
        PARENT[:-1],
        PARENT + "\n",
    ],
)
def test_an_invalid_parent_starts_a_new_trace(odd: str) -> None:
    trace = continued(None, odd)
    assert "0af7651916cd43dd8448eb211c80319c" not in trace.traceparent
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", trace.traceparent)
    assert trace.correlation_id == trace.traceparent[3:35]


def test_a_bound_trace_ends_with_its_block_and_does_not_reach_other_tasks() -> None:
    async def task(name: str) -> str | None:
        with bound(Trace(name, PARENT)):
            await asyncio.sleep(0)
            return context.correlation_id()

    async def both() -> list[str | None]:
        return list(await asyncio.gather(task("a"), task("b")))

    assert asyncio.run(both()) == ["a", "b"]
    assert context.correlation_id() is None
