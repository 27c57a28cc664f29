"""The phone without a network: what was written is kept, goes by itself when the network is back, and arrives once."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.shared.files.pictures import picture
from tests.support.site import Site, signed_in
from tests.web.opening import controlled

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "service_workers": "allow"}


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    with signed_in(browser, site, "grid_worker", **PHONE) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/app/phone/report")
    expect(page.get_by_label("情况说明")).to_be_visible()
    controlled(page)
    return page


def write(page: Page, text: str, *, photos: int = 0) -> None:
    page.get_by_label("情况说明").fill(text)
    if photos:
        files = [
            {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(640, 480))} for n in range(photos)
        ]
        page.locator("input[type=file]").set_input_files(files)
        expect(page.locator(".photos img")).to_have_count(photos)
    page.get_by_role("button", name="上报", exact=True).click()


def test_three_reports_with_photos_without_a_network_arrive_once_each(
    page: Page, context: BrowserContext, site: Site
) -> None:
    mark = page.evaluate("crypto.randomUUID().slice(0, 8)")
    write(page, f"路灯不亮 {mark} 之一", photos=2)
    expect(page.get_by_text("已上报，编号")).to_be_visible()
    page.get_by_role("button", name="再报一件").click()
    context.set_offline(True)
    for nth in ("之二", "之三"):
        write(page, f"路灯不亮 {mark} {nth}", photos=2)
        expect(page.get_by_text("已保存在本机")).to_be_visible()
        page.get_by_role("button", name="再报一件").click()
    page.reload()  # the worker has the page, IndexedDB what waits
    expect(page.get_by_role("link", name="待上传")).to_contain_text("2")
    context.set_offline(False)
    page.get_by_role("link", name="待上传").click()
    expect(page.get_by_text("最近已上传")).to_be_visible()
    expect(page.get_by_text(f"{mark} 之三")).to_be_visible()
    expect(page.locator("nav .badge")).to_have_count(0)
    page.reload()
    mine = [
        one for one in site.get("/intake/reports", "grid_worker", mine=True, limit=50)["items"] if mark in one["text"]
    ]
    assert sorted(one["text"][-2:] for one in mine) == ["之一", "之三", "之二"]
    assert [len(one["photos"]) for one in mine] == [2, 2, 2]


def test_what_the_server_refuses_comes_back_into_the_form(page: Page, context: BrowserContext) -> None:
    refusal = {
        "type": "urn:gridgov:problem:invalid", "title": "照片打不开，请重新拍摄", "title_zh": "照片打不开，请重新拍摄",
        "title_en": "take the photo again", "status": 422, "code": "photo_unreadable", "correlation_id": "x",
    }  # fmt: skip
    context.route("**/intake/reports", lambda route: route.fulfill(
        status=422, json=refusal, content_type="application/problem+json"))  # fmt: skip
    write(page, "井盖缺失，急")
    page.get_by_role("link", name="待上传").click()
    expect(page.get_by_text("照片打不开，请重新拍摄")).to_be_visible()
    context.unroute("**/intake/reports")
    page.get_by_role("button", name="改后重报").click()
    expect(page.get_by_label("情况说明")).to_have_value("井盖缺失，急")
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_text("已上报，编号")).to_be_visible()


FULL = """() => { const put = IDBObjectStore.prototype.put
  IDBObjectStore.prototype.put = function (...given) {
    if (!window.room) throw new DOMException('full', 'QuotaExceededError')
    return put.apply(this, given) } }"""


def test_a_full_phone_says_so_and_what_is_pressed_twice_is_one_report(page: Page, site: Site) -> None:
    page.evaluate(FULL)
    text = f"井盖异响 {page.evaluate('crypto.randomUUID()')}"
    write(page, text)
    expect(page.get_by_role("alert")).to_contain_text("手机存储空间不足")
    expect(page.get_by_label("情况说明")).to_have_value(text)
    page.evaluate("window.room = true")
    page.get_by_role("button", name="上报", exact=True).dblclick()
    expect(page.get_by_text("已上报，编号")).to_be_visible()
    mine = site.get("/intake/reports", "grid_worker", mine=True, newest_first=True, limit=10)["items"]
    assert [one["text"] for one in mine].count(text) == 1


def test_what_was_typed_is_there_after_a_reload(page: Page) -> None:
    page.get_by_label("情况说明").fill("楼道堆物")
    page.reload()
    expect(page.get_by_label("情况说明")).to_have_value("楼道堆物")
    page.get_by_role("button", name="清空").click()
    expect(page.get_by_label("情况说明")).to_have_value("")


def test_the_same_nearby_is_joined_without_a_network_and_counted_once(
    browser: Browser, context: BrowserContext, site: Site
) -> None:
    where = {"latitude": 28.2278, "longitude": 113.0871}
    context.grant_permissions(["geolocation"])
    context.set_geolocation(where)
    mark = "井盖塌陷"
    made = site.post(
        "/intake/reports",
        {"text": mark, "channel": "grid_worker", "category": "城乡建设", "point": {**where, "system": "WGS-84"}},
        "grid_worker",
        **{"idempotency-key": f"{mark}-{site.running.port}-{id(context)}".encode().hex()},
    )
    page = context.new_page()
    page.goto("/app/phone/report")
    join = page.get_by_role("button", name=made["number"])
    expect(join).to_be_visible()
    context.set_offline(True)
    join.click()
    expect(page.get_by_text("已保存在本机")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("已登记为同一问题，编号")).to_be_visible(timeout=60_000)
    site.until(f"/intake/reports/{made['id']}", "grid_worker", joined=1)
