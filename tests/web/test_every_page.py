"""Every row of `pages.py`: whole under the strict policy, without an error, and nothing that axe finds wrong."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import ROOT
from tests.support.site import Site
from tests.web.opening import Devices, shown
from tests.web.pages import ROWS
from tests.web.states import Row

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"


LAYOUT = ("scrollable-region-focusable",)
"""Rules that larger type can break: for contrast it asks less of colours that stay what they are."""


def found_by_axe(page: Page, *only: str) -> list[str]:
    """What WCAG 2.2 AA and axe's best practices, or `only` some rules, have against the page as it stands."""
    # In a world of its own: the page's policy lets no script in, and that stays so.
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text("utf-8"))
    result = page.evaluate(
        "only => axe.run(document, { resultTypes: ['violations'], preload: false, ...(only.length && { runOnly: only }) })",
        list(only),
    )
    return [
        f"{violation['id']}: {node['html'][:160]} ({' '.join(node['failureSummary'].split())[:200]})"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


@pytest.fixture(scope="module")
def devices(browser: Browser, site: Site) -> Iterator[Devices]:
    with ExitStack() as stack:
        yield Devices(browser, site, stack)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_page_has_no_error_and_nothing_that_axe_finds(devices: Devices, site: Site, row: Row) -> None:
    """As it comes, in the dark and in large type: opened once, for opening costs more than looking."""
    with shown(devices.of(row), site, row) as (page, wrong):
        assert wrong == []  # before axe, which is no part of the page
        assert found_by_axe(page) == []
        assert _fits(page), "wider than the screen"
        page.emulate_media(color_scheme="dark")
        assert found_by_axe(page, "color-contrast") == [], "in the dark"
        page.emulate_media(color_scheme="light")
        page.evaluate("document.documentElement.classList.add('large')")
        assert found_by_axe(page, *LAYOUT) == [], "in large type"
        assert _fits(page), "wider than the screen in large type"


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"))


def test_axe_is_there_to_find_something(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<title>t</title><img src='data:,'>")
    assert any(line.startswith("image-alt") for line in found_by_axe(page))
    page.close()


def test_every_folder_of_a_page_has_a_row() -> None:
    """A page that nobody looks at is not done."""
    folders = {
        f"{route.parents[1].name}-{route.parent.name}" for route in (Path(ROOT) / "web" / "src").glob("*/*/route.ts")
    }
    assert folders
    assert folders - {row.name for row in ROWS} == set()
