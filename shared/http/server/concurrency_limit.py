"""ConcurrencyLimit: how many requests a service answers at once, and the refusal of those beyond.

What must hold: whoever is let in is answered soon, however many come; whoever is not learns it at once, with nothing
read, checked or changed, and with the time after which to ask again. Health and metrics are always let in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from time import perf_counter
from typing import Any, Final

from starlette.types import Scope

from shared.errors import Unavailable
from shared.http import problems
from shared.telemetry import context
from shared.telemetry.metrics import Metrics

MOST: Final = 400
"""Requests answered at once at most, however quick each is: it bounds memory and what waits for the database."""
LEAST: Final = 32
"""How far the limit may fall. With fewer a group commit would be small and the database stand idle. With 64 a machine that
answers 20 a second lets each wait for three seconds, which the pool of connections does not bear."""
SOON: Final = 0.5
"""Seconds that a request may take on average, its waiting included, before fewer are let in. Callers give up after some
seconds and ask again: an answer that comes later was work for nobody, and brings more."""
UNGUARDED: Final = frozenset({"/livez", "/readyz", "/metrics"})
"""Paths that are answered however busy the service is."""
PASSED: Final = "gridgov.limiter"
"""Key in an ASGI scope: the limiter that has let this request in already."""
SEAT: Final = "gridgov.seat"
"""Key in an ASGI scope: how this request is counted, for what waits for its caller (`step_out`)."""
_WINDOW, _FEWEST = 0.25, 8
"""The limit is set anew after so many seconds and answers."""
_CROWDED_SECONDS: Final = 1.0

Header = tuple[bytes, bytes]


def busy() -> Unavailable:
    return Unavailable("busy", "现在请求太多，请稍后重试", "too many requests now; try again shortly")


@dataclass(slots=True)
class _Window:
    """What was seen since the limit was last set."""

    since: float
    standing: int
    """The fewest that were in at once: who had to wait all the time."""
    answers: int = 0
    seconds: float = 0.0
    reached: bool = False
    """Somebody was refused."""


class ConcurrencyLimit:
    """The limit of one service.

    A limit in requests is a wait that differs from machine to machine and from hour to hour: of `limit` requests at R
    answers a second each waits `limit / R` (Little's law). So the wait is what is held, and the limit follows it: it is
    cut when those let in take longer than `soon`, and grows again when they do not.

    `route`: where one process stands before several services, the name of this one's, as its requests are counted.
    """

    def __init__(
        self,
        metrics: Metrics,
        service: str,
        *,
        route: str | None = None,
        most: int = MOST,
        soon: float = SOON,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._most, self._soon, self._clock = most, soon, clock
        self._limit = float(most)
        self._last_full = float("-inf")
        self._window = _Window(clock(), 0)
        self._refused = metrics.http_refused.labels(service, busy().code)
        self._answered = cache(
            lambda method: metrics.http_requests.labels(service, method, route or "unmatched", "503")
        )
        self.in_flight = 0
        name = f"{service}.{route}" if route else service
        metrics.http_in_flight.labels(name).set_function(lambda: self.in_flight)
        metrics.http_limit.labels(name).set_function(lambda: self.limit)

    @property
    def limit(self) -> int:
        return int(self._limit)

    def full(self) -> bool:
        if self.in_flight < self.limit:
            return False
        self._window.reached, self._last_full = True, self._clock()
        return True

    def crowded(self) -> bool:
        """Whether somebody was refused within the last second: what can wait should."""
        return self._clock() - self._last_full < _CROWDED_SECONDS

    def enter(self) -> None:
        self.in_flight += 1

    def leave(self, seconds: float) -> None:
        """A request that was let in has its answer, after `seconds`."""
        self.in_flight -= 1
        window = self._window
        window.standing = min(window.standing, self.in_flight)
        window.answers += 1
        window.seconds += seconds
        if window.answers >= _FEWEST and (now := self._clock()) - window.since >= _WINDOW:
            self._adapt(window)
            self._window = _Window(now, self.in_flight)

    def _adapt(self, window: _Window) -> None:
        mean = window.seconds / window.answers
        if mean > self._soon:
            # A few that take long (an export, a slow disk) are no queue: with fewer none would be quicker. Nor is a burst
            # (a stall, whose requests then come at once), which is gone in a moment. What stays in is one, however far from
            # the limit (on a slow machine); so the least there were is what is cut.
            standing = self._limit if window.reached else min(self._limit, window.standing)
            if standing > LEAST:
                self._limit = max(LEAST, standing * max(0.5, self._soon / mean))
        elif window.reached or mean < self._soon / 2:
            self._limit = min(self._most, self._limit * 1.1)

    def refuse(self, method: str) -> None:
        """Count a request that was sent away without a look."""
        self._refused.inc()
        self._answered(method).inc()


class Seat:
    """One request that was let in, counted from now until `leave`, which it may do early, and only once.

    `streams`: its answer goes on until somebody ends it, so a server that stops does not wait for that."""

    __slots__ = ("_began", "_limiter", "answered_after", "streams")

    def __init__(self, limiter: ConcurrencyLimit) -> None:
        limiter.enter()
        self._limiter: ConcurrencyLimit | None = limiter
        self._began = perf_counter()
        self.streams = False
        self.answered_after: float | None = None
        """Seconds after which it stepped out."""

    def leave(self) -> None:
        limiter, self._limiter = self._limiter, None
        if limiter is not None:
            limiter.leave(perf_counter() - self._began)

    def step_out(self, *, stream: bool) -> None:
        self.streams = stream
        self.answered_after = perf_counter() - self._began
        self.leave()


def step_out(scope: Scope, *, stream: bool = False) -> None:
    """This request is no longer one of those whose answers the limit is about: from now on it waits for its caller (an
    upload) or for news (a stream). Who steps out has a bound of its own."""
    seat: Seat | None = scope.get(SEAT)
    if seat is not None:
        seat.step_out(stream=stream)


_MARK: Final = b"0" * 32


def refusal(headers: Sequence[Header], more: tuple[Header, ...], *, close: bool) -> bytes:
    """The answer to a request with `headers` that was not let in, as it goes over the wire (HTTP/1.1): rendered once
    per language, since under load this is what the process does most."""
    language = correlation = b""
    for name, value in headers:
        if name == b"accept-language":
            language = value
        elif name == b"x-correlation-id":
            correlation = value
    head, body = _template(problems.prefers_english(language.decode("latin-1")) if language else False, more)
    mark = context.continued(correlation.decode("latin-1"), None).correlation_id.encode()
    return b"%s%d\r\nx-correlation-id: %s\r\n%s\r\n%s" % (
        head,
        len(body) - len(_MARK) + len(mark),
        mark,
        b"connection: close\r\n" if close else b"",
        body.replace(_MARK, mark),
    )


@cache
def _template(english: bool, more: tuple[Header, ...]) -> tuple[bytes, bytes]:
    with context.bound(context.Trace(_MARK.decode(), "")):
        answer: Any = problems.of_error(busy(), "en" if english else "zh")
    lines = [name + b": " + value for name, value in (*answer.raw_headers, *more) if name != b"content-length"]
    return b"\r\n".join([b"HTTP/1.1 503 Service Unavailable", *lines, b"content-length: "]), bytes(answer.body)
