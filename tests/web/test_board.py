"""The wall screen: its numbers are the API's, it outlives an outage, and however much happens it does not grow."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.embedded import eventually
from tests.support.site import Site, signed_in
from tests.web.pages import outage
from tests.web.states import WALL

ASK_NOW = "dispatchEvent(new Event('online'))"
HAPPENED = """async (from) => {
  const channel = new BroadcastChannel('gridgov-changes')
  for (let index = from; index < from + 200; index++)
    channel.postMessage({ change: { service: 'dispatch', kind: 'work_order', id: String(index), action: 'accept', street: '' } })
  await new Promise((done) => setTimeout(done, 500))
  channel.close()
  return document.querySelectorAll('*').length
}"""
"""200 changes as another tab tells them; how many elements there are then."""


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with signed_in(browser, site, "leader", viewport={"width": WALL[0], "height": WALL[1]}) as context:
        page = context.new_page()
        page.goto("/app/board/")
        expect(number(page, "open")).to_have_text(re.compile(r"^[0-9]+$"))
        expect(number(page, "received")).to_have_text(re.compile(r"^[0-9]+$"))
        yield page


def number(page: Page, name: str) -> Locator:
    return page.locator(f"[data-number={name}] strong")


def test_the_numbers_are_those_of_the_api(page: Page, site: Site) -> None:
    page.evaluate(ASK_NOW)
    orders, reports = site.get("/dispatch/board", "leader"), site.get("/intake/board", "leader")
    for name in ("opened", "resolved", "closed", "open", "overdue"):
        expect(number(page, name)).to_have_text(str(orders["today"][name]))
        expect(page.locator(f"[data-number={name}] .before")).to_contain_text(f"昨日 {orders['yesterday'][name]}")
    expect(number(page, "received")).to_have_text(str(reports["today"]["received"]))
    first = orders["departments"][0]
    row = page.get_by_role("row").filter(has_text=first["name"])
    expect(row.get_by_role("link").first).to_have_text(str(first["open"]))


@pytest.mark.parametrize(
    "name, page_of", [("received", "reports"), ("opened", "inbox"), ("closed", "inbox"), ("open", "inbox")]
)
def test_a_number_opens_exactly_its_list(page: Page, name: str, page_of: str) -> None:
    page.evaluate(ASK_NOW)
    with page.expect_popup() as opened:
        page.locator(f"[data-number={name}] a").click()
    expect(opened.value).to_have_url(re.compile(rf"/app/desk/{page_of}\?"))
    rows = opened.value.locator("main tbody [role=row]")
    # Both are live: what earlier tests reported may still become a work order.
    assert eventually(lambda: rows.count() == min(50, int(number(page, name).inner_text())), 60), rows.count()


def test_an_outage_keeps_the_last_numbers_says_how_old_they_are_and_ends_by_itself(page: Page) -> None:
    page.route("**/board", lambda route: route.abort())
    before = number(page, "open").inner_text()
    outage(page)
    expect(number(page, "open")).to_have_text(before)
    expect(page.locator(".age")).to_have_text(re.compile(r"数据 ([3-9]|\d\d) 秒前"))
    page.unroute("**/board")
    expect(page.locator(".outage")).to_have_text("")
    expect(page.locator(".age")).to_have_text(re.compile(r"数据 \d 秒前"))


def test_however_much_happens_the_page_does_not_grow(page: Page) -> None:
    for panel in (".ranking td", ".outlines .outline", ".chart canvas"):
        expect(page.locator(panel).first).to_be_visible()
    full = page.evaluate(HAPPENED, 0)
    expect(page.locator(".ticker li")).to_have_count(12)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/board") else None)
    assert page.evaluate(HAPPENED, 200) <= full + 20, "a bar or a name more, but nothing for each change"
    expect(page.locator(".ticker li")).to_have_count(12)
    assert len(asked) <= 4, "not one question for each change"


def test_a_click_on_the_map_goes_one_level_in_and_back(page: Page) -> None:
    page.locator(".busiest button").first.click()
    expect(page.locator(".where button")).to_be_visible()
    expect(page.locator(".outlines .outline").first).to_be_visible()
    page.locator(".where button").click()
    expect(page.locator(".where button")).to_have_count(0)
