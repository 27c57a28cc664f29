"""Every route of every service, by every role, from inside and outside its part of the tree, and without a token.

Two streets, HERE and THERE, each with marked rows in every ledger: ids, numbers, texts, names, subjects. Whatever a
caller asks, in whatever way, no answer has a mark of another part of the tree, a resident meets no mark of staff, and a
safety manager none but those of the own premises.
A new route is called by itself; what its path, query or body needs stands in `tests/support/planted.py`, once for all.
"""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest

from services.manifest import SERVICES
from shared.auth.cookie import SAFE_METHODS, TOKEN_COOKIE
from shared.auth.permissions import RouteAccess, access
from shared.auth.principal import PLATFORM_WIDE, Role
from tests.support.asgi import Answer, Sent, send
from tests.support.gridgov import GridGov
from tests.support.planted import PARTS, Place, plant

pytestmark = pytest.mark.anyio

HERE, THERE, EMPTY = *PARTS, "B1-SY"
VERSION_OF_NOTHING, VERSIONS = 999_999, range(1, 4)


def named_in(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


class Prober:
    """Calls routes as whoever, and keeps what was seen of which place."""

    def __init__(self, platform: GridGov, places: Mapping[str, Place]) -> None:
        self.platform, self.places = platform, places
        self.seen: set[str] = set()
        self.compared: set[str] = set()
        self._tokens: dict[tuple[Role, str | None], str] = {}
        self._documents = {name: platform.services[name].api.openapi() for name in SERVICES}

    def routes(self) -> Iterator[tuple[str, RouteAccess]]:
        for service in SERVICES:
            for route in access(self.platform.services[service].api):
                yield service, route

    def asked(self, service: str, route: RouteAccess, place: Place) -> Iterator[dict[str, Any]]:
        """Without parameters, with those that name the place each alone, and with all of them."""
        declared = self._operation(service, route).get("parameters", ())
        names = [each["name"] for each in declared if each["in"] == "query" and each["name"] in NAMING]
        needed = [each["name"] for each in declared if each["in"] == "query" and each["required"]]
        always = {name: place.value(name) for name in needed}
        yield always
        if route.method == "GET":
            yield from ({**always, name: place.value(name)} for name in names)
            if {"unit", "below"} <= set(names):
                yield {**always, "unit": place.value("unit"), "below": "true"}

    def body(self, service: str, route: RouteAccess, place: Place) -> bytes:
        content = self._operation(service, route).get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        name = schema.get("$ref", "").rpartition("/")[2]
        required = self._documents[service]["components"]["schemas"][name].get("required", ()) if name else ()
        return json.dumps({field: place.value(field) for field in required}).encode() if content else b""

    async def call(
        self, service: str, route: RouteAccess, place: Place, query: Mapping[str, Any], role: Role | None,
        unit: str | None = None, version: int = VERSION_OF_NOTHING, cookie_from: str | None = None,
    ) -> Answer:  # fmt: skip
        """With a bearer token, or with the cookie of a browser that says that a page of `cookie_from` asks."""
        headers = [
            (b"content-type", b"application/json"), (b"if-match", f'"{version}"'.encode()),
            (b"idempotency-key", str(uuid4()).encode()),
        ]  # fmt: skip
        if role is not None and cookie_from is not None:
            headers.append((b"cookie", f"theme=dark; {TOKEN_COOKIE}={self._token(role, unit)}".encode()))
            headers.append((b"sec-fetch-site", cookie_from.encode()))
        elif role is not None:
            headers.append((b"authorization", f"Bearer {self._token(role, unit)}".encode()))
        path = route.path
        for name in named_in(path):
            path = path.replace(f"{{{name}}}", place.value(name))
        sent = Sent(route.method, path, urlencode(query).encode(), tuple(headers), (self.body(service, route, place),))
        return await send(self.platform.services[service].api, sent)

    def _token(self, role: Role, unit: str | None) -> str:
        if (role, unit) not in self._tokens:
            # The resident is the one who reported HERE; nobody else has been here before.
            subject = f"mark-resident-{unit or HERE}" if role is Role.RESIDENT else f"prober-{role}"
            premises = UUID(self.places[HERE].value("premises_id")) if role is Role.SAFETY_MANAGER else None
            self._tokens[role, unit] = self.platform.token(role, unit, subject, premises)
        return self._tokens[role, unit]

    def _operation(self, service: str, route: RouteAccess) -> dict[str, Any]:
        operation: dict[str, Any] = self._documents[service]["paths"][route.path][route.method.lower()]
        return operation


NAMING = ("unit", "street", "area", "parent", "root", "number", "id", "report_id", "thing_id", "person", "below")
"""Query parameters by which one may try to reach elsewhere."""


@pytest.fixture(scope="module")
async def prober(module_platform: GridGov) -> Prober:
    return Prober(module_platform, {street: await plant(module_platform, street) for street in PARTS})


async def test_every_route_says_who_may_call_it_and_nobody_comes_in_without_a_token(prober: Prober) -> None:
    routes = list(prober.routes())
    assert {service for service, _ in routes} == set(SERVICES)
    for service, route in routes:
        assert (route.roles is None) == route.public, f"{service} {route.method} {route.path}"
        if not route.public:
            answer = await prober.call(service, route, prober.places[HERE], {}, None)
            assert (answer.status, answer.json()["code"]) == (401, "token_missing"), f"{service} {route}"
            assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.slow
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.RESIDENT])
async def test_from_outside_a_full_place_counts_as_much_as_an_empty_one(prober: Prober, role: Role) -> None:
    """Counts have no marks: they are compared with those of a street where nothing is."""
    for service, route in prober.routes():
        if route.method != "GET" or named_in(route.path) or route.path in OPEN_TO_ALL:
            continue
        if route.roles is not None and role not in route.roles:
            continue
        for query in prober.asked(service, route, prober.places[THERE]):
            if THERE in query.values():
                empty = {name: EMPTY if value == THERE else value for name, value in query.items()}
                answers = [
                    await prober.call(service, route, prober.places[THERE], q, role, HERE) for q in (query, empty)
                ]
                full, nothing = (words(answer.body) for answer in answers)
                if answers[0].status == 200:
                    assert full.replace(THERE, EMPTY) == nothing, f"{service} {route.path} {query} by {role}"
                    prober.compared.add(route.path)


async def test_a_cookie_is_as_good_as_a_bearer_token_but_changes_nothing_for_a_foreign_page(prober: Prober) -> None:
    here = prober.places[HERE]
    for service, route in prober.routes():
        if route.public:
            continue
        role = next(role for role in Role if role in (route.roles or ()))
        what = f"{service} {route.method} {route.path} by {role}"
        query = next(prober.asked(service, route, here))
        by_bearer = await prober.call(service, route, here, query, role, HERE)
        by_cookie = await prober.call(service, route, here, query, role, HERE, cookie_from="same-origin")
        assert by_cookie.status not in (401, *range(500, 600)), f"{what}: {by_cookie.status}"
        if route.method == "GET":
            assert by_cookie.status == by_bearer.status, what
            if by_cookie.status == 422:  # some want a unit or premises
                answers = [
                    await prober.call(service, route, here, q, role, HERE) for q in prober.asked(service, route, here)
                ]
                assert {answer.status for answer in answers} != {422}, f"{what} cannot be asked: {by_cookie.json()}"
            # A stream says by chance how long to wait before coming again.
            same = route.path == "/changes" or words(by_cookie.body) == words(by_bearer.body)
            assert by_cookie.status >= 400 or same, what
        foreign = await prober.call(service, route, here, query, role, HERE, cookie_from="same-site")
        if route.method in SAFE_METHODS:
            assert foreign.status == by_cookie.status, what
        else:
            assert foreign.status == 403, f"{what}: {foreign.status}"
            assert foreign.json()["code"] == "origin_foreign", what
        for unfit in set(Role) - set(route.roles or ()):
            refused = await prober.call(service, route, here, query, unfit, HERE, cookie_from="same-origin")
            assert refused.status == 403, f"{what}, but {unfit}"
            assert not refused.body or refused.json()["code"] == "role_not_permitted", f"{what}, but {unfit}"
            break


PUBLIC = {
    "intake": {
        "GET /public/follow",
        "POST /public/follow",
        "POST /public/photos",
        "GET /public/report",
        "POST /public/report",
        "POST /public/reports",
        "GET /public/reports/{number}",
        "GET /public/reports/{number}/qr",
        "POST /public/reports/{number}/rating",
        "POST /public/reports/{number}/reopening",
    },
    "dispatch": {"GET /public/photos/{seal}"},
    "registry": {"POST /session", "POST /session/link", "POST /session/renewal", "DELETE /session"},
}
"""Whoever has the code of a report, or wants to report without an account; and who is about to sign in, or out."""


async def test_what_needs_no_token_is_listed_here(prober: Prober) -> None:
    found: dict[str, set[str]] = {}
    for service, route in prober.routes():
        if route.public:
            found.setdefault(service, set()).add(f"{route.method} {route.path}")
    assert found == PUBLIC


def bound_to(role: Role) -> tuple[str | None, ...]:
    """The units to call from. That nobody of the staff sees anything without a unit is of their reach, not of their role:
    one role shows it for all."""
    alone = role in PLATFORM_WIDE or role in {Role.RESIDENT, Role.GRID_WORKER}
    return (None, HERE) if alone else (HERE,)


@pytest.mark.slow
@pytest.mark.parametrize("role", Role)
async def test_no_answer_shows_anything_of_another_part_of_the_tree(prober: Prober, role: Role) -> None:
    here, there = prober.places[HERE], prober.places[THERE]
    wrong = []
    for service, route in prober.routes():
        if route.roles is not None and role not in route.roles:
            answer = await prober.call(service, route, here, {}, role, HERE)
            if (answer.status, answer.json()["code"]) != (403, "role_not_permitted"):
                wrong.append(f"{service} {route.method} {route.path}: {answer.status}, and {role} may not call it")
            continue
        for unit in bound_to(role):
            foreign = {THERE: there.marks | there.of_staff}
            if role is Role.RESIDENT:
                foreign[HERE] = here.of_staff
            elif role is Role.SAFETY_MANAGER:
                # A hazard's number ends as a report's does.
                own = " ".join(here.of_premises)
                foreign[HERE] = {mark for mark in here.marks | here.of_staff if mark not in own}
            elif unit is None and role in PLATFORM_WIDE:
                foreign = {}
            elif unit is None:
                foreign[HERE] = here.marks | here.of_staff
            for place in (here, there):
                outside = place.street in foreign and not (role in OWN_ONLY and place is here)
                # From outside with every version there may be: whoever is let through would change it.
                versions = (
                    VERSIONS if outside and route.method != "GET" and named_in(route.path) else [VERSION_OF_NOTHING]
                )
                for query in prober.asked(service, route, place):
                    for version in versions:
                        answer = await prober.call(service, route, place, query, role, unit, version)
                        body = words(answer.body)
                        sent = {str(value) for value in (*query.values(), *map(place.value, named_in(route.path)))}
                        told = prober.body(service, route, place).decode()
                        marks = {mark for several in foreign.values() for mark in several - sent if mark not in told}
                        shown = {mark for mark in marks if mark in body}
                        what = f"{service} {route.method} {route.path} {query} of {place.street} by {role}@{unit}"
                        if shown:
                            wrong.append(f"{what} shows {sorted(shown)}")
                        if answer.status >= 500 or (answer.status == 401 and not route.public):
                            wrong.append(f"{what}: {answer.status} {body[:200]}")
                        if len(versions) > 1 and answer.status < 300:
                            wrong.append(f"{what} changes it: {answer.status}")
                        prober.seen |= {mark for mark in (here.marks | here.of_staff) if mark in body}
    assert wrong == []


def words(body: bytes) -> str:
    """What a person reads in an answer: a workbook is looked into, and a photo has none."""
    if body.startswith(b"\xff\xd8"):
        return ""
    if not body.startswith(b"PK\x03\x04"):
        return body.decode()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "".join(archive.read(part).decode() for part in archive.namelist() if part.startswith("xl/"))


@pytest.mark.slow
async def test_from_inside_all_marks_are_seen_so_that_missing_them_means_something(prober: Prober) -> None:
    here = prober.places[HERE]
    never_shown = {f"mark-key-{HERE}", f"mark-hazard-key-{HERE}", f"mark-reporter-{HERE}", f"mark-resident-{HERE}"}
    assert (here.marks | here.of_staff) - prober.seen <= never_shown


OWN_ONLY = {Role.RESIDENT, Role.SAFETY_MANAGER}
"""They see something HERE, and far from all of it."""
OPEN_TO_ALL = {"/units", "/units.xlsx", "/tree", "/catalogue"}
"""Who has signed in may know how the tree stands and which rules there are."""


@pytest.mark.slow
async def test_counts_were_compared(prober: Prober) -> None:
    assert {"/coverage", "/inbox/counts"} <= prober.compared
