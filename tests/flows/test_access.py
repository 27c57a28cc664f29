"""Every endpoint of every service with every role, from inside and outside its part of the tree, and with no token."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from shared.auth.permissions import RouteAccess, access
from shared.auth.principal import PLATFORM_WIDE, Role
from shared.events.topics import SERVICES
from tests.support.city import COMMUNITY, ELSEWHERE, STREET
from tests.support.gridgov import GridGov

INSIDE_OF, OUTSIDE_OF, EMPTY = STREET, ELSEWHERE, "B1-SY"
"""Where the one report and its work order are, where they are not, and where nothing at all is."""

BODIES: dict[str, Any] = {
    "/reports": {"text": "井盖"},
    "/reports/{report_id}/triage": {"decision": "triage", "unit": COMMUNITY, "category": "民政"},
    "/reports/{report_id}/reporter": {"why": "回访"},
    "/work-orders/{work_order_id}/{action}": {"lead_unit": "A7-D-CJ"},
}
QUERIES: dict[str, dict[str, Any]] = {"/work-orders": {"area": COMMUNITY}, "/inbox": {"unit": "A", "below": True}}


class Prober:
    """Calls each endpoint as far as permission and reach decide: with a body where one is known, else an empty one."""

    def __init__(self, platform: GridGov, ids: dict[str, str]) -> None:
        self.platform, self.ids = platform, ids

    def routes(self) -> Iterator[tuple[str, RouteAccess]]:
        for service in SERVICES:
            for route in access(self.platform.services[service].api):
                yield service, route

    async def call(
        self, service: str, route: RouteAccess, role: Role | None, unit: str | None = None
    ) -> httpx2.Response:
        headers = self.platform.caller(role, unit, subject=f"prober-{uuid4()}") if role else {}
        # A version that nothing has: whoever is let through changes nothing, so all callers meet the same state.
        headers |= {"if-match": '"999999"', "idempotency-key": str(uuid4())}
        body = None if route.method in ("GET", "HEAD", "DELETE") else BODIES.get(route.path, {})
        return await self.platform.clients[service].request(
            route.method, route.path.format(**self.ids), json=body, params=QUERIES.get(route.path, {}), headers=headers
        )


@pytest.fixture(scope="module")
async def prober(module_platform: GridGov) -> Prober:
    platform = module_platform
    report = await platform.reported("星湖社区井盖", "access", reporter={"name": "王小明"})
    order = await platform.work_order(report)
    clock = (await platform.get("supervision", "/clocks", thing_id=order["id"]))["items"][0]
    known = {
        "report_id": report,
        "work_order_id": order["id"],
        "action": "assign",
        "clock_id": clock["id"],
        "code": STREET,
        "unit": STREET,
        "post_id": str(uuid4()),
    }
    return Prober(platform, known)


async def test_every_endpoint_says_who_may_call_it_and_can_be_called_here(prober: Prober) -> None:
    routes = list(prober.routes())
    assert {service for service, _ in routes} == set(SERVICES)
    for service, route in routes:
        assert (route.roles is None) == route.public, f"{service} {route.method} {route.path}"
        route.path.format(**prober.ids)  # a parameter that is not known here would leave the endpoint untested


async def test_nobody_comes_in_without_a_token(prober: Prober) -> None:
    for service, route in prober.routes():
        if not route.public:
            answer = await prober.call(service, route, None)
            assert (answer.status_code, answer.json()["code"]) == (401, "token_missing"), f"{service} {route}"
            assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("unit", [None, INSIDE_OF, OUTSIDE_OF])
@pytest.mark.parametrize("role", Role)
async def test_roles_that_are_not_named_are_refused_and_nothing_ever_breaks(
    prober: Prober, role: Role, unit: str | None
) -> None:
    for service, route in prober.routes():
        answer = await prober.call(service, route, role, unit)
        what = f"{service} {route.method} {route.path} by {role} of {unit}: {answer.text[:200]}"
        assert answer.status_code < 500, what
        assert answer.status_code != 401, what
        if route.roles is not None and role not in route.roles:
            assert (answer.status_code, answer.json()["code"]) == (403, "role_not_permitted"), what
        elif answer.status_code == 403:
            assert answer.json()["code"] != "role_not_permitted", what


ONE = ("report_id", "work_order_id", "clock_id")
"""Path parameters that name a thing with a place in the tree. Units and posts are everybody's reference data."""


@pytest.mark.parametrize("role", Role)
async def test_from_outside_nothing_is_there(prober: Prober, role: Role) -> None:
    outsiders = [EMPTY] if role in PLATFORM_WIDE else [EMPTY, None]
    for service, route in prober.routes():
        submitting = (route.method, route.path) == ("POST", "/reports")
        if service == "registry" or submitting or (route.roles is not None and role not in route.roles):
            continue
        for unit in outsiders:
            answer = await prober.call(service, route, role, unit)
            what = f"{service} {route.method} {route.path} by {role} of {unit}: {answer.text[:200]}"
            if any(f"{{{name}}}" in route.path for name in ONE):
                assert answer.status_code == 404, what
            elif "items" in answer.json():
                assert (answer.status_code, answer.json()["items"]) == (200, []), what
            else:
                assert not any(prober.ids[name] in answer.text for name in ONE), what


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.RESIDENT])
async def test_from_inside_the_same_things_are_there(prober: Prober, role: Role) -> None:
    for service, route in prober.routes():
        if route.method != "GET" or (route.roles is not None and role not in route.roles):
            continue
        if any(f"{{{name}}}" in route.path for name in ONE):
            answer = await prober.call(service, route, role, INSIDE_OF)
            assert answer.status_code == 200, f"{service} {route.path} by {role}: {answer.text[:200]}"


async def test_everybody_trying_everything_changed_nothing(prober: Prober) -> None:
    order = await prober.platform.get("dispatch", f"/work-orders/{prober.ids['work_order_id']}")
    assert (order["state"], order["version"]) == ("assigned", 1)
    assert await prober.platform.trail_violations() == []
