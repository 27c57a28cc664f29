"""The door of a service: its limit follows how long answers take, and it says when what can wait should."""

from dataclasses import dataclass, field

import pytest
from prometheus_client import CollectorRegistry

from shared.http.server.concurrency_limit import LEAST, MOST, SOON, ConcurrencyLimit
from shared.telemetry.metrics import Metrics


@dataclass
class Door:
    """A door on a clock of its own, and the requests inside."""

    metrics: Metrics = field(default_factory=lambda: Metrics(CollectorRegistry()))
    now: float = 1000.0

    def __post_init__(self) -> None:
        self.admission = ConcurrencyLimit(self.metrics, "things", clock=lambda: self.now)

    def crowd(self, seconds: float, each: float) -> None:
        """For so long, as many as fit, each answered after `each` seconds (the door's clock goes on)."""
        end = self.now + seconds
        while self.now < end:
            while not self.admission.full():
                self.admission.enter()
            self.now += 0.3
            for _ in range(10):
                self.admission.leave(each)


@pytest.fixture
def door() -> Door:
    return Door()


def test_a_quiet_door_lets_in_as_many_as_it_ever_does(door: Door) -> None:
    assert door.admission.limit == MOST
    assert not door.admission.full()
    assert not door.admission.crowded()


def test_answers_that_come_late_cut_the_limit_but_never_below_the_least(door: Door) -> None:
    door.crowd(0.3, each=SOON * 1.5)
    assert door.admission.limit == int(MOST / 1.5)
    door.crowd(60, each=30.0)
    assert door.admission.limit == LEAST


def test_one_slow_moment_at_most_halves_the_limit(door: Door) -> None:
    door.crowd(0.3, each=100.0)
    assert door.admission.limit == MOST // 2


def test_when_answers_are_quick_again_the_limit_comes_back(door: Door) -> None:
    door.crowd(60, each=30.0)
    while door.admission.in_flight:
        door.admission.leave(0.01)
    for _ in range(60):
        door.now += 0.3
        for _ in range(10):
            door.admission.enter()
            door.admission.leave(0.01)
    assert door.admission.limit == MOST


def test_a_few_slow_requests_are_no_crowd(door: Door) -> None:
    for _ in range(60):
        door.now += 0.3
        for _ in range(10):
            door.admission.enter()
        for _ in range(10):
            door.admission.leave(20.0)
    assert door.admission.limit == MOST


def test_a_queue_on_a_slow_machine_is_cut_long_before_the_limit_is_reached(door: Door) -> None:
    """A hundred wait for a machine that answers ten in a moment; the door may let in four times as many."""
    for _ in range(100):
        door.admission.enter()
    for _ in range(20):
        door.now += 0.3
        for _ in range(10):
            door.admission.leave(SOON * 5)
        for _ in range(10):
            if not door.admission.full():
                door.admission.enter()
    assert door.admission.limit == door.admission.in_flight == LEAST


def test_a_burst_that_is_gone_in_a_moment_is_no_queue(door: Door) -> None:
    """A stall of a second: what came meanwhile waited for it, and has its answers as soon as it ends."""
    for _ in range(20):
        for _ in range(150):
            door.admission.enter()
        door.now += 1.0
        for _ in range(150):
            door.admission.leave(SOON * 1.5)
    assert door.admission.limit == MOST


def test_crowded_for_a_second_after_the_last_that_found_it_full(door: Door) -> None:
    for _ in range(MOST):
        assert not door.admission.full()
        door.admission.enter()
    assert not door.admission.crowded()
    assert door.admission.full()
    door.now += 0.9
    assert door.admission.crowded()
    door.now += 0.2
    assert not door.admission.crowded()


def test_limit_in_flight_and_refusals_are_metrics(door: Door) -> None:
    door.admission.enter()
    door.admission.refuse("POST")
    value = door.metrics.registry.get_sample_value
    assert value("gridgov_http_in_flight", {"service": "things"}) == 1
    assert value("gridgov_http_limit", {"service": "things"}) == MOST
    assert value("gridgov_http_refused_total", {"service": "things", "code": "busy"}) == 1
    labels = {"service": "things", "method": "POST", "route": "unmatched", "status": "503"}
    assert value("gridgov_http_requests_total", labels) == 1
