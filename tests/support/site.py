"""A running GridGov with its pages and the sample's reports, and people signed in on its pages in a real browser."""

import asyncio
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from gridgov.operations.sign_in_links import link_of
from gridgov.pages.built import DIST
from services.registry.schema import tables
from shared.clock import LOCAL, SystemClock
from shared.db.engine import open_engine
from shared.db.unit_of_work import Database
from tests.shared.files.pictures import picture
from tests.support.embedded import FirstStart, Instance, copied, eventually, instance
from tests.support.postgres import ground
from tests.support.tus import CHUNK, TUS

PEOPLE = {
    "admin": "admin", "grid_worker": "caishanhua", "checker": "qiujianhua", "intake_clerk": "lixiaoyun",
    "dispatcher": "zengfang", "department_handler": "dengjuanliang", "supervisor": "heliangming", "leader": "weicheng",
    "county": "fangyuanzhi",
    "safety_manager": "tangjianping", "police_liaison": "xiongwei",
}  # fmt: skip
"""Who does what in the sample city (services/registry/data/accounts.json): what tests call them → their user name."""
Cookies = list[tuple[str, str]]
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}
FRESH = 150.0
"""Seconds for which cookies are used again."""
PATIENCE = 60.0
"""Seconds within which the services have done what follows from an act."""


def days_from_now(days: int) -> str:
    """09:00 in the city on the day that many days from today: the site's clock is the real one, whatever the date."""
    day = datetime.now(LOCAL).date() + timedelta(days=days)
    return datetime.combine(day, time(9), LOCAL).isoformat()


@dataclass
class Site:
    """`base` is where it answers. Reports of the sample have become work orders."""

    running: Instance
    _cookies: dict[str, tuple[float, Cookies]] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return self.running.base

    def cookies(self, who: str) -> Cookies:
        """The cookies of a session of one of PEOPLE, opened by a link as people do; a token is good for five minutes."""
        if who == "safety_manager" and who not in self._cookies:
            self._employ(PEOPLE[who])
        opened, kept = self._cookies.get(who, (-FRESH, []))
        if monotonic() - opened > FRESH:
            with self.running.http() as client:
                answer = client.post("/registry/session/link", json={"code": self._code(PEOPLE[who])})
                assert answer.status_code == 200, answer.text
                kept = _cookies_of(answer)
                if answer.json()["must_change"]:
                    sent = {"cookie": "; ".join(f"{name}={value}" for name, value in kept), **SAME_ORIGIN}
                    chosen = client.put("/registry/session/password", json={"new": "of the tests 1"}, headers=sent)
                    assert chosen.status_code == 200, chosen.text
                    kept = _cookies_of(chosen)
            self._cookies[who] = monotonic(), kept
        return kept

    def _code(self, user: str) -> str:
        """Of a new link, as `gridgov link` makes it, without the second of a process of its own."""

        async def made() -> str:
            engine = open_engine(self.running.dsn.replace("://", "+asyncpg://", 1), service="test", pool=1)
            try:
                return await link_of(user, "desk", Database(engine, tables, SystemClock()))
            finally:
                await engine.dispose()

        with ThreadPoolExecutor(1) as elsewhere:  # Playwright's loop runs in this thread
            return elsewhere.submit(asyncio.run, made()).result().partition("#code=")[2]

    def get(self, path: str, who: str = "dispatcher", **query: Any) -> Any:
        """What the API answers to one of PEOPLE."""
        with self.running.http() as client:
            cookie = "; ".join(f"{name}={value}" for name, value in self.cookies(who))
            answer = client.get(path, params=query, headers={"cookie": cookie})
            assert answer.status_code == 200, answer.text
            return answer.json()

    def until(self, path: str, who: str = "dispatcher", **said: Any) -> Any:
        """The same, once it says what is `said`: a page may show what it has not sent yet, or had no answer to."""
        answer: Any = None

        def agrees() -> bool:
            nonlocal answer
            answer = self.get(path, who)
            return {name: answer[name] for name in said} == said

        assert eventually(agrees, PATIENCE), answer
        return answer

    def post(self, path: str, body: object, who: str = "dispatcher", **headers: str) -> Any:
        """What the API answers when one of PEOPLE sends `body` from a page."""
        return self._send("POST", path, body, who, headers)

    def put(self, path: str, body: object, who: str = "dispatcher", **headers: str) -> Any:
        """The same, for what is stated anew."""
        return self._send("PUT", path, body, who, headers)

    def _send(self, method: str, path: str, body: object, who: str, headers: Mapping[str, str]) -> Any:
        with self.running.http() as client:
            cookie = "; ".join(f"{name}={value}" for name, value in self.cookies(who))
            sent = {"cookie": cookie, "sec-fetch-site": "same-origin", **headers}
            answer = client.request(method, path, json=body, headers=sent)
            assert answer.status_code in (200, 201), answer.text
            return answer.json()

    def photo(self, service: str, who: str) -> str:
        """The id of a photo that one of PEOPLE has uploaded and not used yet."""
        content = picture()
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies(who))
        headers = {
            "cookie": cookie, "sec-fetch-site": "same-origin", **TUS, "content-type": CHUNK,
            "upload-length": str(len(content)),
        }  # fmt: skip
        with self.running.http() as client:
            answer = client.post(f"/{service}/files", content=content, headers=headers)
        assert answer.status_code == 201, answer.text
        return answer.headers["location"].rpartition("/")[2]

    def report(self, text: str, until: str = "needs_review") -> dict[str, Any]:
        """A report of the dispatcher's, once its status is `until`."""
        made = self.post("/intake/reports", {"text": text}, **{"idempotency-key": str(uuid4())})
        return dict(self.until(f"/intake/reports/{made['id']}", status=until))

    def act(self, order: dict[str, Any], action: str, who: str = "dispatcher", **body: Any) -> dict[str, Any]:
        """The work order after one of PEOPLE took `action`."""
        path = f"/dispatch/work-orders/{order['id']}/{action}"
        return dict(self.post(path, body, who, **{"if-match": f'"{order["version"]}"'}))

    def returned(self) -> dict[str, Any]:
        """A work order that a department gave back and that waits for the dispatcher."""
        unit = self.get("/registry/session", "department_handler")["posts"][0]["unit"]["code"]
        report = self.report("小区3栋旁边路灯坏了，晚上很黑", "dispatched")
        (order,) = self.get("/dispatch/work-orders", report_id=report["id"])["items"]
        order = self.act(order, "assign", lead_unit=unit)
        return self.act(order, "return", "department_handler", why="不属于本单位职责，应由街道处理")

    def work_order(self, state: str = "assigned", who: str = "dispatcher") -> dict[str, Any]:
        """A work order in `state` that one of PEOPLE sees."""
        items = self.get("/dispatch/inbox", who, below=True, state=state, limit=1)["items"]
        assert items, f"{who} sees no work order that is {state}"
        return dict(items[0])

    def restructuring(self) -> dict[str, Any]:
        """A draft of the leader's: two grids of a community become one next year."""
        grids = self.get("/registry/units/A7-QT-01/children", "leader")["items"][:2]
        new = {"code": f"A7-QT-01-N{uuid4().hex[:4]}", "name": "合并后的网格"}
        step = {"kind": "merge", "units": [grid["code"] for grid in grids], "into": [new], "label": "居民小组"}
        told = {"effective_from": days_from_now(30)[:10], "steps": [step], "why": "整合优化网格"}
        return dict(self.post("/registry/restructurings", told, "leader"))

    def premises(self, **about: Any) -> dict[str, Any]:
        """New premises in the leader's street, with an extinguisher whose service is overdue."""
        told = {
            "name": f"场所{uuid4().hex[:8]}",
            "category": "shop",
            "unit": "A7-QT-01-001",
            "address": uuid4().hex[:12],
        }
        made = self.post("/registry/premises", told | about, "leader")
        extinguisher = {"type": "干粉", "count": 4, "place": "大厅", "made_on": "2020-05-01"}
        entry = {"item": "extinguishers", "values": extinguisher}
        self.post(f"/registry/premises/{made['id']}/file", entry, "leader")
        return dict(made)

    def _employ(self, user: str) -> None:
        """Make a safety manager of premises with a hazard, where the demo has made none."""
        if self.get("/registry/accounts", "admin", q=user)["items"]:
            return
        place = self.premises(category="crowded", key_unit=True)
        self.hazard(place["id"])
        post = {"person": "P00916", "role": "safety_manager", "unit": place["unit"], "premises": place["number"]}
        self.post("/registry/posts", post, "leader")
        account = {"person": "P00916", "user": user, "name": "唐建平", "unit": "A7-QT"}
        self.post("/registry/accounts", account, "admin")

    def hazard(self, premises: str | None = None) -> dict[str, Any]:
        """A hazard that the leader found at premises, new ones if none are named, and that is being put right."""
        found = {"premises_id": premises or self.premises()["id"], "item": "evacuation", "text": "安全出口被货物堵塞"}
        return dict(self.post("/registry/hazards", found, "leader", **{"idempotency-key": str(uuid4())}))


def _cookies_of(answer: httpx2.Response) -> Cookies:
    pairs = [line.partition(";")[0].partition("=") for line in answer.headers.get_list("set-cookie")]
    return [(name, value) for name, _, value in pairs]


@contextmanager
def running_site(*, demo: bool = False, first: FirstStart | None = None) -> Iterator[Site]:
    """One of its own, with the `demo` or only the sample's reports, on a copy of a `first` start if there was one; or, while pages are being written, the one that GRIDGOV_SITE names (`port:state directory`)."""
    if there := os.environ.get("GRIDGOV_SITE"):
        port, _, state = there.partition(":")
        yield Site(Instance(Path(state), int(port)))
        return
    with ExitStack() as stack:
        if first is None:
            path = stack.enter_context(ground())
            made = stack.enter_context(instance(path / "s", extra={"GRIDGOV_DEMO": "1"} if demo else {}))
        else:
            made = stack.enter_context(copied(first))
        made.start(within=180)
        made.replayed()
        yield Site(made)


@pytest.fixture(scope="package")
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    """One for all tests of the pages: it takes many seconds. Tests change only what they made themselves, or do not look at."""
    if not (DIST / ".vite").is_dir():
        if os.environ.get("CI"):
            pytest.fail("the pages are not built: make web")
        pytest.skip("not run, the pages are not built: make web")
    first = None if "GRIDGOV_SITE" in os.environ else request.getfixturevalue("first_start")
    with running_site(first=first) as site:
        yield site


@contextmanager
def signed_in(browser: Browser, site: Site, who: str | None, **options: Any) -> Iterator[BrowserContext]:
    """A browser in which one of PEOPLE is signed in; with None nobody is. `options` are the context's."""
    context = browser.new_context(base_url=site.base, locale="zh-CN", timezone_id="Asia/Shanghai", **options)
    try:
        if who is not None:
            take_cookies(context, site.cookies(who))
        yield context
    finally:
        context.close()


def take_cookies(context: BrowserContext, cookies: Cookies) -> None:
    """Let the browser have `cookies` from an answer, as it would: it takes them from nobody else, for their names."""
    lines = [f"{name}={value}; Path=/; Secure; HttpOnly; SameSite=Strict" for name, value in cookies]
    given = "**/given-cookies"
    context.route(given, lambda route: route.fulfill(body="", headers={"set-cookie": "\n".join(lines)}))
    page = context.new_page()
    page.goto("/given-cookies")
    page.close()
    context.unroute(given)


def watched(page: Page) -> list[str]:
    """What goes wrong on `page` from now on: errors, refusals of the policy, failed files."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(f"error: {error}"))
    page.on(
        "console",
        lambda message: (
            found.append(f"{message.type}: {message.text}")
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
    return found
