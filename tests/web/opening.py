"""Opening a row of `pages.py` in a browser, in the way a person on that device would have it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, Request

from tests.support.embedded import eventually
from tests.support.site import Cookies, Site, signed_in, take_cookies, watched
from tests.web.states import SIZES, Row, Size

_QUIET = 150
"""Milliseconds without a request after which a page has all that it asked for, if it has nothing left to do, either."""
_NOTHING_TO_DO = f"""new Promise((done) => setTimeout(() => requestIdleCallback(() => requestAnimationFrame(() => done(true)),
  {{ timeout: 5000 }}), {_QUIET}))"""
_CONTROLLED = """navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller
  || new Promise(ok => navigator.serviceWorker.addEventListener('controllerchange', ok, { once: true }))).then(() => true)"""


def controlled(page: Page) -> None:
    """Return when the phone's service worker answers for `page`: it is ready before it has taken the page over."""
    assert page.evaluate(_CONTROLLED)


def sent_again(page: Page, done: Locator) -> None:
    """Return when it is `done`: for the page, whose context has a clock of its own, the 20 s pass after which the phone
    tries again what has failed."""
    for _ in range(30):
        page.clock.fast_forward(20_000)
        with suppress(Error):
            done.wait_for(timeout=2_000)
            return
    pytest.fail("it was not sent again")


class Traffic:
    """The requests of `page` from now on, to know when it has all it asks for. Playwright's own `networkidle` waits half a
    second each time."""

    def __init__(self, page: Page) -> None:
        self._page, self._begun, self._open = page, 0, set[Request]()
        page.on("request", self._begin)
        page.on("requestfinished", self._end)
        page.on("requestfailed", self._end)

    def _begin(self, request: Request) -> None:
        self._begun += 1
        if request.resource_type != "eventsource":  # it does not end
            self._open.add(request)

    def _end(self, request: Request) -> None:
        self._open.discard(request)

    def settle(self) -> None:
        """Return when nothing is asked for and the page rests."""

        def settled() -> bool:
            before = self._begun
            try:
                self._page.evaluate(_NOTHING_TO_DO)
            except Error:  # it goes elsewhere
                return False
            return not self._open and self._begun == before

        assert eventually(settled, 60), [request.url for request in self._open]


def options_of(row: Row, size: Size | None = None, *, dark: bool = False) -> dict[str, Any]:
    """What the context of a row is made with."""
    width, height = size or SIZES[row.entry][0]
    return {
        "viewport": {"width": width, "height": height},
        "color_scheme": "dark" if dark else "light",
        "has_touch": row.entry == "phone",
        "service_workers": "block",
    }


@contextmanager
def shown(context: BrowserContext, site: Site, row: Row) -> Iterator[tuple[Page, list[str]]]:
    """The page of a row, and what went wrong on it so far. It leaves nothing in the context but its cookies."""
    page = context.new_page()
    try:
        wrong, traffic = watched(page), Traffic(page)
        if row.told is not None:
            row.told(page, row.api)
        page.goto(row.where(site))
        traffic.settle()
        if row.then is not None:
            row.then(page)
            traffic.settle()
        yield page, wrong
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
    finally:
        page.close()


@contextmanager
def opened(
    browser: Browser, site: Site, row: Row, *, size: Size | None = None, dark: bool = False, large: bool = False,
    english: bool = False,
) -> Iterator[tuple[Page, list[str]]]:  # fmt: skip
    """The same, in a context of its own."""
    with signed_in(browser, site, row.who, **options_of(row, size, dark=dark)) as context:
        kept = {"large": "yes" if large else "no", "language": "en" if english else "zh"}
        context.add_init_script(f"Object.entries({kept}).forEach(([k, v]) => localStorage.setItem(k, v))")
        with shown(context, site, row) as it:
            yield it


class Devices:
    """Contexts that are kept, one for each person and kind of device: what they have loaded once is not loaded again."""

    def __init__(self, browser: Browser, site: Site, stack: ExitStack) -> None:
        self._browser, self._site, self._stack = browser, site, stack
        self._kept: dict[tuple[str | None, str], tuple[BrowserContext, Cookies]] = {}

    def of(self, row: Row) -> BrowserContext:
        """Where its person is signed in."""
        cookies = self._site.cookies(row.who) if row.who is not None else []
        key = row.who, row.entry
        if key not in self._kept:
            opening = signed_in(self._browser, self._site, row.who, **options_of(row))
            self._kept[key] = self._stack.enter_context(opening), cookies
        context, taken = self._kept[key]
        if taken != cookies:
            take_cookies(context, cookies)
            self._kept[key] = context, cookies
        return context
