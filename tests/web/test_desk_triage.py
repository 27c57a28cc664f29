"""Triage on the desk by keyboard: read why a person is asked, choose, accept by one key, and the next one is open."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.site import Site, signed_in
from tests.web.pages import UNCLEAR

REASON = "不属于本街道职责"


@pytest.fixture
def reports(site: Site) -> list[dict[str, Any]]:
    """Two that wait, one after the other, and are the last of the queue."""
    return [site.report(UNCLEAR), site.report(UNCLEAR)]


@pytest.fixture
def page(browser: Browser, site: Site, reports: list[dict[str, Any]]) -> Iterator[Page]:
    with signed_in(browser, site, "dispatcher", viewport={"width": 1366, "height": 768}) as context:
        page = context.new_page()
        page.goto(f"/app/desk/triage/{reports[0]['id']}")
        expect(page.locator("article")).to_contain_text(reports[0]["number"])
        yield page


def test_one_key_accepts_and_the_next_opens(page: Page, site: Site, reports: list[dict[str, Any]]) -> None:
    first, second = reports
    expect(page.get_by_text("类别拿不准")).to_be_visible()
    expect(page.get_by_label("发生区域")).to_have_value("泉塘街道（A7-QT）")
    expect(page.locator("button.chip").nth(1)).to_be_visible()  # the key is nothing before its suggestion is there
    page.keyboard.press("2")
    chosen = page.locator("button[aria-pressed=true]")
    expect(chosen).to_have_count(1)
    category = site.get("/intake/suggestions", text=UNCLEAR)["items"][1]["category"]
    expect(chosen).to_contain_text(category)
    page.keyboard.press("a")
    expect(page).to_have_url(f"/app/desk/triage/{second['id']}")
    expect(page.locator("main")).not_to_contain_text(first["number"][-6:])
    expect(page.locator("main [role=row][aria-current]")).to_be_focused()
    after = site.until(f"/intake/reports/{first['id']}", category=category, place_method="person")
    assert after["status"] in ("triaged", "dispatched")


def test_a_key_pressed_twice_decides_one(page: Page, site: Site, reports: list[dict[str, Any]]) -> None:
    first, second = reports
    expect(page.locator("button.chip").nth(1)).to_be_visible()
    page.keyboard.press("2")
    page.clock.install()
    page.clock.pause_at(time.time() + 5)
    page.keyboard.press("a")
    expect(page).to_have_url(f"/app/desk/triage/{second['id']}")
    expect(page.locator("article")).to_contain_text(second["number"])
    expect(page.locator("button.chip").nth(1)).to_be_visible()
    page.keyboard.press("2")
    expect(page.locator("button[aria-pressed=true]")).to_have_count(1)
    page.keyboard.press("a")
    page.clock.run_for(1000)
    assert site.get(f"/intake/reports/{second['id']}")["status"] == "needs_review"
    page.keyboard.press("a")
    site.until(f"/intake/reports/{second['id']}", place_method="person")
    assert site.get(f"/intake/reports/{first['id']}")["place_method"] == "person"


def test_a_key_that_is_typed_into_a_field_accepts_nothing(
    page: Page, site: Site, reports: list[dict[str, Any]]
) -> None:
    page.get_by_label("说明").fill("")
    page.get_by_label("说明").press("a")
    page.reload()
    expect(page.get_by_label("说明")).to_have_value("a")
    assert site.get(f"/intake/reports/{reports[0]['id']}")["status"] == "needs_review"


def test_out_of_scope_is_rejected_with_who_is_competent(page: Page, site: Site, reports: list[dict[str, Any]]) -> None:
    page.get_by_role("button", name="不予受理").click()
    page.get_by_label("不予受理的原因").fill(REASON)
    page.get_by_label("有权处理的单位").fill("县公安局")
    page.get_by_role("button", name="不予受理").click()
    expect(page).to_have_url(f"/app/desk/triage/{reports[1]['id']}")
    site.until(f"/intake/reports/{reports[0]['id']}", status="rejected")
    (*_, entry) = site.get(f"/intake/reports/{reports[0]['id']}/trail")["entries"]
    assert (entry["action"], entry["why"]) == ("reject", f"{REASON}；应由县公安局受理")


def test_who_looks_at_it_is_seen_by_others(
    browser: Browser, page: Page, site: Site, reports: list[dict[str, Any]]
) -> None:
    page.keyboard.press("c")
    expect(page.get_by_text("您正在研判")).to_be_visible()
    with signed_in(browser, site, "intake_clerk") as context:
        other = context.new_page()
        other.goto(f"/app/desk/triage/{reports[0]['id']}")
        expect(other.get_by_text("他人正在研判")).to_be_visible()
        expect(other.get_by_role("button", name="认领")).to_have_count(0)
    page.keyboard.press("c")
    expect(page.get_by_text("您正在研判")).to_have_count(0)
    expect(page.get_by_role("button", name="认领 C", exact=True)).to_be_visible()
    site.until(f"/intake/reports/{reports[0]['id']}", claim=None)


def test_a_triaged_report_is_found_by_its_number_and_put_right(page: Page, site: Site) -> None:
    report = site.report("小区3栋旁边路灯坏了，晚上很黑", "dispatched")
    page.get_by_role("searchbox", name="按编号查找、更正").fill(report["number"][-6:])
    page.keyboard.press("Enter")
    street, day, number = report["number"].split("-")[-3:]  # another street's may end like it
    page.locator("main tbody [role=row]", has_text=f"{street}-{day[4:]}-{number}").click()
    expect(page.locator("article")).to_contain_text(report["number"])
    page.get_by_role("button", name="更正").click()
    expect(page.get_by_role("button", name="确认更正")).to_be_disabled()
    page.get_by_label("其他类别").select_option("民政")
    page.get_by_label("更正原因").fill("类别有误")
    page.get_by_role("button", name="确认更正").click()
    expect(page.get_by_role("button", name="更正…")).to_be_visible()
    site.until(f"/intake/reports/{report['id']}", category="民政")
