"""The states in which a page is worth looking at, and how the browser is made to show them.

A state is made by what the browser is told, never by what the page knows: `answers` replaces what the API would say.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route

from tests.support.site import Site

Size = tuple[int, int]
Where = BrowserContext | Page
PHONE: Size = (360, 740)
DESK: Size = (1366, 768)
WALL: Size = (1920, 1080)
SIZES: Mapping[str, Sequence[Size]] = {
    "phone": [PHONE],
    "desk": [DESK, WALL],
    "board": [WALL],
    "follow": [PHONE, DESK],
}
"""Of each entry; tests take the first, pictures all."""

LONG = "乌鲁木齐经济技术开发区（头屯河区）中亚南路街道迎宾路社区第三网格（沿街商铺及地下停车场）占道经营、油烟扰民与消防通道堵塞"
TROUBLE = {
    "type": "urn:gridgov:problem:unavailable", "title": "系统暂时繁忙，请稍后用同样的内容重试",
    "title_zh": "系统暂时繁忙，请稍后用同样的内容重试", "title_en": "a part is not answering now; send the same again shortly",
    "status": 503, "code": "unavailable", "correlation_id": "0f3c-example",
}  # fmt: skip


def empty(where: Where, api: str) -> None:
    answer(where, api, 200, {"items": [], "next": None})


def trouble(where: Where, api: str) -> None:
    answer(where, api, 503, TROUBLE)


def long_names(*names: str) -> Callable[[Where, str], None]:
    """The real answer with what is called `names` as long as it comes."""

    def told(route: Route) -> None:
        real = route.fetch()
        body = real.json()
        for item in body.get("items", [body]):
            item |= {name: LONG for name in names if name in item}
        route.fulfill(response=real, json=body)

    return lambda where, api: where.route(api, told)


def answer(where: Where, api: str, status: int, body: object) -> None:
    kind = "application/json" if status < 400 else "application/problem+json"
    where.route(api, lambda route: route.fulfill(status=status, content_type=kind, body=json.dumps(body)))


@dataclass(frozen=True)
class Row:
    """`path` below /app/; `who` of tests.support.site.PEOPLE is signed in, nobody with None; `api` (a pattern of addresses) and what it is made to say;
    `then` is done once the page is there, before it is looked at."""

    name: str
    path: str | Callable[[Site], str]
    who: str | None = "dispatcher"
    api: str = ""
    told: Callable[[Where, str], None] | None = None
    then: Callable[[Page], Any] | None = None

    @property
    def entry(self) -> str:
        return self.name.partition("-")[0]

    def where(self, site: Site) -> str:
        return f"/app/{self.path(site) if callable(self.path) else self.path}"
