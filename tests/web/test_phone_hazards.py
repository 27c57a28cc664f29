"""Acting on a hazard without a network: kept, told who acted first, sent once on top of that."""

from playwright.sync_api import Browser, Route, expect

from tests.shared.files.pictures import picture
from tests.support.site import Site, signed_in
from tests.web.opening import controlled, sent_again

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "service_workers": "allow"}


def test_what_was_written_without_a_network_is_refused_in_words_and_then_sent_once(
    browser: Browser, site: Site
) -> None:
    made = site.hazard()
    path = f"/registry/hazards/{made['id']}"
    with signed_in(browser, site, "grid_worker", **PHONE) as context:
        context.clock.install()
        page = context.new_page()
        page.goto(f"/app/phone/hazards/{made['id']}")
        controlled(page)
        page.get_by_role("button", name="报告整改完成").click()
        context.set_offline(True)
        page.get_by_label("整改情况").fill("通道已清空")
        photo = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(640, 480))}
        page.locator("input[type=file]").set_input_files([photo])
        expect(page.locator(".photos img")).to_have_count(1)
        page.get_by_role("button", name="报告整改完成").last.click()
        expect(page.locator(".thing > .head")).to_contain_text("待复查")
        page.reload()
        expect(page.get_by_text("已保存，待上传")).to_be_visible()
        version = site.get(path, "leader")["version"]
        site.post(f"{path}/state-sheet", {"measures": "清空通道"}, "leader", **{"if-match": f'"{version}"'})
        context.set_offline(False)
        page.get_by_role("link", name="待上传").click()
        expect(page.get_by_text("这条记录刚被别人改过")).to_be_visible(timeout=60_000)
        expect(page.get_by_text("填写整改单 · 领导")).to_be_visible()
        context.route(f"**{path}/submit", lose, times=1)
        page.get_by_role("button", name="按现在的情况提交").click()
        page.get_by_role("button", name="立即上传").click()
        sent_again(page, page.get_by_text("最近已上传"))
    after = site.get(path, "leader")
    assert (after["state"], after["result"], len(after["photos"])) == ("awaiting_reinspection", "通道已清空", 1)
    acts = [entry["action"] for entry in site.get(f"{path}/trail", "leader")["entries"]]
    assert acts.count("submit") == 1


def lose(route: Route) -> None:
    """It arrives, and the answer is lost on the way back."""
    route.fetch()
    route.abort()
