"""The load beside every fault: residents report and departments act, as patient clients over HTTP.

A report is sent under its key until it is answered 201, as a phone does that lost its network; what was answered goes
into the log that `gridgov audit --acked` reads. Nothing the clients see is forgiven: `offences` holds every answer that
breaks a promise (invariant 9, or one key with two reports), whatever was being killed at the time.
"""

import asyncio
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import aiohttp

from shared.auth.principal import Role

TEXTS: Final = (
    "新安社区小区门口路灯不亮,晚上出行不安全",
    "泉塘街道路边井盖破损,老人差点摔倒",
    "楼下烧烤店油烟扰民,窗户都不敢开",
    "公交站台没有遮雨棚,下雨天等车淋湿",
    "小区电动车在楼道里充电,担心起火",
)
_PATIENCE: Final = 60.0
"""How long after the last report was begun the clients go on trying."""
_ANSWER: Final = 12.0
"""A client's own limit for one answer; every server must have given up before."""
_NEXT: Final = {
    "assigned": "accept", "accepted": "start", "in_progress": "resolve", "resolved": "verify", "verified": "close",
}  # fmt: skip
"""State of a work order → what is done next on its straight way."""


@dataclass(slots=True)
class Load:
    """`rate` reports per second, evenly; every tenth is sent again after its answer, every third brought to its end."""

    url: str
    log: Path
    token: Callable[[Role, str | None], str]
    """A bearer token of somebody in a role, at a unit or, with None, at none."""
    rate: float
    seed: int
    run: str = field(default_factory=lambda: uuid4().hex[:12])
    begun: int = 0
    acked: dict[str, str] = field(default_factory=dict)
    closed: int = 0
    statuses: "Counter[int]" = field(default_factory=Counter)
    refused: "Counter[str]" = field(default_factory=Counter)
    """Service and code of the answers 429 and 503: `busy` says that the machine is, anything else what is missing."""
    lost: "Counter[str]" = field(default_factory=Counter)
    """Attempts that got no answer, by error; TimeoutError is a silence of `_ANSWER` seconds."""
    seconds: list[float] = field(default_factory=list)
    """Of every report, from its first attempt to its 201."""
    ack_times: list[float] = field(default_factory=list)
    offences: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    _heard: float = 0.0
    """When anybody last had an answer. While nobody has, all ask less often, as people do."""
    _stop: threading.Event = field(default_factory=threading.Event)

    @property
    def longest_gap(self) -> float:
        """The longest time, in seconds, in which no report at all was answered 201."""
        times = sorted(self.ack_times)
        return max((after - before for before, after in pairwise(times)), default=0.0)

    @property
    def broken(self) -> "Counter[str]":
        """Attempts whose connection was refused or broke."""
        return Counter({error: number for error, number in self.lost.items() if error != "TimeoutError"})

    @property
    def last_acked(self) -> str:
        """The id of the report answered last."""
        return next(reversed(self.acked.values()))

    def p99(self) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] if ordered else 0.0

    def wait_acked(self, count: int, seconds: float = 60.0) -> None:
        """Until so many more reports have been answered."""
        wanted, end = len(self.acked) + count, time.monotonic() + seconds
        while len(self.acked) < wanted:
            assert time.monotonic() < end, f"only {len(self.acked)} of {wanted} reports answered in {seconds:.0f} s"
            time.sleep(0.02)

    async def _main(self) -> None:
        timeout = aiohttp.ClientTimeout(total=_ANSWER, sock_connect=3)
        connector = aiohttp.TCPConnector(limit=200, keepalive_timeout=4)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            random_ = random.Random(self.seed)
            begun, people = time.monotonic(), set[asyncio.Task[None]]()
            while not self._stop.is_set():
                due = begun + self.begun / self.rate
                if (pause := due - time.monotonic()) > 0:
                    await asyncio.sleep(min(pause, 0.05))
                    continue
                person = asyncio.create_task(self._person(session, self.begun, random_.random(), random_.random()))
                people.add(person)
                person.add_done_callback(people.discard)
                person.add_done_callback(self._ended)
                self.begun += 1
            if people:
                _, late = await asyncio.wait(people, timeout=_PATIENCE)
                for person in late:
                    person.cancel()
                await asyncio.gather(*late, return_exceptions=True)

    def _ended(self, person: "asyncio.Task[None]") -> None:
        """A client that fails is none that saw no offence."""
        if not person.cancelled() and (error := person.exception()) is not None:
            self.offences.append(f"a client of the load failed: {error!r}")

    async def _person(self, session: aiohttp.ClientSession, number: int, again: float, acts: float) -> None:
        key, text = f"{self.run}-{number}", TEXTS[number % len(TEXTS)]
        self.unanswered.append(key)
        started = time.monotonic()
        answer = await self._report(session, key, text)
        self.seconds.append(time.monotonic() - started)
        self.ack_times.append(time.monotonic())
        self.unanswered.remove(key)
        self.acked[key] = answer["id"]
        with self.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps({"key": key, "id": answer["id"], "number": answer["number"]}) + "\n")
        if again < 0.1:
            repeated = await self._report(session, key, text)
            if repeated["id"] != answer["id"] or repeated["number"] != answer["number"]:
                self.offences.append(f"{key}: {answer['number']} became {repeated['number']}")
        if acts < 0.33:
            await self._bring_to_an_end(session, answer["id"])

    async def _report(self, session: aiohttp.ClientSession, key: str, text: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token(Role.SERVICE, None)}", "Idempotency-Key": key}
        body = {"text": text, "channel": "hotline"}
        while True:
            status, answer = await self._ask(session, "POST", "/intake/reports", headers, body)
            if status == 201:
                return answer
            if status not in (0, 429, 503):
                self.offences.append(f"{key}: {status} {json.dumps(answer, ensure_ascii=False)[:200]}")
                await asyncio.sleep(1.0)

    async def _bring_to_an_end(self, session: aiohttp.ClientSession, report_id: str) -> None:
        """Department and street look at the work order and do what comes next, until it is closed. What is not there
        after some looks waits for a person, or for the fault to end."""
        reading = {"Authorization": f"Bearer {self.token(Role.SERVICE, None)}"}
        pauses = iter((0.5, 1.0, 2.0, 4.0, 8.0))
        while not self._stop.is_set():
            status, page = await self._ask(session, "GET", f"/dispatch/work-orders?report_id={report_id}", reading)
            if status == 200 and page["items"]:
                (order,) = page["items"]
                if order["state"] == "closed":
                    self.closed += 1
                if (action := _NEXT.get(order["state"])) is None or not await self._act(session, order, action):
                    return
            elif (pause := next(pauses, None)) is not None:
                await self._rest(pause)
            else:
                return

    async def _rest(self, seconds: float) -> None:
        """Sleep, but not beyond the end of the load."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self._stop.is_set():
            await asyncio.sleep(min(left, 0.1))

    async def _act(self, session: aiohttp.ClientSession, order: dict[str, Any], action: str) -> bool:
        """Whether to go on: it is done, was done by an attempt whose answer got lost (a stale version), or may be
        tried again."""
        theirs = action in ("accept", "start", "resolve")
        who = (Role.DEPARTMENT_HANDLER, order["lead_unit"]) if theirs else (Role.DISPATCHER, order["place"]["area"])
        headers = {"Authorization": f"Bearer {self.token(*who)}", "If-Match": f'"{order["version"]}"'}
        body = {"result": "已处理"} if action == "resolve" else {}
        status, answer = await self._ask(
            session, "POST", f"/dispatch/work-orders/{order['id']}/{action}", headers, body
        )
        if status in (0, 200, 409, 412, 429, 503):
            return True
        self.offences.append(f"{action} {order['id']}: {status} {str(answer)[:200]}")
        return False

    async def _ask(
        self,
        session: aiohttp.ClientSession,
        method: str,
        path: str,
        headers: dict[str, str],
        body: dict[str, Any] | None = None,
    ) -> tuple[int, Any]:
        """Status (0 where there was none) and body; waits as long as a refusal asks before it returns."""
        try:
            async with session.request(method, self.url + path, json=body, headers=headers) as answer:
                text = await answer.text()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self.lost["TimeoutError" if isinstance(error, TimeoutError) else type(error).__name__] += 1
            await asyncio.sleep(0.1 if time.monotonic() - self._heard < 1.0 else 1.0)
            return 0, None
        self._heard = time.monotonic()
        self.statuses[answer.status] += 1
        content = json.loads(text) if "json" in answer.content_type else None
        if answer.status >= 400:
            self._judge(method, path, answer, content, text)
            if answer.status in (429, 503):
                self.refused[f"{path.split('/')[1]}: {(content or {}).get('code')}"] += 1
                await asyncio.sleep(min(float(answer.headers.get("Retry-After", 1)), 1.0))
        return answer.status, content

    def _judge(self, method: str, path: str, answer: aiohttp.ClientResponse, content: Any, text: str) -> None:
        """Invariant 9: nothing from 500 on but a 503 that says when to come again; every error a problem, no trace."""
        where = f"{method} {path}: {answer.status} {text[:200]}"
        if answer.status in (429, 503) and "Retry-After" not in answer.headers:
            self.offences.append(f"no Retry-After: {where}")
        elif answer.status >= 500 and answer.status != 503:
            self.offences.append(where)
        if answer.content_type != "application/problem+json" or "code" not in (content or {}):
            self.offences.append(f"no problem: {where}")
        elif "Traceback" in text:
            self.offences.append(f"a trace: {where}")


@contextmanager
def under(load: Load) -> Iterator[Load]:
    """The load runs, from a thread of its own, while the block does; then whoever still waits is waited for."""
    failed: list[BaseException] = []

    def life() -> None:
        try:
            asyncio.run(load._main())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=life, name="load")
    thread.start()
    try:
        yield load
    finally:
        load._stop.set()
        thread.join(_PATIENCE + _ANSWER + 10)
    if failed:
        raise failed[0]
    assert not thread.is_alive(), "the load does not end"
