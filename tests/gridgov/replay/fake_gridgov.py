"""A small GridGov on a real socket: the three endpoints that the replay uses, with faults that a test asks for.

It keeps the promise that matters: one key, one report. A dropped connection drops the answer, not the report.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from shared.ids import new_id

TOKEN = "a-token"


@dataclass
class FakeGridGov:
    """`drop_answers`, `busy` and `defects` count down: so many submissions lose their answer, are told 503, or 500.

    `fate` gives the status and reasons that a report ends with, by its text; `triaged` ones never get a work order.
    """

    drop_answers: int = 0
    busy: int = 0
    defects: int = 0
    refuse: Callable[[str], str | None] = lambda text: None if text.strip() else "text_blank"
    fate: Callable[[str], tuple[str, list[str]]] = lambda _: ("dispatched", [])
    on_submission: Callable[[int], None] = lambda _: None
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    bodies: dict[str, Any] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)
    widest_question: int = 0
    url: str = ""

    async def submit(self, request: web.Request) -> web.Response:
        self.requests["submit"] += 1
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return problem(401, "token_invalid", "登录凭证无效", "the token is not valid")
        body, key = await request.json(), request.headers["Idempotency-Key"]
        self.on_submission(self.requests["submit"])
        if self.busy > 0:
            self.busy -= 1
            return problem(503, "busy", "请求太多", "too many requests", {"Retry-After": "0"})
        if self.defects > 0:
            self.defects -= 1
            return problem(500, "internal", "系统出错", "something broke")
        if code := self.refuse(body["text"]):
            errors = [{"field": "text", "in": "body", "code": code, "zh": "请填写内容", "en": "write something"}]
            return problem(422, "validation", "有 1 处填写有误", "1 thing needs correcting", errors=errors)
        known = self.reports.get(key)
        if known is not None and self.bodies[key] != body:
            return problem(422, "idempotency_key_reused", "键已用过", "used before", data={"number": known["number"]})
        if known is None:
            status, reasons = self.fate(body["text"])
            serial = len(self.reports) + 1
            self.bodies[key] = body
            self.reports[key] = known_new = {
                "id": str(new_id()),
                "number": f"A-20261123-{serial:06d}",
                "status": status,
                "review_reasons": reasons,
            }
        else:
            known_new = known
        if self.drop_answers > 0:
            self.drop_answers -= 1
            assert request.transport is not None
            request.transport.abort()
        answer = {"id": known_new["id"], "number": known_new["number"], "repeated": known is not None}
        return web.json_response(answer, status=201, headers={"Idempotent-Replay": "true"} if known else {})

    async def work_orders(self, request: web.Request) -> web.Response:
        self.requests["work_orders"] += 1
        wanted = request.query.getall("report_id")
        self.widest_question = max(self.widest_question, len(request.query))
        items = [
            {"number": f"W-{report['number']}", "sources": [{"id": report["id"]}], "category": "城乡建设", "place": {"area": "A7-QT-01"},
             "lead_unit": "A7-D-ZJ", "text": "long"}
            for report in self.reports.values() if report["id"] in wanted and report["status"] == "dispatched"
        ]  # fmt: skip
        return web.json_response({"items": items, "next": None})

    async def found(self, request: web.Request) -> web.Response:
        self.requests["reports"] += 1
        wanted = request.query.getall("id")
        return web.json_response({"items": [r for r in self.reports.values() if r["id"] in wanted], "next": None})

    async def units(self, _: web.Request) -> web.Response:
        units = [
            {"code": "A7", "kind": "district", "name": "A7县", "parent": "A"},
            {"code": "A7-QT-01", "kind": "community", "name": "泉塘社区", "parent": "A7"},
            {"code": "A7-D-ZJ", "kind": "department", "name": "A7县住建局", "parent": "A7"},
        ]
        return web.json_response({"items": units, "next": None})


def problem(
    status: int, code: str, zh: str, en: str, headers: dict[str, str] | None = None, **more: Any
) -> web.Response:
    body = {"code": code, "title": zh, "title_zh": zh, "title_en": en, "status": status}
    return web.json_response(body | more, status=status, headers=headers)


@contextmanager
def running(fake: FakeGridGov, port: int | None = None) -> Iterator[FakeGridGov]:
    """Serve `fake` on `port` of loopback (a free one when None), from a thread of its own."""
    loop = asyncio.new_event_loop()

    async def start() -> tuple[web.AppRunner, asyncio.Server]:
        app = web.Application()
        app.router.add_post("/intake/reports", fake.submit)
        app.router.add_get("/intake/reports", fake.found)
        app.router.add_get("/dispatch/work-orders", fake.work_orders)
        app.router.add_get("/registry/units", fake.units)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        assert runner.server is not None
        listener = await loop.create_server(runner.server, "127.0.0.1", port or 0, reuse_address=True)
        fake.url = "http://{}:{}".format(*listener.sockets[0].getsockname())
        return runner, listener

    async def stop() -> None:
        # Accept no more, let those just accepted become connections, and only then close: asyncio drops a socket
        # accepted by a listener that closed meanwhile (gh-109564), a ResourceWarning in whatever test runs then.
        for sock in listener.sockets:
            loop.remove_reader(sock.fileno())
        for _ in range(20):
            await asyncio.sleep(0)
        listener.close()
        await runner.cleanup()

    runner, listener = loop.run_until_complete(start())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield fake
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
