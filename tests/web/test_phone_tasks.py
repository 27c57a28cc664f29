"""A grid worker's day without a network: accept, start and resolve with photos on the phone; another one checks on the spot."""

from collections.abc import Iterator
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.shared.files.pictures import picture
from tests.support.site import Site, signed_in

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "service_workers": "allow"}


def sent(site: Site, who: str, path: str, body: Any, **headers: str) -> Any:
    cookie = "; ".join(f"{name}={value}" for name, value in site.cookies(who))
    with site.running.http() as client:
        answer = client.post(path, json=body, headers={"cookie": cookie, "sec-fetch-site": "same-origin", **headers})
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def act(site: Site, who: str, order: dict[str, Any], action: str, **body: Any) -> dict[str, Any]:
    version = {"if-match": f'"{order["version"]}"'}
    return dict(sent(site, who, f"/dispatch/work-orders/{order['id']}/{action}", body, **version))


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
    report = sent(site, "grid_worker", "/intake/reports", told, **{"idempotency-key": str(uuid4())})
    until = monotonic() + 60
    while not (found := site.get("/dispatch/work-orders", report_id=report["id"])["items"]):
        assert monotonic() < until, "no work order came of the report"
        sleep(0.2)
    order = act(site, "department_handler", found[0], "return", why="应由网格处理")
    return act(
        site, "dispatcher", order, "assign", lead_unit=post["unit"]["code"], why="网格就近处理",
        exception_until="2027-01-31T00:00:00+08:00",
    )  # fmt: skip


@pytest.fixture
def page(browser: Browser, site: Site, order: dict[str, Any]) -> Iterator[Page]:
    with signed_in(browser, site, "grid_worker", **PHONE) as context:
        page = context.new_page()
        page.goto("/app/phone/tasks")
        page.evaluate("navigator.serviceWorker.ready")
        yield page


def take(page: Page, action: str) -> None:
    page.get_by_role("button", name=action, exact=True).click()
    page.get_by_role("button", name=f"确认{action}").click()


def test_accepted_started_and_resolved_without_a_network(page: Page, site: Site, order: dict[str, Any]) -> None:
    page.get_by_role("link", name=order["title"]).first.click()
    expect(page.get_by_role("button", name="签收", exact=True)).to_be_visible()
    page.context.set_offline(True)
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
    after = site.get(f"/dispatch/work-orders/{order['id']}")
    assert (after["state"], after["result"]) == ("resolved", "已清理")
    assert sorted(photo["use"] for photo in after["photos"]) == ["after", "before"]


def test_another_grid_worker_checks_it_on_the_spot(browser: Browser, site: Site, order: dict[str, Any]) -> None:
    order = act(site, "grid_worker", act(site, "grid_worker", order, "accept"), "start")
    order = act(site, "grid_worker", order, "resolve", result="已处理")
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
        until = monotonic() + 20
        while site.get(f"/dispatch/work-orders/{order['id']}")["state"] != "verified":
            assert monotonic() < until, page.inner_text("body")
            sleep(0.2)
