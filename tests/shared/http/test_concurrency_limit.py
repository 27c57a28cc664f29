"""The limiter of a service: its limit follows how long answers take, and it says when what can wait should."""

from dataclasses import dataclass, field

import pytest
from prometheus_client import CollectorRegistry

from shared.http.server.concurrency_limit import LEAST, MOST, SOON, ConcurrencyLimit
from shared.telemetry.metrics import Metrics


@dataclass
class Limited:
    """A limiter on a clock of its own, and the requests inside."""

    metrics: Metrics = field(default_factory=lambda: Metrics(CollectorRegistry()))
    now: float = 1000.0

    def __post_init__(self) -> None:
        self.limiter = ConcurrencyLimit(self.metrics, "things", clock=lambda: self.now)

    def crowd(self, seconds: float, each: float) -> None:
        """For so long, as many as fit, each answered after `each` seconds (the limiter's clock goes on)."""
        end = self.now + seconds
        while self.now < end:
            while not self.limiter.full():
                self.limiter.enter()
            self.now += 0.3
            for _ in range(10):
                self.limiter.leave(each)


@pytest.fixture
def limited() -> Limited:
    return Limited()


def test_a_quiet_limiter_lets_in_as_many_as_it_ever_does(limited: Limited) -> None:
    assert limited.limiter.limit == MOST
    assert not limited.limiter.full()
    assert not limited.limiter.crowded()


def test_answers_that_come_late_cut_the_limit_but_never_below_the_least(limited: Limited) -> None:
    limited.crowd(0.3, each=SOON * 1.5)
    assert limited.limiter.limit == int(MOST / 1.5)
    limited.crowd(60, each=30.0)
    assert limited.limiter.limit == LEAST


def test_one_slow_moment_at_most_halves_the_limit(limited: Limited) -> None:
    limited.crowd(0.3, each=100.0)
    assert limited.limiter.limit == MOST // 2


def test_when_answers_are_quick_again_the_limit_comes_back(limited: Limited) -> None:
    limited.crowd(60, each=30.0)
    while limited.limiter.in_flight:
        limited.limiter.leave(0.01)
    for _ in range(60):
        limited.now += 0.3
        for _ in range(10):
            limited.limiter.enter()
            limited.limiter.leave(0.01)
    assert limited.limiter.limit == MOST


def test_a_few_slow_requests_are_no_crowd(limited: Limited) -> None:
    for _ in range(60):
        limited.now += 0.3
        for _ in range(10):
            limited.limiter.enter()
        for _ in range(10):
            limited.limiter.leave(20.0)
    assert limited.limiter.limit == MOST


def test_a_queue_on_a_slow_machine_is_cut_long_before_the_limit_is_reached(limited: Limited) -> None:
    """A hundred wait for a machine that answers ten in a moment; the limiter may let in four times as many."""
    for _ in range(100):
        limited.limiter.enter()
    for _ in range(20):
        limited.now += 0.3
        for _ in range(10):
            limited.limiter.leave(SOON * 5)
        for _ in range(10):
            if not limited.limiter.full():
                limited.limiter.enter()
    assert limited.limiter.limit == limited.limiter.in_flight == LEAST


def test_a_burst_that_is_gone_in_a_moment_is_no_queue(limited: Limited) -> None:
    """A stall of a second: what came meanwhile waited for it, and has its answers as soon as it ends."""
    for _ in range(20):
        for _ in range(150):
            limited.limiter.enter()
        limited.now += 1.0
        for _ in range(150):
            limited.limiter.leave(SOON * 1.5)
    assert limited.limiter.limit == MOST


def test_crowded_for_a_second_after_the_last_that_found_it_full(limited: Limited) -> None:
    for _ in range(MOST):
        assert not limited.limiter.full()
        limited.limiter.enter()
    assert not limited.limiter.crowded()
    assert limited.limiter.full()
    limited.now += 0.9
    assert limited.limiter.crowded()
    limited.now += 0.2
    assert not limited.limiter.crowded()


def test_limit_in_flight_and_refusals_are_metrics(limited: Limited) -> None:
    limited.limiter.enter()
    limited.limiter.refuse("POST")
    value = limited.metrics.registry.get_sample_value
    assert value("gridgov_http_in_flight", {"service": "things"}) == 1
    assert value("gridgov_http_limit", {"service": "things"}) == MOST
    assert value("gridgov_http_refused_total", {"service": "things", "code": "busy"}) == 1
    labels = {"service": "things", "method": "POST", "route": "unmatched", "status": "503"}
    assert value("gridgov_http_requests_total", labels) == 1
