"""The wall screen for a day, with its clock sped up: what it holds in memory must not grow.

python -m tests.web.board_day [hours]        24 hours take some five minutes. Every quarter of a simulated minute it asks
for its numbers anew, changes are told meanwhile and the tour goes round. Prints memory, nodes and listeners each hour;
exits with 1 where the last hour holds more than the second by a tenth and 2 MB. No test of the suite: it takes too long.
"""

import sys
from dataclasses import dataclass
from time import monotonic
from typing import Final

from playwright.sync_api import CDPSession, Page, Request

from tests.support.browser import chromium
from tests.support.site import running_site, signed_in
from tests.web.states import WALL

STEP_MS: Final = 15_000
TOLD: Final = """(from) => {
  const channel = new BroadcastChannel('gridgov-changes')
  for (let index = from; index < from + 3; index++)
    channel.postMessage({ change: { service: 'dispatch', kind: 'work_order', id: String(index), action: 'accept', street: '' } })
  channel.close()
}"""


@dataclass(frozen=True, slots=True)
class Held:
    """What the page holds after its garbage was collected."""

    megabytes: float
    nodes: int
    listeners: int


def held(devtools: CDPSession) -> Held:
    for _ in range(2):
        devtools.send("HeapProfiler.collectGarbage")
    counted = devtools.send("Memory.getDOMCounters")
    used = devtools.send("Runtime.getHeapUsage")["usedSize"]
    return Held(used / 1e6, counted["nodes"], counted["jsEventListeners"])


class Asked:
    """What the page has asked and was not answered yet, but for the live changes, which never end."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._open: set[Request] = set()
        page.on("request", lambda request: request.resource_type == "eventsource" or self._open.add(request))
        page.on("requestfinished", lambda request: self._open.discard(request))
        page.on("requestfailed", lambda request: self._open.discard(request))

    def answered(self) -> None:
        """Return once everything is: simulated time must not run ahead of a busy machine."""
        while self._open:
            self._page.wait_for_timeout(2)


def hour(page: Page, asked: Asked, at: int) -> None:
    """An hour of the board, as fast as it is answered."""
    for step in range(3_600_000 // STEP_MS):
        page.clock.run_for(STEP_MS)
        asked.answered()
        if step % 8 == 0:
            page.evaluate(TOLD, at * 10_000 + step * 10)


def main(hours: int) -> int:
    with (
        running_site(demo=True) as site,
        chromium() as browser,
        signed_in(browser, site, "leader", viewport={"width": WALL[0], "height": WALL[1]}) as context,
    ):
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        asked = Asked(page)
        page.clock.install()
        page.goto("/app/board/")
        page.locator("[data-number=open] strong").wait_for()
        devtools = context.new_cdp_session(page)
        devtools.send("HeapProfiler.enable")
        rows: list[Held] = []
        start = monotonic()
        for at in range(1, hours + 1):
            hour(page, asked, at)
            rows.append(held(devtools))
            took = monotonic() - start
            print(
                f"{at:3} h ({took:4.0f} s)  {rows[-1].megabytes:6.2f} MB  {rows[-1].nodes:6} nodes  "
                f"{rows[-1].listeners:5} listeners",
                flush=True,
            )
        for error in wrong:
            print("error:", error)
    # The first hour fills what is kept on purpose: outlines of places, lines of the ticker.
    first, last = rows[min(1, len(rows) - 1)], rows[-1]
    grown = last.megabytes > first.megabytes * 1.1 + 2 or last.nodes > first.nodes * 1.1 + 200
    print("GROWS" if grown else "steady")
    return int(grown or bool(wrong))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 24))
