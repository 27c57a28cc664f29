"""Opening a row of `pages.py` in a browser, in the way a person on that device would have it."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.support.site import Site, signed_in, watched
from tests.web.states import SIZES, Row, Size

SETTLED = "networkidle"


@contextmanager
def opened(
    browser: Browser,
    site: Site,
    row: Row,
    *,
    size: Size | None = None,
    dark: bool = False,
    large: bool = False,
    english: bool = False,
) -> Iterator[tuple[Page, list[str]]]:
    """The page, and what went wrong on it so far."""
    width, height = size or SIZES[row.entry][0]
    options = {
        "viewport": {"width": width, "height": height},
        "color_scheme": "dark" if dark else "light",
        "has_touch": row.entry == "phone",
        "service_workers": "allow" if row.offline else "block",
    }
    with signed_in(browser, site, row.who, **options) as context:
        kept = {"large": "yes" if large else "no", "language": "en" if english else "zh"}
        context.add_init_script(f"Object.entries({kept}).forEach(([k, v]) => localStorage.setItem(k, v))")
        if row.told is not None:
            row.told(context, row.api)
        page = context.new_page()
        wrong = watched(page)
        page.goto(row.where(site))
        page.wait_for_load_state(SETTLED)
        if row.offline:
            context.set_offline(True)
        if row.then is not None:
            row.then(page)
            page.wait_for_load_state(SETTLED)
        yield page, wrong
