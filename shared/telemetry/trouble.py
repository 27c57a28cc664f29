"""The log lines of a loop that waits trouble out: when it begins, when it becomes another, now and then while it lasts, and
when it is over. A line at every try would push all others out of the log.
"""

from time import monotonic
from typing import Any, Final

from structlog.typing import FilteringBoundLogger

OVER: Final = "trouble.over"
REMINDER_SECONDS: Final = 600.0


class Trouble:
    """Of one loop."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        self._log = log
        self._told: dict[tuple[str, str], float] = {}

    def waits(self, event: str, reason: str, **facts: Any) -> None:
        """What passes by itself."""
        if self._is_news(event, reason):
            self._log.warning(event, reason=reason, **facts)

    def failed(self, event: str, error: Exception) -> None:
        """What should not be; with its trace."""
        if self._is_news(event, type(error).__name__):
            self._log.error(event, exc_info=error)

    def over(self) -> None:
        """All went well: what comes next is news again."""
        if self._told:
            self._told.clear()
            self._log.info(OVER)

    def _is_news(self, event: str, reason: str) -> bool:
        now, told = monotonic(), self._told.get((event, reason))
        if told is not None and now - told < REMINDER_SECONDS:
            return False
        self._told[event, reason] = now
        return True
