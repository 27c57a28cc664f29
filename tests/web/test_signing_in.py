"""Signing in on the desk and the phone: by a link, by a wrong password, in another window, and out again."""

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.site import PEOPLE, Site, signed_in, watched


def link(site: Site, who: str, entry: str) -> str:
    made = site.running.run("link", "--user", PEOPLE[who], "--page", entry)
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def at_desk(page: Page) -> None:
    expect(page.get_by_role("link", name="收件箱")).to_be_visible()


def test_a_link_signs_in_once_and_its_code_stays_nowhere(browser: Browser, site: Site) -> None:
    address = link(site, "dispatcher", "desk")
    code = address.partition("#code=")[2]
    with signed_in(browser, site, None) as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        wrong = watched(page)
        page.goto(address)
        at_desk(page)
        assert code not in page.url
        assert not [url for url in asked if code in url], "no server's log has it"
        kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
        assert code not in kept
        assert "gridgov=" not in kept, "no script sees the token"
        assert wrong == []
        page.reload()
        at_desk(page)
    with signed_in(browser, site, None) as context:
        page = context.new_page()
        page.goto(address)
        expect(page.get_by_role("alert")).to_be_visible()


def test_a_wrong_password_says_so_and_keeps_the_name(browser: Browser, site: Site) -> None:
    with signed_in(browser, site, None) as context:
        page = context.new_page()
        page.goto("/app/desk/inbox?state=assigned")
        page.get_by_label("用户名或手机号").fill("nobody-of-that-name")
        page.get_by_label("密码", exact=True).fill("wrong-password")
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("用户名或手机号")).to_have_value("nobody-of-that-name")
        assert "to=" in page.url, "after signing in it goes on to where one wanted to go"


@pytest.mark.parametrize("entry", ["desk", "phone", "board"])
def test_who_is_not_signed_in_is_asked_to(browser: Browser, site: Site, entry: str) -> None:
    with signed_in(browser, site, None) as context:
        page = context.new_page()
        page.goto(f"/app/{entry}/")
        expect(page.get_by_role("heading", name="登录网格通")).to_be_visible()


def test_signing_out_ends_it_and_the_way_back_leads_nowhere(browser: Browser, site: Site) -> None:
    with signed_in(browser, site, None) as context:
        page = context.new_page()
        page.goto(link(site, "supervisor", "desk"))
        at_desk(page)
        page.locator("summary").click()
        page.get_by_role("button", name="退出登录").click()
        expect(page.get_by_role("heading", name="登录网格通")).to_be_visible()
        page.go_back()
        expect(page.get_by_role("heading", name="登录网格通")).to_be_visible()


def test_a_session_that_ends_asks_again_above_the_page_and_nothing_typed_is_lost(browser: Browser, site: Site) -> None:
    order = site.work_order()
    ended = {
        "type": "urn:gridgov:problem:session_ended", "title": "", "title_zh": "登录已结束，请重新登录", "title_en": "the session has ended; sign in again",
        "status": 401, "code": "session_ended", "correlation_id": None,
    }  # fmt: skip
    with signed_in(browser, site, "dispatcher") as context:
        page = context.new_page()
        page.goto(f"/app/desk/inbox/{order['id']}")
        page.locator(".actions button").first.click()
        page.get_by_label("原因").fill("街道办已与住建局商定")
        page.route(
            "**/dispatch/inbox?*",
            lambda route: route.fulfill(status=401, content_type="application/problem+json", body=json.dumps(ended)),
        )
        page.get_by_role("button", name="刷新").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        expect(dialog.get_by_label("用户名或手机号")).to_have_value(PEOPLE["dispatcher"])
        page.unroute("**/dispatch/inbox?*")
        page.reload()
        page.locator(".actions button").first.click()
        expect(page.get_by_label("原因")).to_have_value("街道办已与住建局商定")
