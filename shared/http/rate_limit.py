"""RateLimit: how often one caller may do something; beyond that a 429 says when to come again.

Per process and in memory: what is counted is forgotten with a restart, and is never written anywhere. It holds at most
`most_keys` callers; who was quiet longest is forgotten first, so whoever has many addresses meets the limit of all.
"""

from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from time import monotonic

from shared.errors import Unavailable

RATE_LIMITED = Unavailable.row(
    "rate_limited",
    "操作太频繁，请 {wait} 秒后再试；已填写的内容请保留。",
    "too often just now; try again in {wait} seconds, and keep what you wrote.",
)


class RateLimit:
    """`burst` times at once, then once in `seconds` (the generic cell rate algorithm: one number per key)."""

    def __init__(
        self, burst: int, seconds: float, *, most_keys: int = 10_000, clock: Callable[[], float] = monotonic
    ) -> None:
        self._seconds, self._ahead = seconds, seconds * (burst - 1)
        self._most_keys, self._clock = most_keys, clock
        self._free_at: OrderedDict[str, float] = OrderedDict()

    def check(self, key: str) -> None:
        """Raise Unavailable (429) when `key` must wait; nothing is counted."""
        wait = self._free_at.get(key, 0.0) - self._ahead - self._clock()
        if wait > 0:
            raise RATE_LIMITED(wait=ceil(wait), data={"retry_after": ceil(wait)})

    def take(self, key: str) -> None:
        """Count one for `key`. Raises Unavailable (429) when it must wait; then nothing is counted."""
        self.check(key)
        self._free_at[key] = max(self._free_at.pop(key, 0.0), self._clock()) + self._seconds
        if len(self._free_at) > self._most_keys:
            self._free_at.popitem(last=False)
