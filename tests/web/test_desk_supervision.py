"""Supervision: the clocks as a supervisor looks through them, and what was sent by itself."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.site import Site, signed_in


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with signed_in(browser, site, "supervisor", viewport={"width": 1366, "height": 768}) as context:
        yield context.new_page()


def test_a_clock_leads_to_its_work_order_and_filters_agree_with_the_counts(page: Page, site: Site) -> None:
    counts = site.get("/supervision/clocks/counts", "supervisor")
    page.goto("/app/desk/supervision")
    expect(page.get_by_role("link", name="全部计时")).to_contain_text(str(counts["total"]))
    clock = site.get("/supervision/clocks", "supervisor", state="running", limit=1)["items"][0]
    page.get_by_label("编号", exact=True).fill(clock["number"][-6:])
    page.get_by_role("button", name="查询编号").click()
    expect(page).to_have_url(f"/app/desk/supervision?number={clock['number'][-6:]}")
    rows = page.locator("main tbody [role=row]")
    found = site.get("/supervision/clocks", "supervisor", number=clock["number"][-6:])["items"]
    expect(rows).to_have_count(len(found))
    expect(rows.filter(has_text=clock["number"][-6:])).to_have_count(len(found))
    page.goto(f"/app/desk/supervision/{clock['id']}")
    expect(page.get_by_role("list", name="留痕")).to_contain_text("开始计时")
    page.get_by_role("button", name="查看工单").click()
    expect(page.get_by_text("反映内容")).to_be_visible()


def test_a_reminder_that_was_sent_opens_its_clock(page: Page, site: Site) -> None:
    clock = site.get("/supervision/clocks", "supervisor", limit=1)["items"][0]
    step = {"clock_id": clock["id"], "step": "remind", "at": clock["due_at"]}
    kept = {key: clock[key] for key in ("thing", "thing_id", "name", "number", "area", "street", "unit", "due_at")}
    item = {**kept, **step, "area_name": None, "unit_name": "星沙分局"}
    page.route("**/supervision/steps?*", lambda route: route.fulfill(json={"items": [item], "next": None}))
    page.goto("/app/desk/supervision")
    page.get_by_role("button", name="预警与催办").click()
    row = page.locator("main tbody [role=row]")
    expect(row).to_contain_text("催办")
    row.click()
    expect(page).to_have_url(f"/app/desk/supervision/{clock['id']}?tab=steps")
    expect(page.locator("article")).to_contain_text(clock["number"])
