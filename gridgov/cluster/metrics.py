"""Metrics of a process in the cluster form, declared once: what each means, and what to do about it."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

from shared.http.health import Check, run_checks

MEASURE_SECONDS: Final = 5.0


class RoleMetrics:
    """Besides these, `process_*` and `python_gc_*` of prometheus_client: memory, processor time, open files."""

    def __init__(self, registry: CollectorRegistry, service: str, role: str) -> None:
        ready = Gauge(
            "gridgov_ready",
            "1 when everything this process needs answers. 0 for minutes: ask its /readyz, which names what is missing.",
            ("service", "role"),
            registry=registry,
        )
        ProcessCollector(registry=registry)
        GCCollector(registry=registry)
        self._ready = ready.labels(service, role)
        self._ready.set(0)

    async def watch(self, checks: Mapping[str, Check], stop: asyncio.Event) -> None:
        """Ask every few seconds until stopped; then not ready for good."""
        while not stop.is_set():
            outcomes = await run_checks(checks)
            self._ready.set(all(outcome["ok"] for outcome in outcomes.values()))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(MEASURE_SECONDS):
                    await stop.wait()
        self._ready.set(0)
