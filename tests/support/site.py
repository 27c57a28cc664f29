"""A running GridGov with its pages and the sample's reports, and people signed in on its pages in a real browser."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from gridgov.pages.built import DIST
from tests.support.embedded import Instance, instance
from tests.support.postgres import ground

DISTRICT = "A7"
"""Everything of the sample city lies in it."""


@dataclass
class Site:
    """`base` is where it answers. Reports of the sample have become work orders."""

    running: Instance
    _tokens: dict[tuple[str, str | None], str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return self.running.base

    def token(self, role: str, unit: str | None = DISTRICT) -> str:
        if (role, unit) not in self._tokens:
            self._tokens[role, unit] = self.running.token(role, unit)
        return self._tokens[role, unit]

    def get(self, path: str, *, role: str = "admin", unit: str | None = None, **query: Any) -> Any:
        """What the API answers to somebody in `role`."""
        with self.running.http(self.token(role, unit)) as client:
            answer = client.get(path, params=query)
            assert answer.status_code == 200, answer.text
            return answer.json()

    def work_order(self, state: str = "assigned") -> dict[str, Any]:
        """One of the sample's work orders in `state`."""
        items = self.get("/dispatch/inbox", unit=DISTRICT, below=True, state=state, limit=1)["items"]
        assert items, f"no work order is {state}"
        return dict(items[0])


@contextmanager
def running_site() -> Iterator[Site]:
    with ground() as path, instance(path / "s") as made:
        made.start()
        made.replayed()
        yield Site(made)


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """One for the test process: it takes many seconds. Tests change only what they made themselves, or do not look at."""
    if not (DIST / ".vite").is_dir():
        if os.environ.get("CI"):
            pytest.fail("the pages are not built: make web")
        pytest.skip("not run, the pages are not built: make web")
    with running_site() as site:
        yield site


@contextmanager
def signed_in(
    browser: Browser, site: Site, role: str | None, unit: str = DISTRICT, **options: Any
) -> Iterator[BrowserContext]:
    """A browser of somebody in `role` at `unit`; with None of somebody who is not signed in. `options` are the context's.

    Until accounts have their routes, the token goes with each request and who it is is answered here."""
    headers = {"authorization": f"Bearer {site.token(role, unit)}"} if role else {}
    context = browser.new_context(
        base_url=site.base, locale="zh-CN", timezone_id="Asia/Shanghai", extra_http_headers=headers, **options
    )
    who = {
        "account": "wang",
        "name": "王芳",
        "post": "p1",
        "expires_at": "2099-01-01T00:00:00Z",
        "posts": [{"id": "p1", "role": role, "role_zh": "", "unit": {"id": "u1", "code": unit, "name": "A7县"}}],
    }

    def session(route: Route) -> None:
        if role is None or route.request.method == "DELETE":
            route.fulfill(status=401, content_type="application/problem+json", body=json.dumps(UNKNOWN))
        else:
            route.fulfill(status=200, content_type="application/json", body=json.dumps(who))

    context.route("**/registry/session", session)
    try:
        yield context
    finally:
        context.close()


UNKNOWN = {
    "type": "urn:gridgov:problem:token_missing", "title": "请登录", "title_zh": "请登录", "title_en": "sign in",
    "status": 401, "code": "token_missing", "correlation_id": None,
}  # fmt: skip


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
