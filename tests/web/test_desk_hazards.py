"""Hazards on the desk: one entered by hand, its sheet filled in and printed, said to be put right, closed by another."""

from playwright.sync_api import Browser, expect

from tests.support.site import Site, signed_in

DESK = {"width": 1366, "height": 768}


def test_a_hazard_goes_from_its_sheet_to_a_passed_re_inspection_by_another(browser: Browser, site: Site) -> None:
    made = site.hazard()
    with signed_in(browser, site, "leader", viewport=DESK) as context:
        page = context.new_page()
        page.goto(f"/app/desk/hazards/{made['id']}")
        page.get_by_role("button", name="填写整改单").click()
        page.get_by_label("整改措施").fill("清空通道，张贴禁止堆放标识")
        page.get_by_role("button", name="填写整改单").last.click()
        page.emulate_media(media="print")
        expect(page.get_by_role("row", name="整改措施")).to_contain_text("清空通道")
        page.emulate_media(media="screen")
        page.get_by_role("button", name="报告整改完成").click()
        page.get_by_label("整改情况").fill("已清空")
        page.get_by_role("button", name="报告整改完成").last.click()
        expect(page.locator(".number .state").first).to_have_text("待复查")
        expect(page.get_by_role("button", name="复查通过")).to_have_count(0)
    with signed_in(browser, site, "grid_worker", viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        page.goto(f"/app/phone/hazards/{made['id']}")
        page.get_by_role("button", name="复查通过").click()
        page.get_by_role("button", name="复查通过").last.click()
        expect(page.locator(".thing > .head")).to_contain_text("已整改销案")
        expect(page.locator(".waits")).to_have_count(0)  # it has left the outbox
        site.until(f"/registry/hazards/{made['id']}", "leader", state="rectified")
