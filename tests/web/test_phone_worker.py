"""The phone's service worker: the pages without a network, and a new version that waits until it is asked for."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from gridgov.pages.built import DIST
from tests.support.site import Site, signed_in

CONTROLLED = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller || new Promise(ok => navigator.serviceWorker.addEventListener('controllerchange', ok, { once: true }))).then(() => true)"


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    with signed_in(browser, site, "grid_worker", viewport={"width": 360, "height": 740}) as context:
        yield context


def opened(phone: BrowserContext) -> Page:
    page = phone.new_page()
    page.goto("/app/phone/")
    assert page.evaluate(CONTROLLED)
    return page


def test_the_phone_works_whole_without_a_network(phone: BrowserContext) -> None:
    page = opened(phone)
    phone.set_offline(True)
    for path in ("report", "tasks", "checks", "mine", "outbox"):
        page.goto(f"/app/phone/{path}")
        expect(page.get_by_role("navigation", name="主菜单")).to_be_visible()
        expect(page.get_by_text("无网络，内容保存在本机")).to_be_visible()
    page.goto("/app/phone/mine")
    expect(page.get_by_role("heading", name="蔡珊华")).to_be_visible()


def test_a_new_version_waits_until_it_is_asked_for_and_loses_nothing(
    phone: BrowserContext, tmp_path: Path, site: Site
) -> None:
    """What waits to be sent lies in IndexedDB and in drafts; both are looked at after the change."""
    page = opened(phone)
    page.evaluate("localStorage.setItem('draft:x', 'typed')")
    page.evaluate(
        "new Promise(ok => { const r = indexedDB.open('kept', 1); r.onupgradeneeded = () => r.result.createObjectStore('s');"
        " r.onsuccess = () => { const t = r.result.transaction('s', 'readwrite'); t.objectStore('s').put('waits', 1);"
        " t.oncomplete = () => ok(true) } })"
    )
    worker = (DIST / "phone" / "worker.js").read_text("utf-8")
    shutil.copy(DIST / "phone" / "index.html", tmp_path)

    def newer(route: Route) -> None:
        route.fulfill(body=worker + "\n// newer", content_type="text/javascript", headers={"cache-control": "no-cache"})

    phone.route("**/app/phone/worker.js", newer)
    page.evaluate("navigator.serviceWorker.getRegistration().then(r => r.update()).then(() => true)")
    strip = page.get_by_text("有新版本")
    expect(strip).to_be_visible()
    page.evaluate("window.same = true")
    page.wait_for_timeout(300)
    assert page.evaluate("window.same") is True, "not under somebody's hands"
    page.get_by_role("button", name="更新").click()
    page.wait_for_function("window.same === undefined")
    expect(page.get_by_role("navigation", name="主菜单")).to_be_visible()
    assert page.evaluate("localStorage.getItem('draft:x')") == "typed"
    kept = (
        "new Promise(ok => { const r = indexedDB.open('kept'); r.onsuccess = () => { const q = r.result.transaction('s')"
        ".objectStore('s').get(1); q.onsuccess = () => ok(q.result) } })"
    )
    assert page.evaluate(kept) == "waits"
