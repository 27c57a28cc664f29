"""How long a slow phone waits until it can be used: CPU throttled 4×, 400 kB/s, 100 ms away. At most 3 s the first time,
with lists as full as a busy grid's; and how many questions in a row are answered before a page shows something: at most one.

python -m tests.web.slow_phone        prints figures for each page and exits with 1 where one is late. No test of the
suite: what a busy machine adds would make it lie. GRIDGOV_SITE=port:state uses a running one (with the demo).
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from time import monotonic
from typing import Final

from playwright.sync_api import Browser, Page

from tests.support.browser import chromium
from tests.support.site import Site, running_site, signed_in

CPU: Final = 4
BYTES_PER_SECOND: Final = 400_000
AWAY_MS: Final = 100
WITHIN: Final = 3.0
RUNS: Final = 3
MANY: Final = 60
"""Premises, each with a hazard and its duties, in the worker's grid."""


@dataclass(frozen=True, slots=True)
class Visit:
    """`usable`: does something that a person would do first; it returns once that has worked."""

    name: str
    path: str
    who: str | None
    usable: Callable[[Page], None]


def _typed(selector: str) -> Callable[[Page], None]:
    def usable(page: Page) -> None:
        page.locator(selector).fill("路灯不亮")

    return usable


def _seen(selector: str) -> Callable[[Page], None]:
    def usable(page: Page) -> None:
        page.locator(selector).first.wait_for()

    return usable


VISITS: Final = (
    Visit("phone: report (随手报)", "/app/phone/report", "grid_worker", _typed("#text")),
    Visit("phone: tasks (待办)", "/app/phone/tasks", "grid_worker", _seen("main li h2, main .empty")),
    Visit("phone: premises (场所)", "/app/phone/premises", "grid_worker", _seen("main li")),
    Visit("phone: inspections (检查)", "/app/phone/inspections", "grid_worker", _seen("main li")),
    Visit("phone: hazards (隐患)", "/app/phone/hazards", "grid_worker", _seen("main li")),
    Visit("phone: duties (任务)", "/app/phone/duties", "grid_worker", _seen("main li")),
    Visit("follow: report (居民上报)", "/app/follow/", None, _typed("#text")),
)
ROUNDS: Final = """() => {
  const shown = performance.now()
  const asked = performance.getEntriesByType('resource')
    .filter(({ initiatorType, name, responseEnd }) => initiatorType === 'fetch' && !name.includes('/app/') && responseEnd && responseEnd <= shown)
    .sort((one, other) => one.startTime - other.startTime)
  const rounds = []
  for (const { startTime, responseEnd } of asked)
    rounds.push({ responseEnd, at: 1 + Math.max(0, ...rounds.filter((one) => one.responseEnd <= startTime).map(({ at }) => at)) })
  return Math.max(0, ...rounds.map(({ at }) => at))
}"""
"""How many questions to the API were asked one after the other until now: each after the answer to the one before."""


def seconds(browser: Browser, site: Site, visit: Visit) -> Iterator[tuple[str, float, int, int]]:
    """The first visit with nothing kept, and the next one; each with the kilobytes that came and the rounds it took."""
    with signed_in(browser, site, visit.who, viewport={"width": 360, "height": 740}, has_touch=True) as context:
        for which in ("first", "again"):
            page = context.new_page()
            devtools = context.new_cdp_session(page)
            devtools.send("Network.enable")
            devtools.send(
                "Network.emulateNetworkConditions",
                {
                    "offline": False,
                    "latency": AWAY_MS,
                    "downloadThroughput": BYTES_PER_SECOND,
                    "uploadThroughput": BYTES_PER_SECOND / 4,
                },
            )
            devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU})
            came = [0]
            devtools.on(
                "Network.loadingFinished", lambda told: came.__setitem__(0, came[0] + int(told["encodedDataLength"]))
            )
            start = monotonic()
            page.goto(visit.path, wait_until="commit")
            visit.usable(page)
            took, rounds = monotonic() - start, page.evaluate(ROUNDS)
            page.wait_for_load_state("networkidle")
            yield which, took, came[0] // 1000, rounds
            page.close()


def fill(site: Site) -> None:
    """MANY open hazards in the worker's grid."""
    while len(site.get("/registry/hazards", "grid_worker", open=True, limit=MANY)["items"]) < MANY:
        site.hazard()


def main() -> int:
    late = 0
    with running_site(demo=True) as site, chromium() as browser:
        fill(site)
        print(f"CPU {CPU}× slower, {BYTES_PER_SECOND // 1000} kB/s, {AWAY_MS} ms away; the middle of {RUNS} runs")
        for visit in VISITS:
            runs = [list(seconds(browser, site, visit)) for _ in range(RUNS)]
            for at, (which, _, kilobytes, rounds) in enumerate(runs[0]):
                took = median(run[at][1] for run in runs)
                bad = which == "first" and took > WITHIN
                late += bad
                print(
                    f"{visit.name:28} {which:6} {took:5.2f} s {kilobytes:5} kB {rounds} rounds {'LATE' if bad else ''}",
                    flush=True,
                )
    return min(late, 1)


if __name__ == "__main__":
    sys.exit(main())
