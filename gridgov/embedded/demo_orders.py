"""What the people of the demo did about its work orders: over the API, as people do, once dispatch has opened them. Some
resolutions of meetings are seen to. By the state of each, so what was cut off goes on at the next start."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import httpx2
from starlette.types import ASGIApp

from services.registry.city.seed import DATA
from services.registry.demo.gatherings import TOPICS
from services.registry.demo.make_demo import STREET
from services.registry.demo.staff import holders_in
from shared.auth.principal import Role
from shared.auth.tokens import LocalIssuer

WAITED: Final = 120
"""Seconds in which dispatch opens work orders; after that the next start looks again."""
RESULTS: Final[Mapping[tuple[str, str], str]] = {
    (title, one.text): one.result for _, title, resolved in TOPICS for one in resolved if one.result
}
"""By the title of the meeting and the text of the resolution: of those that were seen to."""


class _Step(NamedTuple):
    """What takes a work order on from a state; by `role` in the unit that leads it (`own`), or in the street."""

    action: str
    role: Role
    own: bool = False


STEPS: Final = {
    "assigned": _Step("accept", Role.DEPARTMENT_HANDLER, own=True),
    "accepted": _Step("start", Role.DEPARTMENT_HANDLER, own=True),
    "in_progress": _Step("resolve", Role.DEPARTMENT_HANDLER, own=True),
    "resolved": _Step("verify", Role.SUPERVISOR),
    "verified": _Step("close", Role.DISPATCHER),
}


class DemoOrders:
    """`site` answers all four services, `issuer` signs as their sign-in does."""

    def __init__(self, site: ASGIApp, issuer: LocalIssuer) -> None:
        self._issuer = issuer
        self._client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=site), base_url="http://demo")
        self._people = {(one.role, one.unit): one.person for one in holders_in(DATA, STREET)}

    async def see_to(self) -> None:
        """Return when each of RESULTS is closed, or is none of this installation's. Raises TimeoutError when dispatch
        does not come to it, httpx2.HTTPError when somebody else is faster."""
        async with self._client, asyncio.timeout(WAITED):
            while await self.some_left():  # noqa: ASYNC110 - what is waited for happens in dispatch
                await asyncio.sleep(1)

    async def some_left(self) -> bool:
        """Whether any was still to be seen to; what could be done about it now, was."""
        left = False
        meetings = await self._call("GET", "/registry/meetings?state=approved", Role.LEADER, STREET)
        for listed in meetings["items"]:
            if not any(title == listed["title"] for title, _ in RESULTS):
                continue
            meeting = await self._call("GET", f"/registry/meetings/{listed['id']}", Role.LEADER, STREET)
            for one in meeting["resolutions"]:
                result, order = RESULTS.get((meeting["title"], one["text"])), one["work_order"]
                if result is None or (order is not None and order["state"] == "closed"):
                    continue
                left = True
                if order is not None:
                    await self._close(order["id"], result)
        return left

    async def _close(self, id: str, result: str) -> None:
        path = f"/dispatch/work-orders/{id}"
        order = await self._call("GET", path, Role.LEADER, STREET)
        while step := STEPS.get(order["state"]):
            body = {"result": result} if step.action == "resolve" else {}
            unit = order["lead_unit"] if step.own else STREET
            order = await self._call("POST", f"{path}/{step.action}", step.role, unit, body, order["version"])

    async def _call(
        self, method: str, path: str, role: Role, unit: str, body: Any = None, version: int | None = None
    ) -> Any:
        subject = self._people.get((role, unit), f"{role}@{unit}")
        token = self._issuer.issue(subject, role, unit=unit)
        headers = {"authorization": f"Bearer {token}"}
        if version is not None:
            headers["if-match"] = f'"{version}"'
        answer = await self._client.request(method, path, json=body, headers=headers)
        answer.raise_for_status()
        return answer.json()
