"""Log lines: one JSON object each, with a constant event name, ids as data, and never personal data.

Names of events are the constants here. A key that could carry personal data or a secret is dropped from every line,
whoever wrote it (`DROPPED`); free text of an exception is kept only where our own code or a programming error wrote it.
"""

import json
import logging
import sys
import time
import traceback
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, TextIO, cast

import structlog
from pydantic_core import to_json

from shared.errors import GridGovError
from shared.telemetry import context

HTTP_REQUEST: Final = "http.request"
HTTP_FAILED: Final = "http.failed"
HTTP_UNAVAILABLE: Final = "http.unavailable"
NOT_READY: Final = "health.not_ready"
SERVICE_STARTED: Final = "service.started"
SERVICE_STOPPED: Final = "service.stopped"
RELAY_WAITS: Final = "relay.waits"
RELAY_FAILED: Final = "relay.failed"
LIVE_FAILED: Final = "live.failed"
EVENT_TOO_LARGE: Final = "relay.event_too_large"
CONSUMER_WAITS: Final = "consumer.waits"
CONSUMER_FENCED: Final = "consumer.fenced"
CONSUMER_HALTED: Final = "consumer.halted"
BATCH_SPLIT: Final = "consumer.batch_split"
EVENT_DEAD_LETTERED: Final = "consumer.event_dead_lettered"
FOREIGN: Final = "library.message"
"""A line that a library wrote through `logging`; `logger` and `message` say which and what."""

DROPPED: Final = frozenset(
    {"name", "phone", "mobile", "telephone", "email", "id_card", "reporter", "citizen", "address"}
    | {"text", "title", "body", "content", "parameters", "params", "idempotency_key"}
    | {"password", "secret", "token", "authorization", "cookie"}
)
_DROPPED_ENDINGS: Final = ("_name", "_phone", "_text", "_token", "_address", "_password", "_secret")
_TELLING: Final = (ArithmeticError, AssertionError, AttributeError, ImportError, NameError, RuntimeError, TypeError)
_FRAMES: Final = 8


def logger(component: str, /, **bound: Any) -> structlog.typing.FilteringBoundLogger:
    """A logger whose lines carry `component` and `bound`. Call it with an event name from here and keyword data."""
    # Lazy: it takes the configuration at its first line, so it may be made before `configure` ran.
    return cast("structlog.typing.FilteringBoundLogger", structlog.get_logger(component=component, **bound))


def configure(
    stream: TextIO | None = None, *, level: str = "info", noisy_lines: int = 5, per_seconds: float = 10
) -> None:
    """Send all lines, ours and those of libraries, as JSON to `stream` (default standard output) from `level` up.

    A library may write `noisy_lines` lines of one kind in `per_seconds` seconds; the rest is counted and told with
    the next one (aiokafka writes ten a second while a broker is down).
    """
    out = stream if stream is not None else sys.stdout
    lowest = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[_complete, _redact, _render],
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(_JsonFormatter())
    handler.addFilter(RateLimit(noisy_lines, per_seconds))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Libraries' chatter below a warning holds addresses with their queries (httpx2, uvicorn.access); ours does not.
    root.setLevel(max(lowest, logging.WARNING))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        library = logging.getLogger(name)
        library.handlers.clear()
        library.propagate = True
        library.setLevel(logging.NOTSET)


def describe(error: BaseException) -> dict[str, Any]:
    """What may be written about `error`: its class, where it came from, and the text where it cannot hold user data.

    Database and validation errors quote the values they refuse, so their text stays out.
    """
    facts: dict[str, Any] = {"error": f"{type(error).__module__}.{type(error).__qualname__}"}
    if isinstance(error, GridGovError):
        facts["reason"] = error.code
    elif isinstance(error, _TELLING):
        facts["reason"] = str(error)[:300]
    original = getattr(error, "orig", None) or error
    if state := getattr(original, "sqlstate", None):
        facts["sqlstate"] = state
    facts["frames"] = _frames(error)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and cause is not error:
        facts["cause"] = f"{type(cause).__module__}.{type(cause).__qualname__}"
    return facts


def _frames(error: BaseException) -> list[str]:
    """Where it came from: the last frames of our own code, which say why, and the last two of all, which say where."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "site-packages" not in frame.filename][-_FRAMES:]
    chosen = [frame for frame in frames if frame in own or frame in frames[-2:]]
    return [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in chosen]


class RateLimit(logging.Filter):
    """Lets through `lines` records of one kind (logger and message template) in `seconds`, and counts the others."""

    _MOST_KINDS = 1000

    def __init__(self, lines: int, seconds: float) -> None:
        super().__init__()
        self._lines, self._seconds = lines, seconds
        self._windows: dict[tuple[str, str], list[float]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        kind = (record.name, str(record.msg)[:200])
        now = time.monotonic()
        window = self._windows.get(kind)
        if window is None or now - window[0] >= self._seconds:
            record.suppressed = int(window[2]) if window else 0
            if len(self._windows) >= self._MOST_KINDS:
                self._windows.clear()
            self._windows[kind] = [now, 1, 0]
            return True
        if window[1] < self._lines:
            window[1] += 1
            return True
        window[2] += 1
        return False


def _complete(_: Any, level: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    trace = context.current()
    if trace is not None:
        line.setdefault("correlation_id", trace.correlation_id)
        line["trace_id"] = trace.traceparent[3:35]
    error = line.pop("exc_info", None)
    if error:
        if not isinstance(error, BaseException):
            error = error[1] if isinstance(error, tuple) else sys.exc_info()[1]
        if error is not None:
            line.update(describe(error))
    line["level"] = level
    line["at"] = datetime.now(UTC).isoformat(timespec="milliseconds")
    return line


@lru_cache(maxsize=2000)
def _to_drop(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Lines of one call have the same keys each time, so this is decided once per call, not once per line."""
    return tuple(key for key in keys if key in DROPPED or key.endswith(_DROPPED_ENDINGS))


def _redact(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    dropped = _to_drop(tuple(line))
    for key in dropped:
        del line[key]
    if dropped:
        line["dropped"] = dropped
    for key, value in line.items():
        if type(value) is dict:
            line[key] = _redact(None, "", {str(name): part for name, part in value.items()})
    return line


def _render(_: Any, __: str, line: Mapping[str, Any]) -> str:
    try:
        return to_json(line, fallback=str).decode()
    except (ValueError, UnicodeError):  # a lone surrogate, a circle; a log line must never fail
        return json.dumps({key: repr(value) for key, value in line.items()})


class _JsonFormatter(logging.Formatter):
    """Lines of libraries in the same shape. Their tracebacks follow the same rule as ours."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {"event": FOREIGN, "logger": record.name, "message": record.getMessage()[:500]}
        if suppressed := getattr(record, "suppressed", 0):
            line["suppressed"] = suppressed
        if record.exc_info:
            line["exc_info"] = record.exc_info
        return _render(None, "", _redact(None, "", _complete(None, record.levelname.lower(), line)))
