"""The ledger of premises: a file entered, its extinguisher found overdue and ended, and what was true on a past day."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.site import Site, signed_in


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with signed_in(browser, site, "leader", viewport={"width": 1366, "height": 768}) as context:
        yield context.new_page()


def test_a_refused_file_keeps_what_was_typed_and_once_mended_stands_in_the_list(page: Page, site: Site) -> None:
    known = site.premises()
    page.goto("/app/desk/premises/new")
    page.get_by_label("名称", exact=True).fill(known["name"])
    page.get_by_label("类别", exact=True).last.select_option("shop")
    page.get_by_label("所在网格").fill(known["unit"])
    page.get_by_label("地址", exact=True).fill(known["address"])
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("已有档案")
    page.reload()
    expect(page.get_by_label("名称", exact=True)).to_have_value(known["name"])
    page.get_by_label("名称", exact=True).fill(f"{known['name']}二店")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("article h1")).to_have_text(f"{known['name']}二店")
    expect(page.get_by_role("grid")).to_contain_text(f"{known['name']}二店")


def test_what_is_due_is_marked_and_ended_and_prints_with_its_number(page: Page, site: Site) -> None:
    made = site.premises()
    page.goto(f"/app/desk/premises/{made['id']}")
    due = page.locator(".due").first
    expect(due).to_contain_text("超时")
    page.emulate_media(media="print")
    expect(page.locator(".sheet-head")).to_have_text(f"消防安全档案 {made['number']} · {made['name']}")
    expect(page.get_by_role("button", name="打印")).to_be_hidden()
    page.emulate_media(media="screen")
    extinguishers = page.locator("[data-item=extinguishers]")
    extinguishers.get_by_role("button", name="作废").click()
    extinguishers.get_by_label("作废原因").fill("已更换")
    extinguishers.get_by_role("button", name="作废").last.click()
    expect(page.get_by_text("没有到期事项")).to_be_visible()
    entries = site.get(f"/registry/premises/{made['id']}/file", "leader", struck_out=True)["entries"]
    assert [bool(one["struck_out_on"]) for one in entries] == [True]
