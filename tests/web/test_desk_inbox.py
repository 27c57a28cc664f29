"""The inbox by keyboard, as somebody with a hundred work orders uses it: move, open, select, find, close."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.site import Site, signed_in

KEYS = ["ArrowDown", "ArrowDown", "ArrowUp"]


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with signed_in(browser, site, "dispatcher", viewport={"width": 1366, "height": 768}) as context:
        page = context.new_page()
        page.goto("/app/desk/inbox")
        expect(rows(page).first).to_be_visible()
        yield page


def rows(page: Page) -> Locator:
    return page.locator("main tbody [role=row]")


def test_the_counts_agree_with_the_list(page: Page, site: Site) -> None:
    counts = site.get("/dispatch/inbox/counts", below=True)
    expect(page.get_by_role("link", name="有时限的")).to_contain_text(str(counts["total"]))
    unfinished = sum(count for state, count in counts["by_state"].items() if state != "closed")
    expect(page.get_by_role("link", name="全部未结")).to_contain_text(str(unfinished))
    page.get_by_role("link", name="已签收").click()
    expect(page).to_have_url("/app/desk/inbox?state=accepted")
    if not counts["by_state"].get("accepted"):
        expect(page.get_by_text("目前没有符合条件的")).to_be_visible()


def test_a_row_takes_the_focus_and_what_is_open_follows_it(page: Page) -> None:
    page.keyboard.press("g")
    expect(rows(page).nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("article h1")).to_be_visible()
    expect(rows(page).nth(0)).to_be_focused()
    first = page.url
    page.keyboard.press("ArrowDown")
    expect(rows(page).nth(1)).to_be_focused()
    expect(rows(page).nth(1)).to_have_attribute("aria-current", "true")
    expect(page).not_to_have_url(first)
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="详情")).to_have_count(0)
    expect(page).to_have_url("/app/desk/inbox")
    assert page.locator("main tbody [tabindex='0']").count() == 1, "one stop for the tab key"


def test_rows_are_selected_one_by_one_and_in_ranges(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("已选 3 条")).to_be_visible()
    page.keyboard.press("Control+a")
    expect(page.get_by_text(f"已选 {rows(page).count()} 条")).to_be_visible()
    page.keyboard.press("Control+a")
    expect(page.get_by_text("已选")).to_have_count(0)


def test_a_number_is_found_by_its_last_six_digits(page: Page, site: Site) -> None:
    waiting = {report["number"][-6:] for report in site.get("/intake/reports", status="needs_review")["items"]}
    order = next(
        order
        for order in site.get("/dispatch/inbox", below=True)["items"]
        if order["number"][-6:] not in waiting
        and len(site.get("/dispatch/work-orders", number=order["number"][-6:])["items"]) == 1
    )
    page.keyboard.press("/")
    page.keyboard.type(order["number"][-6:])
    page.keyboard.press("Enter")
    expect(page.locator("article h1")).to_have_text(order["title"])
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.get_by_text("请输入编号的后六位或全部")).to_be_visible()


def test_what_was_typed_is_there_after_the_page_was_closed(page: Page, site: Site) -> None:
    page.goto(f"/app/desk/inbox/{site.work_order()['id']}")
    page.locator(".actions button").first.click()
    page.get_by_label("原因").fill("下水道归住建局管养")
    page.reload()
    page.locator(".actions button").first.click()
    expect(page.get_by_label("原因")).to_have_value("下水道归住建局管养")
    expect(page.get_by_text("上次填写的内容已恢复")).to_be_visible()


def test_a_unit_is_chosen_by_its_name_and_the_work_order_goes_there(page: Page, site: Site) -> None:
    order = site.work_order()
    other = "A7县住房和城乡建设局"
    page.goto(f"/app/desk/inbox/{order['id']}")
    page.locator(".actions button").first.click()
    page.get_by_label("责任单位", exact=True).fill(other)
    page.get_by_label("原因").fill("改派")
    page.get_by_role("button", name="确认派单").click()
    expect(page.locator("form.form")).to_have_count(0)
    expect(page.get_by_role("list", name="留痕").get_by_role("listitem")).to_have_count(order["version"] + 1)
    expect(page.locator(".facts")).to_contain_text(other)


def test_somebody_who_was_quicker_is_told_of_and_nothing_typed_is_lost(
    browser: Browser, page: Page, site: Site
) -> None:
    order = site.work_order()
    page.goto(f"/app/desk/inbox/{order['id']}")
    page.locator(".actions button").first.click()
    page.get_by_label("责任单位", exact=True).fill("A7县住房和城乡建设局")
    page.get_by_label("原因").fill("我也在改派")
    with signed_in(browser, site, "dispatcher") as context:
        other = context.new_page()
        other.goto(f"/app/desk/inbox/{order['id']}")
        other.locator(".actions button").first.click()
        other.get_by_label("责任单位", exact=True).fill("A7县住房和城乡建设局")
        other.get_by_role("button", name="确认派单").click()
        expect(other.locator("form.form")).to_have_count(0)
    page.get_by_role("button", name="确认派单").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("原因")).to_have_value("我也在改派")
    page.get_by_role("alert").get_by_role("button").click()
    expect(page.get_by_label("原因")).to_have_value("我也在改派")


def test_the_language_and_large_type_are_kept(page: Page) -> None:
    page.locator("summary").click()
    page.get_by_label("语言").select_option("en")
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    page.get_by_label("Large type").check()
    page.reload()
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.evaluate("document.documentElement.classList.contains('large')")


def test_the_server_in_trouble_leaves_the_list_and_says_what_to_do(page: Page) -> None:
    before = rows(page).count()
    page.route("**/dispatch/inbox?*", lambda route: route.abort())
    page.get_by_role("button", name="刷新").click()
    expect(page.get_by_role("alert")).to_contain_text("现在连不上服务器")
    assert rows(page).count() == before
    page.unroute("**/dispatch/inbox?*")
    page.get_by_role("alert").get_by_role("button", name="重试").click()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_filter_is_in_the_address_and_the_workbook_has_the_same(page: Page, site: Site) -> None:
    order = site.work_order()
    page.get_by_role("searchbox", name="标题、内容、编号").fill(order["number"][-6:])
    page.keyboard.press("Enter")
    page.get_by_label("状态").select_option("待签收")
    page.get_by_label("类别").select_option(order["category"])
    found = site.get("/dispatch/inbox", text=order["number"][-6:], state="assigned", category=order["category"])[
        "items"
    ]
    expect(rows(page)).to_have_count(len(found))
    page.reload()
    expect(rows(page)).to_have_count(len(found))
    link = page.get_by_role("link", name="Excel").get_attribute("href") or ""
    assert {"state=assigned", f"text={order['number'][-6:]}"} <= set(link.partition("?")[2].split("&"))
    assert page.request.get(link).status == 200
