"""Every shared metric says what it means and what to do, and the consumer's helper fills the right ones."""

import asyncio

import pytest
from prometheus_client import CollectorRegistry

from shared.telemetry.metrics import ConsumerMetrics, Metrics, metrics_endpoint


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(CollectorRegistry())


def test_every_metric_has_a_name_of_ours_and_says_what_to_do(metrics: Metrics) -> None:
    families = list(metrics.registry.collect())
    assert len(families) >= 20
    for family in families:
        assert family.name.startswith("gridgov_")
        assert re_sentences(family.documentation) >= 2, family.name


def re_sentences(text: str) -> int:
    return sum(text.count(mark) for mark in (". ", ": ", ".\n")) + text.endswith(".")


def test_a_consumers_metrics_carry_its_group(metrics: Metrics) -> None:
    consumer = ConsumerMetrics(metrics, "dispatch")
    with consumer.timed("open_work_orders", 3):
        pass
    consumer.handled(3, repeated=2)
    consumer.failed()
    consumer.dead_lettered()
    consumer.halted()
    consumer.age(0.2)
    consumer.lag("reports", 7)
    value, group = metrics.registry.get_sample_value, {"group": "dispatch"}
    assert value("gridgov_events_handled_total", group) == 3
    assert value("gridgov_events_repeated_total", group) == 2
    assert value("gridgov_events_failed_total", group) == 1
    assert value("gridgov_events_dead_lettered_total", group) == 1
    assert value("gridgov_consumer_halted", group) == 1
    assert value("gridgov_event_age_seconds_count", group) == 1
    assert value("gridgov_consumer_lag_messages", {**group, "topic": "reports"}) == 7
    typed = {**group, "handler": "open_work_orders"}
    assert value("gridgov_handler_events_total", typed) == 3
    assert value("gridgov_handler_seconds_count", typed) == 1


def test_a_handler_that_fails_is_timed_too(metrics: Metrics) -> None:
    with pytest.raises(ZeroDivisionError), ConsumerMetrics(metrics, "g").timed("t", 1):
        raise ZeroDivisionError
    assert metrics.registry.get_sample_value("gridgov_handler_seconds_count", {"group": "g", "handler": "t"}) == 1


def test_the_page_is_in_the_text_format(metrics: Metrics) -> None:
    metrics.outbox_sent.labels("intake").inc(5)
    answer = asyncio.run(metrics_endpoint(metrics.registry)(None))
    assert b'gridgov_outbox_sent_total{service="intake"} 5.0' in bytes(answer.body)
