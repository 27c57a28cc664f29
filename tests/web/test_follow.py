"""A resident with an old phone and no account: what was typed is kept, what is sent again is one report, and a lost
connection or a wrong code is said in words that help. Then the whole way: reported, closed, rated, opened again.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from gridgov.pages.built import DIST
from tests.shared.files.pictures import picture
from tests.support.site import Site, watched
from tests.web.pages import CLOSED, FOLLOWED, TICKET, follows, told
from tests.web.test_every_page import found_by_axe

REPORTS = "**/intake/public/reports"
TEXT = "路边井盖不见了 <b>小心</b> 👩‍👩‍👧‍👦"


@pytest.fixture
def resident(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=site.base, locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 360, "height": 740}
    )
    yield context
    context.close()


@pytest.fixture
def page(resident: BrowserContext) -> Page:
    page = resident.new_page()
    page.goto("/app/follow/")
    return page


def fill(page: Page) -> None:
    page.get_by_label("什么问题？").fill(TEXT)
    page.get_by_label("在哪里？").fill("星湖社区三栋")
    page.get_by_text("联系方式（选填）").click()
    page.get_by_label("电话").fill("138 1234 5678")


def receipt(page: Page) -> tuple[str, str]:
    expect(page.get_by_role("heading", name="已收到")).to_be_visible()
    number, code = page.locator(".large-digits").all_inner_texts()
    return number, code


def count(site: Site, text: str) -> int:
    """How many reports have this text, as an administrator of everything sees them."""
    found, after = 0, {}
    with site.running.http(site.running.token("admin")) as client:
        while True:
            page = client.get("/intake/reports", params={"limit": 200, **after}).json()
            found += sum(item["text"] == text for item in page["items"])
            if not page["next"]:
                return found
            after = {"after": page["next"]}


def test_what_was_typed_survives_a_reload(page: Page) -> None:
    fill(page)
    page.reload()
    assert page.get_by_label("什么问题？").input_value() == TEXT
    assert page.get_by_label("电话").input_value() == "138 1234 5678"


def test_nothing_said_is_refused_at_the_field_without_asking(page: Page, resident: BrowserContext) -> None:
    asked: list[str] = []
    resident.on("request", lambda request: asked.append(request.method))
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("请先写明是什么问题")
    expect(page.get_by_label("什么问题？")).to_be_focused()
    assert "POST" not in asked


def test_what_the_service_refuses_is_said_at_its_field(page: Page, resident: BrowserContext) -> None:
    refusal = {
        "type": "urn:gridgov:problem:validation", "title": "有 1 处填写有误", "title_zh": "有 1 处填写有误",
        "title_en": "1 thing needs correcting", "status": 422, "code": "validation", "correlation_id": "x",
        "errors": [{"field": "reporter.phone", "in": "body", "code": "too_long", "zh": "太长了", "en": "too long"}],
    }  # fmt: skip
    resident.route("**/intake/public/reports", lambda route: route.fulfill(
        status=422, json=refusal, content_type="application/problem+json"))  # fmt: skip
    fill(page)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("电话：")
    expect(page.get_by_label("电话")).to_be_focused()
    assert page.get_by_label("什么问题？").input_value() == TEXT


def test_an_answer_that_is_lost_and_a_page_that_is_closed_make_no_second_report(
    page: Page, resident: BrowserContext, site: Site
) -> None:
    text = f"夜里路灯不亮，已第三天（{uuid4().hex[:6]}）"

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    resident.route(REPORTS, lose_the_answer, times=1)
    page.get_by_label("什么问题？").fill(text)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("内容已保留")
    expect(page.get_by_role("alert")).to_contain_text("不会重复登记")
    page.close()
    again = resident.new_page()
    again.goto("/app/follow/")
    assert again.get_by_label("什么问题？").input_value() == text
    again.get_by_role("button", name="提交").click()
    number, _ = receipt(again)
    assert count(site, text) == 1
    again.reload()
    assert receipt(again)[0] == number, "the receipt stays until its owner has it"
    again.get_by_role("button", name="已记下").click()
    expect(again.get_by_role("heading", name="反映一个问题")).to_be_visible()
    assert again.get_by_label("什么问题？").input_value() == ""


def test_without_a_network_it_is_said_and_sent_when_it_is_back(page: Page, resident: BrowserContext) -> None:
    fill(page)
    resident.set_offline(True)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("连不上服务器")
    resident.set_offline(False)
    page.get_by_role("button", name="再次提交").click()
    receipt(page)
    expect(page.get_by_alt_text("查询链接的二维码")).to_be_visible()
    assert page.locator(".qr img").evaluate("image => image.naturalWidth") > 100


def test_photos_go_with_the_report_and_survive_a_reload(page: Page, site: Site) -> None:
    text = f"墙上有裂缝 {uuid4().hex[:6]}"  # sixteen digits in a row may be a card's, and are masked
    page.get_by_label("什么问题？").fill(text)
    files = [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(2000, 1500))}]
    page.get_by_label("照片（选填，最多 6 张）").set_input_files(files)
    expect(page.locator(".photos li")).to_contain_text("已上传")
    page.reload()
    expect(page.locator(".photos li")).to_contain_text("已上传")
    page.get_by_role("button", name="提交").click()
    number, _ = receipt(page)
    (found,) = site.get("/intake/reports", "admin", number=number)["items"]
    assert (found["text"], [(one["width"], one["height"]) for one in found["photos"]]) == (text, [(1600, 1200)])


def test_a_wrong_code_leads_back_to_the_form_with_what_was_given(page: Page) -> None:
    page.goto("/app/follow/#number=A7-QT-20261129-999999&code=22222-22222")
    expect(page.get_by_role("alert")).to_contain_text("编号或查询码不对")
    assert page.get_by_label("编号").input_value() == "A7-QT-20261129-999999"
    assert found_by_axe(page) == []


def test_the_code_is_in_no_address_that_is_asked_for(page: Page, resident: BrowserContext) -> None:
    asked: list[str] = []
    resident.on("request", lambda request: asked.append(request.url))
    page.goto("/app/follow/#number=A7-QT-20261129-999999&code=SECRE-TCODE")
    expect(page.get_by_role("alert")).to_be_visible()
    assert any("999999" in url for url in asked)
    assert not [url for url in asked if "SECRE" in url.partition("#")[0]]


def test_language_and_large_type_are_kept(page: Page) -> None:
    page.get_by_label("什么问题？").fill(TEXT)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Report a problem")).to_be_visible()
    page.get_by_role("button", name="Large type").click()
    page.reload()
    expect(page.locator("html.large")).to_have_attribute("lang", "en")
    assert page.get_by_label("What is the problem?").input_value() == TEXT


def test_where_nothing_can_be_kept_everything_else_works(resident: BrowserContext) -> None:
    resident.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden') } })"
    )
    page = resident.new_page()
    wrong = watched(page)
    page.goto("/app/follow/")
    page.get_by_label("什么问题？").fill("私密浏览也能反映")
    page.get_by_role("button", name="提交").click()
    receipt(page)
    assert wrong == []


def test_where_nothing_can_be_kept_what_is_sent_again_is_one_report_too(resident: BrowserContext, site: Site) -> None:
    resident.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden') } })"
    )
    text = f"垃圾桶倒了一地（{uuid4().hex[:6]}）"
    page = resident.new_page()
    page.goto("/app/follow/")

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    resident.route(REPORTS, lose_the_answer, times=1)
    page.get_by_label("什么问题？").fill(text)
    page.get_by_role("button", name="提交").click()
    page.get_by_role("button", name="再次提交").click()
    receipt(page)
    assert count(site, text) == 1


def test_the_whole_way_from_report_to_reopening(page: Page, site: Site) -> None:
    wrong = watched(page)
    page.get_by_label("什么问题？").fill("星湖社区的井盖不见了")
    page.get_by_label("在哪里？").fill("A7县泉塘街道星湖社区")
    page.get_by_role("button", name="提交").click()
    number, _ = receipt(page)
    assert found_by_axe(page) == []
    page.get_by_role("button", name="查看进度").click()
    expect(page.get_by_role("heading", name=number)).to_be_visible()
    assert number in page.url

    closed = told(number=number, **CLOSED, rating=None)
    said: list[dict[str, Any]] = []

    def answer(route: Route) -> None:
        path = route.request.url
        if path.endswith("/rating"):
            said.append(route.request.post_data_json)
            closed["rating"] = {**route.request.post_data_json, "rated_at": "2026-11-30T01:00:00Z"}
            closed["rating"].setdefault("words", None)
        elif path.endswith("/reopening"):
            said.append(route.request.post_data_json)
            closed.update(
                status="reopened", may_rate=False, reopen_until=None, state={"zh": "已收到重新办理的要求。", "en": "."}
            )
        route.fulfill(status=200, content_type="application/json", body=json.dumps(closed))

    page.route(f"**/intake/public/reports/{number}**", answer)
    page.get_by_role("button", name="刷新").click()
    expect(page.get_by_text("已安装新井盖，并检查了整条路。")).to_be_visible()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_role("alert")).to_contain_text("请回答上面三个问题")
    page.get_by_role("radio", name="没有", exact=True).check()
    page.get_by_role("radio", name="未解决").check()
    page.reload()
    expect(page.get_by_role("radio", name="未解决")).to_be_checked()
    page.get_by_role("radio", name="不满意").check()
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_text("未解决 · 不满意")).to_be_visible()
    page.get_by_label("哪里没有解决？").fill("又松动了")
    page.reload()
    assert page.get_by_label("哪里没有解决？").input_value() == "又松动了", "offered, since it is not solved"
    page.get_by_role("button", name="要求重新办理").click()
    expect(page.get_by_text("已收到重新办理的要求。")).to_be_visible()
    assert said == [{"contacted": False, "solved": "not", "satisfied": "not"}, {"why": "又松动了"}]
    assert wrong == []


def test_what_cannot_be_rated_any_more_shows_how_it_stands(page: Page) -> None:
    """Sent again after a lost answer, or in a second tab: the state is the answer."""
    follows(**CLOSED, rating=None)(page.context, FOLLOWED)
    page.goto(f"/app/{TICKET}")
    for label in ("没有", "已解决", "满意"):
        page.get_by_role("radio", name=label, exact=True).check()
    problem = {"title_zh": "不能执行", "title_en": "no", "code": "report_action_not_possible", "status": 409}
    page.route("**/rating", lambda route: route.fulfill(status=409, json=problem))
    page.context.unroute(FOLLOWED)
    follows(status="reopened", state={"zh": "已收到重新办理的要求。", "en": "."})(page.context, FOLLOWED)
    page.get_by_role("button", name="提交评价").click()
    expect(page.get_by_text("已收到重新办理的要求。")).to_be_visible()


def test_without_javascript_it_can_be_read(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.base, java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto("/app/follow/")
    page.get_by_role("link", name="查询页面").click()
    page.get_by_label("编号").fill("A7-QT-20261129-999999")
    page.get_by_label("查询码").fill("22222-22222")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("alert")).to_contain_text("编号或查询码不对")
    assert page.get_by_label("编号").input_value() == "A7-QT-20261129-999999"
    context.close()


NEWER = re.compile(r"\?\?|\?\.[A-Za-z_$(\[]|\|\|=|&&=|\?\?=|static\{|#[a-z]+\s*[=;(]")


def test_the_entry_is_written_for_old_phones() -> None:
    """ES2019: no optional chaining, no nullish coalescing, no class fields."""
    if not (DIST / ".vite").is_dir():
        pytest.skip("not run, the pages are not built: make web")
    manifest = json.loads((DIST / ".vite" / "manifest.json").read_text("utf-8"))
    scripts = {
        chunk["file"]
        for chunk in manifest.values()
        if "follow" in chunk.get("src", "") and chunk["file"].endswith(".js")
    }
    assert len(scripts) >= 3
    for script in scripts:
        without_texts = re.sub(r"`[^`]*`|\"[^\"]*\"|'[^']*'", "", (DIST / script).read_text("utf-8"))
        assert NEWER.findall(without_texts) == [], script
