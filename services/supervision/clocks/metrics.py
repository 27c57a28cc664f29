"""Supervision's own metrics, declared once: what each means, and what to do about it. Labels are bounded."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_LATE = (0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 3600, 86400)


class WatchMetrics:
    """The metrics of the watch on one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.steps = Counter(
            "gridgov_escalation_steps",
            "Steps of the ladder taken, by step. A burst of reminders means that units do not keep up: see /overdue.",
            ("step",),
            registry=registry,
        )
        self.late_seconds = Histogram(
            "gridgov_clock_late_seconds",
            "Time from a step's instant to its being taken. If p99 exceeds 2 s while running, the watch is overloaded "
            "or was away, or an owner told late; clocks that start past due count here too.",
            buckets=_LATE,
            registry=registry,
        )
        self.told_age_seconds = Gauge(
            "gridgov_told_age_seconds",
            "Time since the instant up to which the owner of a kind of thing has told everything. No step is taken "
            "beyond it. Above 60: the owner's relay stands still, or this service does not read its events.",
            ("thing",),
            registry=registry,
        )
        self.overdue = Gauge(
            "gridgov_clocks_overdue",
            "Running clocks past their limit. Growing: things lie unaccepted or unresolved, see /overdue.",
            ("thing", "name"),
            registry=registry,
        )
        self.failures = Counter(
            "gridgov_watch_failures",
            "Rounds of the watch that failed and were tried again. A steady stream: no step is taken; see watch.failed.",
            registry=registry,
        )

        self.set_aside = Gauge(
            "gridgov_clocks_set_aside",
            "Clocks whose steps cannot be taken, passed over until the next start. Any: see watch.clock_set_aside in the "
            "log, and `gridgov audit`.",
            registry=registry,
        )

    def overdue_now(self, counts: Mapping[tuple[str, str], int]) -> None:
        """By thing and name; what is not named any more is none."""
        self.overdue.clear()
        for (thing, name), count in counts.items():
            self.overdue.labels(thing, name).set(count)
