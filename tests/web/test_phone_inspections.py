"""Inspecting on the phone: question by question, signed, without a network, sent once with all its files."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.shared.files.pictures import picture
from tests.support.site import Site, signed_in
from tests.web.opening import controlled, sent_again

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "service_workers": "allow"}


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    with signed_in(browser, site, "grid_worker", **PHONE) as context:
        yield context


@pytest.fixture
def shop(site: Site) -> str:
    unit = site.get("/registry/session", "grid_worker")["posts"][0]["unit"]["code"]
    name = f"老王饭店 {uuid4().hex[:8]}"
    place = {"name": name, "category": "shop", "unit": unit, "address": "一路 2 号"}
    site.post("/registry/premises", place, "grid_worker")
    return name


def sign(pad: Locator) -> None:
    """As a finger does: brought to the lower edge of the screen, nothing may lie on it."""
    pad.evaluate("pad => pad.scrollIntoView({ block: 'end' })")
    box = pad.bounding_box()
    assert box is not None
    lower = {"x": box["x"] + 40, "y": box["y"] + box["height"] - 4}
    assert pad.evaluate("(pad, { x, y }) => document.elementFromPoint(x, y) === pad", lower)
    mouse = pad.page.mouse
    mouse.move(box["x"] + 40, box["y"] + 60)
    mouse.down()
    mouse.move(box["x"] + 160, box["y"] + 30, steps=4)
    mouse.move(box["x"] + 220, box["y"] + 80, steps=4)
    mouse.up()


def test_an_inspection_without_a_network_survives_a_reload_and_arrives_once(
    context: BrowserContext, site: Site, shop: str
) -> None:
    context.clock.install()
    page: Page = context.new_page()
    page.goto("/app/phone/inspections")
    controlled(page)
    page.get_by_label("名称、拼音首字母、地址、档案号").fill(shop)
    page.get_by_role("link", name=shop).click()
    page.get_by_role("radio", name="七项检查").check()
    page.get_by_role("button", name="开始检查").click()
    context.set_offline(True)
    page.get_by_role("button", name="✓ 畅通").click()
    page.get_by_role("button", name="× 有问题").click()
    page.get_by_label("存在的问题").fill("消火栓没有水")
    photo = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(640, 480))}
    page.locator("input[type=file]").set_input_files([photo])
    page.get_by_label("整改期限").fill("2020-01-01")
    page.get_by_role("button", name="下一题").click()
    expect(page.get_by_text("整改期限不能早于今天")).to_be_visible()
    page.get_by_label("整改期限").fill("2099-12-31")
    expect(page.locator(".photos img")).to_have_count(1)
    page.reload()  # what was answered, written and photographed is there
    expect(page.get_by_label("存在的问题")).to_have_value("消火栓没有水")
    expect(page.locator(".photos img")).to_have_count(1)
    page.get_by_role("button", name="当场整改").click()
    page.get_by_role("button", name="下一题").click()
    for _ in range(5):
        page.get_by_role("button", name="不涉及").click()
    sign(page.get_by_role("img", name="检查人签名"))
    page.get_by_role("button", name="提交检查").click()
    expect(page.get_by_text("请被检查方签名，或写明未签名的原因")).to_be_visible()
    sign(page.get_by_role("img", name="被检查方签名"))
    page.get_by_role("button", name="提交检查").click()
    expect(page.get_by_text("已保存在本机")).to_be_visible()
    cut_after_the_answer(context)
    context.set_offline(False)
    sent_again(page, page.get_by_text("已提交，编号"))

    (one,) = site.get("/registry/inspections", "grid_worker", q=shop)["items"]
    whole = site.get(f"/registry/inspections/{one['id']}", "grid_worker")
    assert (one["results"]["facilities"], one["results"]["gas"], one["findings"]) == ("failed", "not_applicable", 1)
    assert len(whole["signatures"]) == 2
    assert [(each["hazard_state"], len(each["photos"])) for each in whole["found"]] == [("fixed_on_spot", 1)]


def cut_after_the_answer(context: BrowserContext) -> None:
    """The first time that it is sent it arrives, and the answer is lost on the way back."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    context.route("**/registry/inspections", lose, times=1)
