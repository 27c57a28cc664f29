"""RateLimit: a burst, then a pace; by key; bounded; and the answer says when to come again."""

import pytest

from shared.errors import Unavailable
from shared.http.problems import of_error
from shared.http.rate_limit import RateLimit


class Seconds:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def waits(limit: RateLimit, key: str) -> int:
    with pytest.raises(Unavailable) as refused:
        limit.take(key)
    return int(refused.value.data["retry_after"])


def test_after_a_burst_one_may_come_once_in_so_many_seconds() -> None:
    clock = Seconds()
    limit = RateLimit(3, 10, clock=clock)
    for _ in range(3):
        limit.take("a")
    assert waits(limit, "a") == 10
    clock.now += 9.5
    assert waits(limit, "a") == 1
    clock.now += 0.5
    limit.take("a")
    assert waits(limit, "a") == 10
    clock.now += 1000
    for _ in range(3):
        limit.take("a")
    assert waits(limit, "a") == 10


def test_who_is_refused_is_not_counted_and_asking_alone_counts_nothing() -> None:
    clock = Seconds()
    limit = RateLimit(1, 10, clock=clock)
    for _ in range(5):
        limit.check("a")
    limit.take("a")
    for _ in range(5):
        assert waits(limit, "a") == 10
    with pytest.raises(Unavailable):
        limit.check("a")
    limit.take("b")


def test_it_holds_so_many_keys_and_forgets_who_was_quiet_longest() -> None:
    limit = RateLimit(1, 10, most_keys=2, clock=Seconds())
    for key in "abc":
        limit.take(key)
    assert len(limit._free_at) == 2
    limit.take("a")
    assert waits(limit, "c") == 10


def test_the_answer_is_a_429_in_two_languages_that_says_when_to_come_again() -> None:
    limit = RateLimit(1, 30, clock=Seconds())
    limit.take("a")
    with pytest.raises(Unavailable) as refused:
        limit.take("a")
    answer = of_error(refused.value)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
    assert "30 秒" in refused.value.zh
    assert "30 seconds" in refused.value.en
