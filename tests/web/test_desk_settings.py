"""Settings: an account is made, locked and unlocked; its link is shown once; the calendar says which days count."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.site import Site, signed_in


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with signed_in(browser, site, "admin", viewport={"width": 1366, "height": 768}) as context:
        yield context.new_page()


def test_an_account_is_made_with_a_link_shown_once_then_locked_and_unlocked(page: Page, site: Site) -> None:
    user = f"u{uuid4().hex[:10]}"
    page.goto("/app/desk/settings")
    page.get_by_role("button", name="新建账号").click()
    page.get_by_label("姓名", exact=True).fill("新来的同事")
    page.get_by_label("用户名", exact=True).fill(user)
    page.get_by_label("人员标识").fill(user)
    page.get_by_role("button", name="建立账号并生成链接").click()
    expect(page.get_by_text("/app/desk/sign-in#code=")).to_be_visible()
    (account,) = site.get("/registry/accounts", "admin", q=user)["items"]
    page.goto(f"/app/desk/settings?tab=accounts&account={account['id']}")
    expect(page.get_by_role("heading", name="新来的同事")).to_be_visible()
    expect(page.get_by_text("/app/desk/sign-in#code=")).to_have_count(0)
    for action, after in (("锁定", "locked"), ("解锁", "active")):
        page.get_by_role("button", name=action, exact=True).click()
        page.get_by_role("button", name=f"确认{action}").click()
        expect(page.get_by_role("button", name=f"确认{action}")).to_have_count(0)
        site.until(f"/registry/accounts/{account['id']}", "admin", state=after)


def test_who_is_no_administrator_reads_catalogue_and_calendar(browser: Browser, site: Site) -> None:
    with signed_in(browser, site, "dispatcher", viewport={"width": 1366, "height": 768}) as context:
        page = context.new_page()
        page.goto("/app/desk/settings")
        expect(page.get_by_role("button", name="账号")).to_have_count(0)
        page.get_by_role("button", name="事项目录").click()
        expect(page.get_by_role("row", name="城乡建设")).to_contain_text("个工作日")
        page.goto("/app/desk/settings?tab=calendar")
        year = int(page.get_by_role("heading", level=2).inner_text())
        calendar = site.get("/dispatch/calendar", year=year)
        expect(page.locator("time.holiday")).to_have_count(len(calendar["holidays"]))
        expect(page.locator("time.make-up")).to_have_count(len(calendar["make_up_days"]))
