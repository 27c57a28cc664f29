"""The phone's service worker: the pages without a network, and a new version that waits until it is asked for."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect
from starlette.routing import Mount

from gridgov.pages.built import DIST, BuiltPages
from gridgov.pages.site import pages_site
from tests.support.embedded import eventually
from tests.support.ports import free_port
from tests.support.site import Site, signed_in
from tests.web.opening import controlled


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    with signed_in(browser, site, "grid_worker", viewport={"width": 360, "height": 740}) as context:
        yield context


def opened(phone: BrowserContext) -> Page:
    page = phone.new_page()
    page.goto("/app/phone/")
    controlled(page)
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


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The pages by themselves, from a copy that a test may change: its address and folder. Nobody answers for the API."""
    folder = tmp_path / "dist"
    shutil.copytree(DIST, folder)
    app = Mount("/app", pages_site(BuiltPages(folder)))
    server = uvicorn.Server(uvicorn.Config(app, port=free_port(), log_config=None, lifespan="off"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    assert eventually(lambda: server.started)
    yield f"http://127.0.0.1:{server.config.port}", folder
    server.should_exit = True
    thread.join(10)


KEEP = """new Promise(ok => { const r = indexedDB.open('kept', 1); r.onupgradeneeded = () => r.result.createObjectStore('s')
  r.onsuccess = () => { const t = r.result.transaction('s', 'readwrite'); t.objectStore('s').put('waits', 1)
    t.oncomplete = () => { r.result.close(); ok(true) } } })"""
KEPT = """new Promise(ok => { const r = indexedDB.open('kept')
  r.onsuccess = () => { const q = r.result.transaction('s').objectStore('s').get(1); q.onsuccess = () => ok(q.result) } })"""


def test_a_new_version_waits_until_it_is_asked_for_and_loses_nothing(browser: Browser, copy: tuple[str, Path]) -> None:
    """What waits to be sent lies in IndexedDB, what is being typed in drafts: both are there afterwards."""
    address, folder = copy
    with browser.new_context(base_url=address, locale="zh-CN") as context:
        page = opened(context)
        page.evaluate("localStorage.setItem('draft:x', 'typed')")
        page.evaluate(KEEP)
        worker = folder / "phone" / "worker.js"
        worker.write_text(worker.read_text("utf-8") + "\n// newer", "utf-8")
        (folder / "phone" / "worker.js.gz").unlink(missing_ok=True)
        (folder / ".vite" / "manifest.json").touch()
        page.request.get("/app/phone/")  # whoever asks first has the new build read
        page.evaluate("window.same = true")
        page.evaluate("navigator.serviceWorker.getRegistration().then(r => r.update()).then(() => true)")
        expect(page.get_by_text("有新版本")).to_be_visible()
        page.wait_for_timeout(300)
        assert page.evaluate("window.same") is True, "not under somebody's hands"
        page.get_by_role("button", name="更新").click()
        page.wait_for_function("window.same === undefined")
        expect(page.get_by_role("navigation", name="主菜单")).to_be_visible()
        expect(page.get_by_text("有新版本")).to_have_count(0)
        assert page.evaluate("localStorage.getItem('draft:x')") == "typed"
        assert page.evaluate(KEPT) == "waits"
