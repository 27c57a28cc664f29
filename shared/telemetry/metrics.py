"""Every shared metric, declared once: what it means, and what to do about it.

The registry is passed in; all services of one process share one `Metrics` and differ by the label `service`. Labels are
bounded: route templates, event types and topics, never paths, ids or codes of units.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response

_REQUEST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_HANDLER = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5)
_AGE = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 3600)


class Metrics:
    """All shared metrics on one registry (two instances need two registries)."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        service = ("service",)

        self.http_requests = Counter(
            "gridgov_http_requests",
            "Answered requests. A rising share of 5xx needs a look at the log lines http.failed and http.unavailable.",
            (*service, "method", "route", "status"),
            registry=registry,
        )
        self.http_seconds = Histogram(
            "gridgov_http_seconds",
            "Time from a request's first byte to the end of its answer. If p99 grows, look at database and pool first.",
            (*service, "route"),
            buckets=_REQUEST,
            registry=registry,
        )
        self.http_in_flight = Gauge(
            "gridgov_http_in_flight",
            "Requests being answered now. At gridgov_http_limit new ones get 503.",
            service,
            registry=registry,
        )
        self.http_limit = Gauge(
            "gridgov_http_limit",
            "How many requests may be answered at once now; it falls when they take longer than half a second. Below "
            "400: too much is asked of the machine; add api processes, or find what is slow.",
            service,
            registry=registry,
        )
        self.live_watchers = Gauge(
            "gridgov_live_watchers",
            "Connections on which changes are told as they happen. At 500 in one process new ones get 503: add apis.",
            service,
            registry=registry,
        )
        self.http_refused = Counter(
            "gridgov_http_refused",
            "Requests refused before any endpoint, by code. `busy`: more came than can be answered soon (503), see "
            "gridgov_http_limit. Others: a broken client or an attack; see the address.",
            (*service, "code"),
            registry=registry,
        )
        self.uow_commits = Counter(
            "gridgov_uow_commits",
            "Transactions by outcome (committed, rolled_back). Many rolled_back without 4xx answers mean contention.",
            (*service, "outcome"),
            registry=registry,
        )
        self.uow_seconds = Histogram(
            "gridgov_uow_seconds",
            "Time a unit of work held its connection. If p99 grows, a statement is slow or waits for a lock.",
            service,
            buckets=_HANDLER,
            registry=registry,
        )
        self.outbox_pending = Gauge(
            "gridgov_outbox_pending",
            "Committed events not yet on the bus. Growing without end: the bus is away or the relay does not run.",
            service,
            registry=registry,
        )
        self.outbox_age_seconds = Gauge(
            "gridgov_outbox_age_seconds",
            "Age of the oldest committed event not yet on the bus. Above 60: look for relay.waits, then for long "
            "open transactions.",
            service,
            registry=registry,
        )
        self.outbox_sent = Counter(
            "gridgov_outbox_sent",
            "Events that the bus has confirmed. Standing still while pending grows: the relay is stuck.",
            service,
            registry=registry,
        )
        self.outbox_failures = Counter(
            "gridgov_outbox_failures",
            "Batches that the relay had to send again. A few after a broker's restart are normal.",
            service,
            registry=registry,
        )
        self.consumer_lag = Gauge(
            "gridgov_consumer_lag_messages",
            "Messages of a topic that a group has not committed. Growing: add workers (up to the partitions), or see "
            "handler time.",
            ("group", "topic"),
            registry=registry,
        )
        self.events_handled = Counter(
            "gridgov_events_handled",
            "Events that took effect. Zero while lag grows: the consumer waits or is halted.",
            ("group",),
            registry=registry,
        )
        self.events_repeated = Counter(
            "gridgov_events_repeated",
            "Events delivered again and skipped. A steady stream means offsets are not committed.",
            ("group",),
            registry=registry,
        )
        self.events_failed = Counter(
            "gridgov_events_failed",
            "Failed attempts at an event or batch, retries included. See consumer.waits for the cause.",
            ("group",),
            registry=registry,
        )
        self.events_dead_lettered = Counter(
            "gridgov_events_dead_lettered",
            "Events sent to the dead letters. Any is a defect or a stranger: `gridgov dlq list`, mend, replay.",
            ("group",),
            registry=registry,
        )
        self.consumer_halted = Gauge(
            "gridgov_consumer_halted",
            "1 when a consumer stopped after too many dead letters in a row. Undo the last deploy, then restart.",
            ("group",),
            registry=registry,
        )
        self.handler_seconds = Histogram(
            "gridgov_handler_seconds",
            "Time of one handler call for the events of a batch. Above a second: look at its statements.",
            ("group", "handler"),
            buckets=_HANDLER,
            registry=registry,
        )
        self.handler_events = Counter(
            "gridgov_handler_events",
            "Events given to handlers, failed attempts included. With handler time: cost per event.",
            ("group", "handler"),
            registry=registry,
        )
        self.event_age_seconds = Histogram(
            "gridgov_event_age_seconds",
            "Time from an event's change to its effect here. If p99 exceeds 1 s, look at outbox age, then at consumer lag.",
            ("group",),
            buckets=_AGE,
            registry=registry,
        )


class ConsumerMetrics:
    """The metrics of one consumer group, with the labels already looked up."""

    def __init__(self, metrics: Metrics, group: str) -> None:
        self._metrics = metrics
        self._group = group
        self._handled = metrics.events_handled.labels(group)
        self._repeated = metrics.events_repeated.labels(group)
        self._failed = metrics.events_failed.labels(group)
        self._dead_lettered = metrics.events_dead_lettered.labels(group)
        self._halted = metrics.consumer_halted.labels(group)
        self._age = metrics.event_age_seconds.labels(group)

    @contextmanager
    def timed(self, handler: str, count: int) -> Iterator[None]:
        """Time one handler call for `count` events."""
        started = perf_counter()
        try:
            yield
        finally:
            self._metrics.handler_seconds.labels(self._group, handler).observe(perf_counter() - started)
            self._metrics.handler_events.labels(self._group, handler).inc(count)

    def handled(self, count: int, *, repeated: int = 0) -> None:
        self._handled.inc(count)
        if repeated:
            self._repeated.inc(repeated)

    def failed(self) -> None:
        self._failed.inc()

    def dead_lettered(self) -> None:
        self._dead_lettered.inc()

    def halted(self) -> None:
        self._halted.set(1)

    def age(self, seconds: float) -> None:
        """Note how long after its change an event took effect."""
        self._age.observe(seconds)

    def lag(self, topic: str, messages: int) -> None:
        self._metrics.consumer_lag.labels(self._group, topic).set(messages)


def metrics_endpoint(registry: CollectorRegistry) -> Callable[[Request], Awaitable[Response]]:
    """`GET /metrics`: the registry in Prometheus' text format."""

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return metrics
