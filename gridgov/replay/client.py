"""GridGov as the replay sees it over HTTP: send a row, ask for work orders, reports and units; patient, never doubling.

Every row is sent under its own key until it is answered, so a lost connection or a killed server costs time only.
"""

import asyncio
import json
import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any, Final, Self
from uuid import UUID

import aiohttp
from yarl import URL

from gridgov.replay.file import Row
from gridgov.replay.refusal import Stopped

BATCH: Final = 90
"""Ids per question: the edge takes 100 query parameters and 8 KiB of address."""
PATIENCE_SECONDS: Final = 60.0
"""How long nothing at all may succeed before the run gives up."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0
_QUIET_SECONDS: Final = 1.0
"""Trouble that is over by then is not worth a line."""
_LONGEST_RETRY_AFTER: Final = 30.0
_DEFECTS: Final = 3
"""How often a 500 is tried again before it counts as the answer."""
_BUSY: Final = frozenset({429, 502, 503, 504})
_MARKUP: Final = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_READ_OF_PAGE, _SHOWN_OF_PAGE = 4_000, 120
_CLOCK_SLACK: Final = 1.0


@dataclass(frozen=True, slots=True)
class Accepted:
    """The report that the row became; `repeated` when it was there before this run."""

    id: str
    number: str
    repeated: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """The API's reason: its stable code, what it says to people, and about which field."""

    code: str
    zh: str
    en: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: Any
    text: str
    """What a body that is no JSON says, in short."""
    lost_before: bool
    """A connection was lost while this was asked, so the first answer may have been given and not have arrived."""


class Client:
    """`token` makes a bearer token and is asked again when one has expired; `say` is told when the server is away."""

    def __init__(
        self,
        url: str,
        token: Callable[[], str],
        *,
        connections: int = 48,
        patience: float = PATIENCE_SECONDS,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._base = url.rstrip("/")
        self._token = token
        self._patience = patience
        self._say = say
        self._failing_since: float | None = None
        self._said = False
        self._started = time.time()
        self._authorization = f"Bearer {token()}"
        self._session = aiohttp.ClientSession(
            # Two more than rows in flight: the questions must not queue behind them. Four seconds: uvicorn closes
            # an idle connection after five, and a request sent at that moment would count as lost.
            connector=aiohttp.TCPConnector(limit=connections + 2, keepalive_timeout=4.0),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=30, sock_connect=5),
            trust_env=False,
        )
        self._submit_url = URL(f"{self._base}/intake/reports")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def submit(self, row: Row) -> Accepted | Refused:
        """Send `row` until it is answered. Raises Stopped when the server stays away, or is not GridGov."""
        body = json.dumps(body_of(row), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        headers = {"Idempotency-Key": row.key, "Content-Type": "application/json"}
        answer = await self._ask("POST", self._submit_url, body, headers)
        if answer.status == 201 and isinstance(answer.body, dict) and "id" in answer.body and "number" in answer.body:
            report_id = str(answer.body["id"])
            known = answer.headers.get("Idempotent-Replay") == "true" or answer.body.get("repeated") is True
            repeated = known and not (answer.lost_before and self._is_ours(report_id))
            return Accepted(report_id, str(answer.body["number"]), repeated)
        if isinstance(answer.body, dict) and "code" in answer.body and answer.status not in (401, 403, 404, 405):
            return _refused(answer.body)
        raise self._strange(answer)

    async def work_orders(self, report_ids: Sequence[str]) -> list[dict[str, Any]]:
        """The work orders of up to BATCH reports, those that are visible now."""
        return await self._items("/dispatch/work-orders", "report_id", report_ids)

    async def reports(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """Up to BATCH reports as they stand now."""
        return await self._items("/intake/reports", "id", ids)

    async def units(self) -> list[dict[str, Any]]:
        """All units with name, kind and parent, for names in the table; empty where the registry has no such list."""
        found: list[dict[str, Any]] = []
        after = ""
        while True:
            answer = await self._ask("GET", URL(f"{self._base}/registry/units?limit=200{after}"))
            if answer.status != 200 or not isinstance(answer.body, dict):
                return found
            items = answer.body.get("items")
            found += items if isinstance(items, list) else []
            if not (items and isinstance(following := answer.body.get("next"), str)) or len(found) > 100_000:
                return found
            after = f"&after={following}"

    async def _items(self, path: str, name: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        query = "&".join(f"{name}={id_}" for id_ in ids)
        answer = await self._ask("GET", URL(f"{self._base}{path}?{query}&limit={len(ids)}", encoded=True))
        if answer.status != 200 or not isinstance(answer.body, dict) or "items" not in answer.body:
            raise self._strange(answer)
        items: list[dict[str, Any]] = answer.body["items"]
        return items

    async def _ask(
        self, method: str, url: URL, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> _Answer:
        """Ask until there is an answer that asking again would not better. Raises Stopped."""
        pause, defects, renewed, lost = _FIRST_PAUSE, 0, False, False
        while True:
            sent = {**(headers or {}), "Authorization": self._authorization}
            try:
                async with self._session.request(
                    method, url, data=body, headers=sent, allow_redirects=False
                ) as response:
                    content = await response.read()
                    answer = _Answer(response.status, response.headers, _json(content), _in_short(content), lost)
            except aiohttp.InvalidURL as error:
                raise Stopped(f"网址 {self._base} 无效", f"{self._base} is no URL") from error
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                lost = True
                self._failed(str(error) or type(error).__name__)
            else:
                if answer.status == 401 and not renewed:
                    renewed = True
                    self._authorization = f"Bearer {self._token()}"
                    continue
                told = _retry_after(answer.headers)
                if answer.status == 500 and defects < _DEFECTS:
                    defects += 1
                elif answer.status in _BUSY or (answer.status == 409 and told is not None):
                    self._failed(_words(answer))
                    pause = told if told is not None else pause
                else:
                    self._failing_since = None
                    return answer
            # Spread, so that 48 rows that failed together do not come back together.
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311  no secret
            pause = min(max(pause, _FIRST_PAUSE) * 2, _LONGEST_PAUSE)

    def _failed(self, why: str | Refused) -> None:
        """Note that something did not succeed. Raises Stopped when nothing has for too long."""
        now = time.monotonic()
        if self._failing_since is None:
            self._failing_since, self._said = now, False
        elif now - self._failing_since > _QUIET_SECONDS and not self._said:
            self._said = True
            self._say(self._for_now(why))
        if now - self._failing_since > self._patience:
            if isinstance(why, Refused):
                raise Stopped(
                    f"{self._base} 已拒绝 {self._patience:.0f} 秒：{why.zh}（{why.code}）；"
                    "解决后再运行一次，会从断处继续，不会重复",
                    f"{self._base} has refused for {self._patience:.0f} s: {why.en} ({why.code}); mend that and run this "
                    "again; it continues where it stopped and doubles nothing",
                )
            raise Stopped(
                f"{self._base} 已 {self._patience:.0f} 秒没有应答({why})；请启动后再运行一次，会从断处继续，不会重复",
                f"{self._base} has not answered for {self._patience:.0f} s ({why}): start it and run this again; "
                "it continues where it stopped and doubles nothing",
            )

    def _for_now(self, why: str | Refused) -> str:
        if isinstance(why, Refused):
            return (
                f"{self._base} 暂时拒绝：{why.zh}（{why.code}），将重试 {self._patience:.0f} 秒 / "
                f"{self._base} refuses for now: {why.en} ({why.code}), trying again for {self._patience:.0f} s"
            )
        return (
            f"{self._base} 暂无应答，将重试 {self._patience:.0f} 秒(尚未启动？请运行 make up) / "
            f"{self._base} does not answer, trying again for {self._patience:.0f} s (not started? run make up)"
        )

    def _is_ours(self, report_id: str) -> bool:
        """Whether the report was stored during this run: a UUIDv7 begins with its time in ms."""
        try:
            return (UUID(report_id).int >> 80) / 1000 >= self._started - _CLOCK_SLACK
        except ValueError:
            return False

    def _strange(self, answer: _Answer) -> Stopped:
        if isinstance(answer.body, dict) and "code" in answer.body:
            why = _refused(answer.body)
            return Stopped(
                f"{self._base} 拒绝了请求：{why.zh}({why.code},HTTP {answer.status})；"
                "请确认 GRIDGOV_STATE 与服务使用的一致",
                f"{self._base} refused: {why.en} ({why.code}, HTTP {answer.status}); is GRIDGOV_STATE the server's?",
            )
        said = f"HTTP {answer.status}" + (f": {answer.text}" if answer.text else "")
        return Stopped(
            f"{self._base} 的应答不像网格通（{said}）；请检查 --url 或 GRIDGOV_PORT",
            f"{self._base} does not answer like GridGov ({said}): check --url or GRIDGOV_PORT",
        )


def _words(answer: _Answer) -> str | Refused:
    """What a server that cannot take it now said, in its own words where it has some."""
    if isinstance(answer.body, dict) and "code" in answer.body:
        return _refused(answer.body)
    return f"HTTP {answer.status}" + (f": {answer.text}" if answer.text else "")


def body_of(row: Row) -> dict[str, Any]:
    """The JSON of a row. What is empty is left out."""
    optional: dict[str, Any] = {"title": row.title, "occurred_at": row.occurred_at, "address": row.address}
    if row.point is not None:
        optional["point"] = {name: value for name, value in asdict(row.point).items() if value is not None}
    return {"channel": "import", "text": row.text, **{name: value for name, value in optional.items() if value}}


def _refused(problem: Mapping[str, Any]) -> Refused:
    """The reason in a problem+json: for a validation error, that of the first field."""
    code = str(problem["code"])
    if code == "idempotency_key_reused":
        # All but the title is in the key of a row.
        number = (problem.get("data") or {}).get("number", "")
        return Refused(
            "already_there",
            f"已作为 {number} 登记，标题不同；未作更改，如需更正请在系统中修改",
            f"already there as {number}, with another title; nothing was changed, correct it in GridGov",
            "title",
        )
    errors = problem.get("errors")
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        first = errors[0]
        field = str(first.get("field", "")).removeprefix("body.")
        return Refused(str(first.get("code") or code), str(first.get("zh")), str(first.get("en")), field)
    title = str(problem.get("title", ""))
    zh, en = str(problem.get("title_zh", title)), str(problem.get("title_en", title))
    return Refused(code, zh, en, problem.get("field"))


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _in_short(body: bytes) -> str:
    if _json(body) is not None:
        return ""
    told = _MARKUP.sub(" ", body[:_READ_OF_PAGE].decode("utf-8", "replace"))
    return " ".join(told.split())[:_SHOWN_OF_PAGE]


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait; None without the header or when it is a date, which ours never is."""
    try:
        return min(max(float(headers["Retry-After"]), 0.0), _LONGEST_RETRY_AFTER)
    except (KeyError, ValueError):
        return None
