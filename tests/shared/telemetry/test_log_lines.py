"""Log lines are JSON, carry the trace, and never personal data; noisy libraries are held back."""

import json
import logging
from io import StringIO
from typing import Any

import pytest
import sqlalchemy.exc

from shared.errors import Invalid
from shared.telemetry import context, logs
from shared.telemetry.logs import RateLimit, describe


@pytest.fixture
def out() -> StringIO:
    out = StringIO()
    logs.configure(out, noisy_lines=2, per_seconds=3600)
    return out


def lines(out: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_has_its_event_its_data_its_component_and_the_trace(out: StringIO) -> None:
    trace = context.continued("call-1", None)
    with context.bound(trace):
        logs.logger("relay", service="intake").warning(logs.RELAY_WAITS, seconds=0.5)
    line = lines(out)[0]
    assert (line["event"], line["component"], line["service"]) == ("relay.waits", "relay", "intake")
    assert (line["level"], line["seconds"], line["correlation_id"]) == ("warning", 0.5, "call-1")
    assert line["trace_id"] == trace.traceparent.split("-")[1]
    assert str(line["at"]).endswith("+00:00")


def test_a_logger_made_before_the_configuration_follows_it() -> None:
    early = logs.logger("early")
    out = StringIO()
    logs.configure(out)
    early.info(logs.SERVICE_STARTED)
    assert lines(out)[0]["component"] == "early"


def test_keys_that_could_carry_personal_data_are_dropped_and_named(out: StringIO) -> None:
    logs.logger("x").info(
        "e", phone="13800001111", reporter_name="张三", text="secret", id="1", inner={"token": "secret", "ok": 1}
    )
    line = lines(out)[0]
    assert line["id"] == "1"
    assert line["inner"] == {"ok": 1, "dropped": ["token"]}
    assert sorted(line["dropped"]) == ["phone", "reporter_name", "text"]
    for secret in ("13800001111", "张三", "secret"):
        assert secret not in out.getvalue()


def test_an_error_deep_in_a_library_says_which_of_our_lines_led_there() -> None:
    library = "def dig(n): return dig(n - 1) if n else 1 / 0"
    scope: dict[str, Any] = {}
    exec(compile(library, "/x/site-packages/deep/dig.py", "exec"), scope)
    with pytest.raises(ZeroDivisionError) as error:
        scope["dig"](30)
    frames = describe(error.value)["frames"]
    assert any("test_log_lines.py" in frame for frame in frames)
    assert frames[-1] == "deep/dig.py:1 dig"


def test_a_line_that_json_cannot_hold_is_written_all_the_same(out: StringIO) -> None:
    logs.logger("x").info("e", odd="\ud800", thing=object())
    assert lines(out)[0]["event"]


def test_an_exceptions_text_is_kept_only_where_it_cannot_quote_a_person(out: StringIO) -> None:
    log = logs.logger("x")
    for error in (
        ValueError("13800001111"),
        KeyError("13800001111"),
        sqlalchemy.exc.IntegrityError("INSERT", {"phone": "13800001111"}, Exception("Key (phone)=(13800001111)")),
    ):
        try:
            raise error
        except Exception:
            log.exception(logs.RELAY_FAILED)
    assert "13800001111" not in out.getvalue()
    assert lines(out)[0]["error"] == "builtins.ValueError"
    assert "test_log_lines.py" in out.getvalue()
    assert describe(TypeError("f() missing 1 argument"))["reason"] == "f() missing 1 argument"
    assert describe(Invalid("a_code", "中", "en"))["reason"] == "a_code"


def test_a_cause_is_named(out: StringIO) -> None:
    try:
        try:
            raise OSError(5, "x")
        except OSError as inner:
            raise RuntimeError("outer") from inner
    except RuntimeError as error:
        assert describe(error)["cause"] == "builtins.OSError"


def test_libraries_speak_json_and_are_held_back_when_they_flood(out: StringIO) -> None:
    library = logging.getLogger("aiokafka.conn")
    for attempt in range(50):
        library.error("Unable to connect to broker %s", attempt)
    library.error("Something else")
    library.info("chatter")
    written = lines(out)
    assert [line["message"] for line in written] == [
        "Unable to connect to broker 0",
        "Unable to connect to broker 1",
        "Something else",
    ]
    assert written[0]["event"] == logs.FOREIGN


def test_what_was_held_back_is_counted_with_the_next_line(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(logs.time, "monotonic", lambda: now[0])
    limit = RateLimit(2, 10)

    def record() -> logging.LogRecord:
        return logging.LogRecord("a", logging.ERROR, "", 0, "same", None, None)

    assert [limit.filter(record()) for _ in range(5)] == [True, True, False, False, False]
    now[0] += 10
    later = record()
    assert limit.filter(later)
    assert later.suppressed == 3
