"""The public contract: every event has an example and a schema on file, and no change may break a reader.

A new event: `python -m tests.contracts.test_events` writes its schema; its example is written by hand, once. An example
is never edited afterwards, because messages like it lie in topics.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.bus.port import Record
from shared.clock import SetClock
from shared.events.base import Event
from shared.events.catalog import BY_TYPE, EVENTS
from shared.events.codec import Undecodable, decode, headers_of, value_of
from shared.events.intake.reports import ReportSubmitted
from shared.events.topics import TOPICS
from shared.telemetry.context import continued
from tests.conftest import NOON

HERE = Path(__file__).parent / "events"


def example_of(event: type[Event]) -> Path:
    return HERE / f"{event.type}.example.json"


def schema_of(event: type[Event]) -> Path:
    return HERE / f"{event.type}.schema.json"


def schema(event: type[Event]) -> dict[str, Any]:
    return event.model_json_schema(mode="serialization")


def breaks(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Why a reader of `old` could not read what a writer of `new` sends, or a reader of `new` what lies in the topic."""
    problems = []
    was, now = old["properties"], new["properties"]
    problems += [f"field {name} is gone" for name in was if name not in now]
    problems += [
        f"field {name} changed from {_kind(was[name])} to {_kind(now[name])}"
        for name in was
        if name in now and _kind(was[name]) != _kind(now[name])
    ]
    needed = set(new.get("required", ())) - set(old.get("required", ()))
    problems += [f"field {name} is required now, and old messages lack it" for name in sorted(needed)]
    return problems


def _kind(field: dict[str, Any]) -> str:
    return json.dumps({k: v for k, v in field.items() if k not in {"title", "description", "default"}}, sort_keys=True)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_an_example_from_the_topic_is_still_read(event: type[Event]) -> None:
    data = json.loads(example_of(event).read_text("utf-8"))
    read = event.model_validate(data)
    assert json.loads(read.model_dump_json()).items() >= data.items()


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_the_schema_has_not_changed_unnoticed(event: type[Event]) -> None:
    """Additive: write the schema anew. Breaking: make a new class with the next version in its type."""
    on_file = json.loads(schema_of(event).read_text("utf-8"))
    assert breaks(on_file, schema(event)) == []
    assert on_file == schema(event), "additive change: run python -m tests.contracts.test_events and commit the schema"


def test_a_breaking_change_is_refused() -> None:
    old = schema(ReportSubmitted)
    without = json.loads(json.dumps(old))
    del without["properties"]["number"]
    other = json.loads(json.dumps(old))
    other["properties"]["number"] = {"type": "integer"}
    more = json.loads(json.dumps(old))
    more["properties"]["extra"] = {"type": "string"}
    more["required"].append("extra")
    assert breaks(old, without) == ["field number is gone"]
    assert "changed" in breaks(old, other)[0]
    assert "required" in breaks(old, more)[0]


def test_an_added_field_that_readers_do_not_know_is_ignored() -> None:
    event = ReportSubmitted
    data = {**json.loads(example_of(event).read_text("utf-8")), "a_field_of_next_year": 1}
    assert event.model_validate(data) == event.model_validate_json(example_of(event).read_text("utf-8"))


def test_types_are_unique_versioned_and_their_topics_are_declared() -> None:
    assert len(BY_TYPE) == len(EVENTS)
    topics = {topic.name for topic in TOPICS}
    for event in EVENTS:
        assert event.type.startswith("gridgov.")
        assert event.type.rpartition(".v")[2].isdigit()
        assert event.topic in topics


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_an_event_survives_the_way_through_a_message(event: type[Event]) -> None:
    made = event.model_validate_json(example_of(event).read_text("utf-8"))
    trace = continued("abc-1", None)
    headers = headers_of(made, source="intake", at=SetClock(NOON).now(), trace=trace)
    record = Record(event.topic, 0, 0, made.key, value_of(made), headers, NOON)
    envelope = decode(record, BY_TYPE)
    assert envelope is not None
    assert envelope.event == made
    assert str(envelope.id) == headers["ce_id"]
    assert envelope.trace is not None
    assert envelope.trace.correlation_id == "abc-1"
    assert envelope.trace.traceparent.split("-")[1] == trace.traceparent.split("-")[1]


def _record(**changed: Any) -> Record:
    event = EVENTS[2].model_validate_json(example_of(EVENTS[2]).read_text("utf-8"))
    headers = headers_of(event, source="intake", at=NOON, trace=None)
    fields: dict[str, Any] = {"key": event.key, "value": value_of(event), "headers": headers}
    for name, value in changed.items():
        if name in fields:
            fields[name] = value
        else:
            fields["headers"] = {**headers, name: value}
    return Record(event.topic, 0, 0, at=NOON, **fields)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"ce_id": ""}, "ce_id"),
        ({"ce_id": "not-a-uuid"}, "ce_id"),
        ({"headers": {}}, "ce_type"),
        ({"key": None}, "key"),
        ({"value": None}, "value"),
        ({"value": b"not json"}, "does not fit"),
        ({"value": b'{"report_id": 7}'}, "does not fit"),
    ],
)
def test_what_is_no_readable_event_is_undecodable_with_the_reason(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(Undecodable, match=reason):
        decode(_record(**changed), BY_TYPE)


def test_an_unknown_type_is_somebody_elses_business() -> None:
    assert decode(_record(ce_type="gridgov.weather.changed.v1"), BY_TYPE) is None
    assert decode(_record(ce_type="gridgov.report.submitted.v2"), BY_TYPE) is None


if __name__ == "__main__":
    for each in EVENTS:
        schema_of(each).write_text(
            json.dumps(schema(each), ensure_ascii=False, indent=2, sort_keys=True) + "\n", "utf-8"
        )
