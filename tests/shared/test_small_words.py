"""Clock, ids and errors: what everything else counts on."""

import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest

from shared import errors
from shared.clock import LOCAL, SetClock, SystemClock
from shared.db.transient import is_transient
from shared.errors import GridGovError, Kind
from shared.ids import new_id


def test_the_system_clock_tells_the_present_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_a_set_clock_stands_until_it_is_moved_and_answers_in_utc() -> None:
    clock = SetClock(datetime(2026, 1, 1, 8, tzinfo=LOCAL))
    assert clock.now() == clock.now() == datetime(2026, 1, 1, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
    clock.advance(timedelta(hours=1))
    assert clock.now() == datetime(2026, 1, 1, 1, tzinfo=UTC)
    clock.set(datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-5))))
    assert clock.now() == datetime(2026, 1, 1, 5, tzinfo=UTC)


def test_ids_are_standard_uuids_of_version_7_that_sort_by_time() -> None:
    made = [new_id() for _ in range(5000)]
    assert type(made[0]) is uuid.UUID
    assert {one.version for one in made} == {7}
    assert len(set(made)) == 5000
    assert made == sorted(made)


KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, GridGovError)]


@pytest.mark.parametrize("error", KINDS, ids=lambda error: error.__name__)
def test_an_error_says_what_it_is_in_two_languages(error: type[GridGovError]) -> None:
    one = error("code", "中文", "English", field="f", data={"a": 1})
    assert (one.code, one.zh, one.en, one.field, one.data) == ("code", "中文", "English", "f", {"a": 1})
    assert str(one) == "code: English"
    assert error("code", "", "").data == {}


def test_there_is_a_class_for_every_kind_and_only_unavailable_passes_by_itself() -> None:
    assert {error.kind for error in KINDS} == set(Kind)
    assert [error.kind for error in KINDS if is_transient(error("c", "", ""))] == [Kind.UNAVAILABLE]
