"""aiokafka writes a line every 100 ms while a broker is down. This lets each message through once in ten seconds."""

import logging
import time
from collections.abc import Callable

_EVERY = 10.0


class Sparing(logging.Filter):
    """Drops a message that repeats the text (before its arguments) of one in the last ten seconds, and counts them."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._last: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        now = self._now()
        last, dropped = self._last.get(str(record.msg), (-_EVERY, 0))
        if now - last < _EVERY:
            self._last[str(record.msg)] = (last, dropped + 1)
            return False
        self._last[str(record.msg)] = (now, 0)
        if dropped:
            record.msg, record.args = f"{record.getMessage()} (and {dropped} more like it)", None
        return True


def quiet_aiokafka() -> None:
    """Attach the filter to every logger of aiokafka that exists by now. Calling it again changes nothing."""
    # Each one by itself: a filter on the parent does not see what its children log.
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] == "aiokafka":
            logger = logging.getLogger(name)
            if not any(isinstance(one, Sparing) for one in logger.filters):
                logger.addFilter(Sparing())
