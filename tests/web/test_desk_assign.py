"""Giving out work on the desk: why it came back, whom to choose, and the next one opens."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.site import Site, signed_in


@pytest.fixture
def orders(site: Site) -> list[dict[str, Any]]:
    return [site.returned(), site.returned()]


@pytest.fixture
def page(browser: Browser, site: Site, orders: list[dict[str, Any]]) -> Iterator[Page]:
    with signed_in(browser, site, "dispatcher", viewport={"width": 1366, "height": 768}) as context:
        page = context.new_page()
        page.goto(f"/app/desk/assign/{orders[0]['id']}")
        expect(page.locator("article")).to_contain_text(orders[0]["number"])
        yield page


def test_what_came_back_says_why_and_goes_to_a_candidate(page: Page, site: Site, orders: list[dict[str, Any]]) -> None:
    order = orders[0]
    expect(page.get_by_role("region", name="退单原因")).to_contain_text(order["returned_why"])
    best = site.get(f"/dispatch/work-orders/{order['id']}/candidates")["items"][0]
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    expect(page.get_by_role("button", name="派单", exact=True)).to_be_disabled()
    expect(page.locator("label", has_text=best["name"]).first).to_contain_text(f"在办 {best['due']}")
    page.keyboard.press("a")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("main")).not_to_contain_text(order["number"][-6:])
    site.until(f"/dispatch/work-orders/{order['id']}", state="assigned", lead_unit=best["unit"])
    expect(page.locator("main [role=row][aria-current]")).to_be_focused()
    expect(page).not_to_have_url(re.compile(order["id"]))  # the next one is open


def test_the_counts_agree_with_the_lists(page: Page, site: Site) -> None:
    counts = site.get("/dispatch/inbox/counts", below=True, state="pending", returned=True)
    queue = page.get_by_role("link", name="其中退单")
    expect(queue).to_contain_text(str(counts["total"]))
    queue.click()
    expect(page).to_have_url("/app/desk/assign?of=returned")
    expect(page.locator("main tbody [role=row]")).to_have_count(counts["total"])
    expect(page.locator("nav .chosen")).to_have_count(1)


def test_a_request_is_decided_where_it_is_read(page: Page, site: Site, orders: list[dict[str, Any]]) -> None:
    unit = site.get("/registry/session", "department_handler")["posts"][0]["unit"]["code"]
    order = site.act(orders[1], "assign", lead_unit=unit)
    order = site.act(order, "accept", "department_handler")
    order = site.act(order, "ask-extension", "department_handler", why="需要采购配件", more="2wd")
    page.goto(f"/app/desk/assign/{order['id']}?of=asked")
    expect(page.get_by_role("region", name="申请内容")).to_contain_text("2 个工作日")
    page.get_by_role("button", name="批准延期").click()
    page.get_by_label("原因").fill("情况属实")
    page.get_by_role("button", name="确认批准延期").click()
    expect(page.locator("main")).not_to_contain_text(order["number"][-6:])
    site.until(f"/dispatch/work-orders/{order['id']}", extensions=1)
