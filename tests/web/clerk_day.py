"""A clerk with a hundred work orders and no mouse: filter, accept in batch, return one, resolve some, take the table home.

python -m tests.web.clerk_day [how many]     prints each task with its keys and seconds; exits with 1 where one did not
come to its end. No test of the suite: it needs a hundred work orders. GRIDGOV_SITE=port:state uses a running one.
"""

import sys
from collections.abc import Callable
from time import monotonic
from typing import Final
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from tests.support.browser import PATIENCE, chromium
from tests.support.embedded import eventually
from tests.support.site import Site, running_site, signed_in
from tests.web.states import DESK

LEAD: Final = "A7-D-ZJ"
PAGE: Final = 50


class Keyboard:
    """Counts what is pressed."""

    def __init__(self, page: Page) -> None:
        self._page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)
            self.pressed += 1

    def type(self, text: str) -> None:
        self._page.keyboard.type(text)
        self.pressed += len(text)


def fill(site: Site, count: int) -> None:
    """`count` work orders in the inbox of the handler's department, not accepted."""

    def waiting() -> int:
        return int(site.get("/dispatch/inbox/counts", "department_handler")["by_state"].get("assigned", 0))

    while (missing := count - waiting()) > 0:
        for at in range(missing):
            body = {
                "text": f"A7县泉塘街道小区{at % 30 + 1}栋旁边路灯坏了，晚上很黑，请住建局派人维修，编号{uuid4().hex[:4]}"
            }
            site.post("/intake/reports", body, **{"idempotency-key": str(uuid4())})
        have = count - missing
        if not eventually(lambda: waiting() > have, 30):
            break
        eventually(lambda: waiting() >= count, 30)
        for one in site.get("/dispatch/inbox", state="pending", limit=200)["items"]:
            site.act(one, "assign", lead_unit=LEAD)


def main(count: int) -> int:
    failures = 0
    expect.set_options(timeout=PATIENCE)
    with (
        running_site() as site,
        chromium() as browser,
    ):
        fill(site, count)
        with signed_in(
            browser, site, "department_handler", viewport={"width": DESK[0], "height": DESK[1]}, accept_downloads=True
        ) as context:
            page = context.new_page()
            page.goto("/app/desk/inbox")
            rows = page.locator("main tbody [role=row]")
            expect(rows.first).to_be_visible()
            for name, task in TASKS:
                keys, start = Keyboard(page), monotonic()
                try:
                    said = task(page, rows, keys)
                except AssertionError as wrong:
                    failures += 1
                    said = f"NOT DONE: {str(wrong).splitlines()[0]}"
                print(f"{name:48} {keys.pressed:4} keys {monotonic() - start:6.2f} s  {said}", flush=True)
    return min(failures, 1)


def filtered(page: Page, rows: Locator, keys: Keyboard) -> str:
    """Only what is not accepted: to the filters, the second one, its second choice; and into the list."""
    keys.press("f", "Tab", "ArrowDown", "ArrowDown", "Escape")
    expect(page).to_have_url("/app/desk/inbox?state=assigned")
    expect(rows.first).to_be_visible()
    expect(page.locator("main [role=row]:focus")).to_have_count(1)
    return f"{rows.count()} rows"


def accepted_in_batch(page: Page, rows: Locator, keys: Keyboard) -> str:
    before = rows.count()
    keys.press("Control+a", "s")
    expect(page.locator(".batch", has_text="已签收")).to_be_visible(timeout=20_000)
    said = page.locator(".batch").inner_text()
    return f"{before} selected: {said.splitlines()[0]}"


def returned(page: Page, rows: Locator, keys: Keyboard) -> str:
    """The first, with a reason; the next one opens by itself."""
    keys.press("g", "Enter")
    expect(page.locator("article .actions")).to_be_visible()
    title = page.locator("article h1").inner_text()
    buttons = page.locator("article .actions button").all_inner_texts()
    at = next(index for index, name in enumerate(buttons) if name.startswith("退单"))
    keys.press(str(at + 1))
    expect(page.get_by_label("原因")).to_be_focused()
    keys.type("归城管管养")
    keys.press("Control+Enter")
    expect(page.locator("form.form")).to_have_count(0)
    expect(page.locator("main [role=row]:focus")).to_have_count(1)
    return f"{title} → {page.locator('article h1').inner_text()}"


def resolved(page: Page, rows: Locator, keys: Keyboard) -> str:
    """Ten that were accepted: begun and resolved, one after the other."""
    keys.press("f", "Tab", "ArrowDown", "Escape")
    expect(page).to_have_url("/app/desk/inbox?state=accepted")
    expect(rows.first).to_be_visible()
    done = 0
    for _ in range(10):
        number = rows.first.locator("[role=gridcell]").nth(2).inner_text()[-6:]
        keys.press("g", "Enter")
        expect(page.locator("article .number")).to_contain_text(number)
        expect(page.locator("article .actions button").first).to_be_visible()
        keys.press("1")
        expect(page.locator("form.form")).to_be_visible()
        keys.press("Enter")
        expect(rows.first).not_to_contain_text(number)
        done += 1
    return f"{done} begun"


def taken_home(page: Page, rows: Locator, keys: Keyboard) -> str:
    """Exactly what the list shows."""
    with page.expect_download() as got:
        keys.press("e")
    return got.value.suggested_filename


TASKS: Final[tuple[tuple[str, Callable[[Page, Locator, Keyboard], str]], ...]] = (
    ("filter: not accepted yet", filtered),
    ("return one, with a reason", returned),
    ("accept a page in batch", accepted_in_batch),
    ("the table as Excel", taken_home),
    ("begin ten that were accepted", resolved),
)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
