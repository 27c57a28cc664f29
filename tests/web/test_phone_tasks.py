"""A grid worker's day without a network: accept, start and resolve with photos on the phone; another one checks on the spot."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.shared.files.pictures import picture
from tests.support.site import Site, days_from_now, signed_in
from tests.web.opening import controlled

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "service_workers": "allow"}


@pytest.fixture
def order(site: Site) -> dict[str, Any]:
    """A work order that the dispatcher gave to the grid worker's grid, by way of exception."""
    [post] = site.get("/registry/session", "grid_worker")["posts"]
    ring = site.get(f"/registry/units/{post['unit']['code']}/boundary", "grid_worker")["geometry"]["coordinates"][0]
    middle = [sum(corner[axis] for corner in ring[:-1]) / (len(ring) - 1) for axis in (0, 1)]
    told = {
        "text": f"路灯不亮 {uuid4()}", "channel": "grid_worker", "category": "城乡建设",
        "point": {"longitude": middle[0], "latitude": middle[1], "system": "WGS-84"},
    }  # fmt: skip
    report = site.post("/intake/reports", told, "grid_worker", **{"idempotency-key": str(uuid4())})
    site.until(f"/intake/reports/{report['id']}", status="dispatched")
    (order,) = site.get("/dispatch/work-orders", report_id=report["id"])["items"]
    order = site.act(order, "return", "department_handler", why="应由网格处理")
    return site.act(
        order, "assign", lead_unit=post["unit"]["code"], why="网格就近处理",
        exception_until=days_from_now(60),
    )  # fmt: skip


@pytest.fixture
def page(browser: Browser, site: Site, order: dict[str, Any]) -> Iterator[Page]:
    with signed_in(browser, site, "grid_worker", **PHONE) as context:
        page = context.new_page()
        page.goto("/app/phone/tasks")
        controlled(page)
        yield page


def take(page: Page, action: str) -> None:
    page.get_by_role("button", name=action, exact=True).click()
    page.get_by_role("button", name=f"确认{action}").click()


def test_accepted_started_and_resolved_without_a_network(page: Page, site: Site, order: dict[str, Any]) -> None:
    row = page.get_by_role("link", name=order["title"]).first
    expect(row).to_be_visible()
    page.context.set_offline(True)
    row.click()  # never opened before: what the list has of it is enough
    take(page, "签收")
    expect(page.get_by_text("已保存，待上传")).to_be_visible()
    take(page, "开始办理")
    page.get_by_role("button", name="办结", exact=True).click()
    shot = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(640, 480))}
    page.get_by_role("group", name="处理前照片").locator("input").set_input_files([shot])
    page.get_by_role("group", name="处理后照片").locator("input").set_input_files([shot])
    page.get_by_label("办理结果").fill("已清理")
    page.get_by_role("button", name="确认办结").click()
    expect(page.get_by_role("link", name="待上传").last).to_contain_text("3")
    page.context.set_offline(False)
    expect(page.locator("nav .badge")).to_have_count(0)
    after = site.until(f"/dispatch/work-orders/{order['id']}", state="resolved", result="已清理")
    assert sorted(photo["use"] for photo in after["photos"]) == ["after", "before"]


def test_another_grid_worker_checks_it_on_the_spot(browser: Browser, site: Site, order: dict[str, Any]) -> None:
    for action, told in {"accept": {}, "start": {}, "resolve": {"result": "已处理"}}.items():
        order = site.act(order, action, "grid_worker", **told)
    with signed_in(browser, site, "checker", **PHONE) as context:
        page = context.new_page()
        page.goto("/app/phone/checks")
        page.get_by_role("link", name=order["title"]).first.click()
        page.get_by_role("button", name="核查通过", exact=True).click()
        shot = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(640, 480))}
        page.get_by_role("group", name="现场照片").locator("input").set_input_files([shot])
        page.get_by_role("button", name="确认核查通过").click()
        expect(page.locator("nav .badge")).to_have_count(0)
        expect(page.get_by_text("待结案")).to_be_visible()
        site.until(f"/dispatch/work-orders/{order['id']}", state="verified")
