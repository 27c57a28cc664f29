"""Lives of reports that take every path, and their end state with names instead of ids.

Two runs of the same lives differ in nothing but ids, serial numbers, span ids, transactions and hashes over them. Here each id is replaced by
what it is the id of (`order of life-3`), the serial of a number by the key of its report; hashes, which a chain's
verification covers, are left out. What remains must be the same, byte for byte.
"""

import asyncio
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import md5
from typing import Any, Final

from shared.auth.principal import Role
from shared.events import topics
from tests.faults.in_process import ask, eventually, the_order
from tests.support.city import COMMUNITY, COUNTY_URBAN, STREET, STREET_URBAN
from tests.support.gridgov import GridGov

Step = tuple[str, Role, str, dict[str, str]]
_H, _C = (Role.DEPARTMENT_HANDLER, STREET_URBAN), (Role.DEPARTMENT_HANDLER, COUNTY_URBAN)
_G, _D = (Role.GRID_WORKER, COMMUNITY), (Role.DISPATCHER, STREET)


def _solved(who: tuple[Role, str]) -> list[Step]:
    return [("accept", *who, {}), ("start", *who, {}), ("resolve", *who, {"result": "已更换"})]


_AGAIN: Final[list[Step]] = [("rework", *_G, {"why": "仍松动"}), ("resolve", *_H, {"result": "已紧固"})]
_END: Final[list[Step]] = [("verify", *_G, {}), ("close", *_D, {})]
_RETURNED: Final[list[Step]] = [("return", *_H, {"why": "不归我们管"}), ("assign", *_D, {"lead_unit": COUNTY_URBAN})]
AT_ONCE: Final = 10
PATHS: Final[Sequence[tuple[str, Mapping[str, str] | None, list[Step]]]] = (
    ("说不清是什么事", None, []),
    ("说不清在哪里的井盖", {"decision": "reject", "why": "属省管公路"}, []),
    ("说不清在哪里的井盖", {"decision": "triage", "unit": COMMUNITY, "category": "城乡建设"}, _solved(_H)[:1]),
    ("柳湾街道井盖", None, []),
    ("星湖社区井盖", None, []),
    ("星湖社区井盖", None, _RETURNED[:1]),
    ("星湖社区井盖", None, [*_RETURNED, *_solved(_C), *_END]),
    ("星湖社区井盖", None, [*_solved(_H), *_AGAIN[:1]]),
    ("星湖社区井盖", None, [*_solved(_H), *_AGAIN, *_END]),
    ("泉塘街道油烟扰民", None, []),
)
"""What is reported, what a person decides about it, and what is then done. A path's number is its place modulo ten."""


async def lives(platform: GridGov, count: int) -> None:
    """`life-0` and on, ten at once, each up to where its path ends. The platform is at work."""
    for first in range(0, count, AT_ONCE):
        together = range(first, min(first + AT_ONCE, count))
        await asyncio.gather(*(_life(platform, f"life-{n}", *PATHS[n % len(PATHS)]) for n in together))


async def _life(
    platform: GridGov, key: str, text: str, decision: Mapping[str, str] | None, steps: Sequence[Step]
) -> None:
    async def do(service: str, path: str, who: Mapping[str, str], body: Any) -> dict[str, Any]:
        answer = await ask(platform, service, "POST", path, {**_marks(key), **who}, body)
        assert answer.status_code in (200, 201), f"{key}: {path}: {answer.text}"
        return dict(answer.json())

    sender = {**platform.caller(Role.SERVICE), "idempotency-key": key}
    report = await do("intake", "/reports", sender, {"text": text, "channel": "hotline"})
    if decision is not None:
        waiting = await _waiting(platform, report["id"])
        clerk = {**platform.caller(Role.DISPATCHER, "A"), "if-match": f'"{waiting["version"]}"'}
        await do("intake", f"/reports/{report['id']}/triage", clerk, dict(decision))
    if steps:
        order = await the_order(platform, report["id"])
        for action, role, unit, body in steps:
            who = {**platform.caller(role, unit), "if-match": f'"{order["version"]}"'}
            order = await do("dispatch", f"/work-orders/{order['id']}/{action}", who, body)


async def _waiting(platform: GridGov, report_id: str) -> dict[str, Any]:
    """The report, as soon as it waits for a person."""

    async def found() -> dict[str, Any] | None:
        report = (await ask(platform, "intake", "GET", f"/reports/{report_id}", platform.caller(Role.ADMIN))).json()
        return dict(report) if report["status"] == "needs_review" else None

    report = await eventually(found)
    assert report is not None
    return report


def _marks(key: str) -> dict[str, str]:
    """A life's own correlation and trace, the same in every run."""
    trace = md5(key.encode(), usedforsecurity=False).hexdigest()
    return {"x-correlation-id": key, "traceparent": f"00-{trace}-00f067aa0ba902b7-01"}


_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SERIAL: Final = re.compile(r"-20\d{6}-(\d{6})")
_SPAN: Final = re.compile(r"(00-[0-9a-f]{32})-[0-9a-f]{16}-")
_OWN: Final = re.compile(r'"correlation_id": "([0-9a-f]{32})"')
"""The correlation of what a worker began by itself, a duty's run: any will do."""
_NOTES: Final = {
    "units": {"revision"},
    "units_revision": {"revision"},
    "things": {"before"},
    "trail": {"hash", "previous", "tx"},
}
"""What a service notes for itself, or what follows from the rest: columns that are left out."""


class Names:
    """What each id and each serial stands for, by natural keys."""

    def __init__(self, content: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
        self._ids: dict[str, str] = {}
        self._serials: dict[str, str] = {}
        for report in content["intake.reports"]:
            self._ids[str(report["id"])] = f"report {report['client_key']}"
            self._serials[report["number"][-6:]] = str(report["client_key"])
        for order in content["dispatch.work_orders"]:
            self._ids[str(order["id"])] = f"order of {self._ids[str(order['sources'][0]['id'])]}"
        for duty in content["registry.duties"]:
            self._ids[str(duty["id"])] = f"duty {duty['duty']} of {duty['do_unit']}"
        for plan in content["registry.duty_plans"]:
            self._ids[str(plan["id"])] = f"plan {plan['duty']} {plan['variant']}"
        for summary in content["registry.summaries"]:
            self._ids[str(summary["id"])] = f"{summary['length']} of {summary['unit']} from {summary['first']}"
        for clock in content["supervision.clocks"]:
            order = self._ids[str(clock["thing_id"])]
            self._ids[str(clock["id"])] = f"{clock['name']} clock since {clock['started_at']} of {order}"
        for unit in content["registry.units"]:
            self._ids[str(unit["id"])] = f"unit {unit['code']}"
        for account in content["registry.accounts"]:
            self._ids[str(account["id"])] = f"account of {account['person']}"

    def plain(self, said: object) -> str:
        """JSON of `said` with names; an id without a name is an error: nothing may exist that is of nothing."""
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
        for unknown in set(_ID.findall(text)) - self._ids.keys():
            raise KeyError(f"{unknown} is of nothing that is known: {text[:300]}")
        text = _ID.sub(lambda found: f"<{self._ids[found[0]]}>", text)
        for own in set(_OWN.findall(text)):
            text = re.sub(f"{own}(-[0-9a-f]{{16}})?", "<its own>", text)
        text = _SERIAL.sub(lambda found: f"-<{self._serials[found[1]]}>", text)
        return _SPAN.sub(r"\1-", text)


async def end_state(platform: GridGov, *, of: str = "") -> dict[str, list[str]]:
    """Every row of every table of all services with names, sorted; those about keys that begin with `of`, if given."""
    content = await platform.content()
    names = Names(content)
    state = {}
    for table, rows in content.items():
        left_out = _NOTES.get(table.partition(".")[2], set())
        lines = [names.plain({name: row[name] for name in row if name not in left_out}) for row in rows]
        state[table] = sorted(line for line in lines if of in line)
    return state


async def told(platform: GridGov) -> dict[str, list[str]]:
    """What was published, with names, by topic and key in its order; what was sent twice counts once."""
    names, seen = Names(await platform.content()), set()
    found: dict[str, list[str]] = defaultdict(list)
    for record in await platform.records(topics.UNITS, topics.REPORTS, topics.WORK_ORDERS, topics.CLOCKS):
        if record.headers["ce_id"] not in seen:
            seen.add(record.headers["ce_id"])
            said = json.loads(record.value or b"null")
            found[names.plain([record.topic, record.key])].append(names.plain([record.headers["ce_type"], said]))
    return dict(found)


def alike(found: Mapping[str, Sequence[str]], expected: Mapping[str, Sequence[str]]) -> None:
    """Raises AssertionError with the lines that only one of two states has."""
    for name in sorted({*found, *expected}):
        here, there = found.get(name, ()), expected.get(name, ())
        more, less = Counter(here) - Counter(there), Counter(there) - Counter(here)
        lines = [f"+ {line}" for line in more.elements()] + [f"- {line}" for line in less.elements()]
        assert not lines, "\n".join([name, *lines[:10]])
        assert here == there, f"{name}: in another order"
