"""Supervision's own metrics, declared once: what each means, and what to do about it. Labels are bounded."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from services.supervision.clocks.clock import Kind

_LATE = (0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 3600, 86400)


class WatchMetrics:
    """The metrics of the watch on one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.fired = Counter(
            "gridgov_escalation_steps",
            "Steps of the ladder taken, by step. A burst of reminders means that units do not keep up: see /overdue.",
            ("step",),
            registry=registry,
        )
        self.late_seconds = Histogram(
            "gridgov_clock_late_seconds",
            "Time from a step's instant to its being taken. If p99 exceeds 2 s while running, the watch is overloaded "
            "or was away; clocks that start past due count here too.",
            buckets=_LATE,
            registry=registry,
        )
        self.overdue = Gauge(
            "gridgov_clocks_overdue",
            "Running clocks past their limit, by kind. Growing: orders lie unaccepted or unresolved, see /overdue.",
            ("kind",),
            registry=registry,
        )
        self.failures = Counter(
            "gridgov_watch_failures",
            "Rounds of the watch that failed and were tried again. A steady stream: nothing fires; see watch.failed.",
            registry=registry,
        )

        self.set_aside = Gauge(
            "gridgov_clocks_set_aside",
            "Clocks that cannot be fired and are passed over until the next start. Any: see watch.clock_set_aside in the "
            "log, and `gridgov audit`.",
            registry=registry,
        )

    def overdue_now(self, counts: Mapping[Kind, int]) -> None:
        for kind in Kind:
            self.overdue.labels(kind.value).set(counts.get(kind, 0))
