"""What every answer carries, and what a client learns when something fails."""

import asyncio
import json
import re
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import APIRouter, FastAPI
from prometheus_client import CollectorRegistry
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.routing import Mount

from shared.auth.permissions import access, anyone, signed_in
from shared.auth.principal import Principal, Role
from shared.auth.tokens import LocalVerifier
from shared.clock import SystemClock
from shared.http import problems
from shared.http.app import create_api
from shared.http.problems import prefers_english
from shared.http.routes import router
from shared.telemetry.metrics import Metrics
from tests.shared.http.edge_app import Edge, build
from tests.support.asgi import Sent, send
from tests.support.bad_input import assert_problem


@pytest.fixture
def edge(tmp_path: Path) -> Edge:
    return build(tmp_path)


def _lines(edge: Edge) -> list[dict[str, object]]:
    return [json.loads(line) for line in edge.log.getvalue().splitlines()]


def test_no_such_path_and_wrong_method_are_problems_too(edge: Edge) -> None:
    assert assert_problem(edge.get("/nothing"))["code"] == "no_such_path"
    answer = edge.send(Sent("DELETE", "/things"))
    assert answer.status == 405
    assert answer.headers["allow"] == "GET"
    assert assert_problem(answer)["code"] == "method_not_allowed"
    answer = edge.send(Sent("DELETE", "/things/01980000-0000-7000-8000-000000000001"))
    assert answer.headers["allow"] == "POST, PUT"


def test_a_refused_request_with_a_large_body_is_not_read_to_its_end(edge: Edge) -> None:
    path = "/things/01980000-0000-7000-8000-000000000001"
    large = edge.send(Sent("POST", path, headers=((b"content-length", b"5000000"),)))
    small = edge.send(Sent("POST", path, headers=((b"content-length", b"50"),)))
    assert (large.status, large.headers["connection"]) == (401, "close")
    assert "connection" not in small.headers


def test_a_defect_answers_500_with_nothing_but_the_correlation_id_and_logs_no_personal_data(edge: Edge) -> None:
    answer = edge.get("/things/broken/defect", (b"x-correlation-id", b"call-7"))
    assert answer.status == 500
    assert assert_problem(answer)["correlation_id"] == "call-7"
    failed = next(line for line in _lines(edge) if line["event"] == "http.failed")
    assert failed["error"] == "builtins.KeyError"
    assert failed["correlation_id"] == "call-7"
    for everything in (edge.log.getvalue(), answer.body.decode()):
        assert "13800001111" not in everything
        assert "张三" not in everything


def test_a_lost_database_answers_503_with_retry_after(edge: Edge) -> None:
    answer = edge.get("/things/broken/refused")
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0
    assert assert_problem(answer)["code"] == "unavailable"


def test_our_own_errors_keep_their_code_and_text(edge: Edge) -> None:
    answer = edge.get("/things/broken/missing", (b"accept-language", b"en"))
    problem = assert_problem(answer)
    assert (answer.status, problem["code"], problem["title"]) == (404, "thing_not_found", "there is no such thing")
    assert answer.headers["content-language"] == "en"


@pytest.mark.parametrize(
    ("header", "english"),
    [
        (None, False),
        ("", False),
        ("zh-CN,zh;q=0.9,en;q=0.8", False),
        ("en-GB", True),
        ("en;q=0.3, zh;q=0.2", True),
        ("fr", False),
        ("en;q=0", False),
        ("en;q=x", False),
        ("eng", False),
        ("zh,en", False),
    ],
)
def test_the_title_is_in_the_language_wanted_more_and_chinese_by_default(header: str | None, *, english: bool) -> None:
    assert prefers_english(header) is english


def test_every_kind_of_error_has_a_status() -> None:
    assert set(problems.STATUS_OF_KIND) == set(problems.Kind)


def test_every_answer_carries_security_headers_and_the_callers_correlation_id(edge: Edge) -> None:
    for path in ("/things", "/nothing", "/livez", "/docs", "/things/broken/defect"):
        headers = edge.get(path, (b"x-correlation-id", b"abc-1")).headers
        assert headers["x-correlation-id"] == "abc-1"
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("odd", [b"", b"a b", b"x" * 65, b"a\xff", b'"><script>', b"-x"])
def test_an_odd_correlation_id_is_replaced(edge: Edge, odd: bytes) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", edge.get("/things", (b"x-correlation-id", odd)).headers["x-correlation-id"])


def test_the_callers_trace_goes_on_in_the_endpoint_and_in_the_log(edge: Edge) -> None:
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    answer = edge.get("/things", (b"traceparent", f"00-{trace_id}-b7ad6b7169203331-01".encode()))
    inside = answer.json()["trace"]
    assert inside.split("-")[1] == trace_id
    assert inside.split("-")[2] != "b7ad6b7169203331"
    assert _lines(edge)[-1]["trace_id"] == trace_id


def test_one_access_line_per_request_with_the_template_and_without_query_or_path(edge: Edge) -> None:
    edge.get("/things", query=b"state=secret-word")
    edge.send(Sent("PUT", "/things/01980000-0000-7000-8000-000000000001"))
    first, second = (line for line in _lines(edge) if line["event"] == "http.request")
    assert (first["route"], first["status"], first["method"]) == ("/things", 200, "GET")
    assert (second["route"], second["status"]) == ("/things/{thing}", 401)
    assert "secret-word" not in edge.log.getvalue()
    assert "01980000" not in edge.log.getvalue()


def test_requests_are_counted_by_template_and_invented_methods_make_no_new_series(edge: Edge) -> None:
    for method in ("GET", "AAA", "BBB"):
        edge.send(Sent(method, "/nothing/at/all"))
    edge.get("/things")
    value = edge.metrics.registry.get_sample_value
    labels = {"service": "things", "route": "unmatched", "status": "404"}
    assert value("gridgov_http_requests_total", {**labels, "method": "GET"}) == 1
    assert value("gridgov_http_requests_total", {**labels, "method": "other"}) == 2
    assert value("gridgov_http_seconds_count", {"service": "things", "route": "/things"}) == 1


def test_over_the_limit_in_flight_new_requests_get_503_but_health_answers(tmp_path: Path) -> None:
    edge = build(tmp_path, most_in_flight=2)

    async def crowd() -> tuple[list[int], int, int]:
        slow = [asyncio.create_task(send(edge.app, Sent("GET", "/things/broken/slow"))) for _ in range(5)]
        await asyncio.sleep(0)
        alive = await send(edge.app, Sent("GET", "/livez"))
        statuses = [(await task).status for task in slow]
        return statuses, alive.status, (await send(edge.app, Sent("GET", "/things"))).status

    statuses, alive, afterwards = asyncio.run(crowd())
    assert sorted(statuses) == [200, 200, 503, 503, 503]
    assert (alive, afterwards) == (200, 200)


def test_changing_needs_the_version_the_caller_has_seen(edge: Edge) -> None:
    path, token = "/things/01980000-0000-7000-8000-000000000001", (b"authorization", b"Bearer " + edge.token().encode())
    for etag, status, code in (
        (None, 428, "if_match_required"),
        (b"*", 422, "if_match_invalid"),
        (b'"2"', 412, "version_mismatch"),
    ):
        answer = edge.send(Sent("PUT", path, headers=(token, *(((b"if-match", etag),) if etag else ()))))
        assert (answer.status, assert_problem(answer)["code"]) == (status, code)
    assert edge.send(Sent("PUT", path, headers=(token, (b"if-match", b'"3"')))).status == 200


def test_readiness_names_what_does_not_answer_and_liveness_does_not_care(tmp_path: Path) -> None:
    state = {"broken": True}

    async def database() -> None:
        if state["broken"]:
            raise ConnectionRefusedError("secret-host:5432")

    async def bus() -> None:
        return

    edge = build(tmp_path, checks={"database": database, "bus": bus})
    answer = edge.get("/readyz")
    problem = assert_problem(answer)
    assert answer.status == 503
    assert "retry-after" in answer.headers
    assert problem["data"]["checks"]["bus"]["ok"] is True
    assert problem["data"]["checks"]["database"]["error"] == "ConnectionRefusedError"
    assert b"secret-host" not in answer.body
    assert edge.get("/livez").status == 200
    state["broken"] = False
    assert edge.get("/readyz").json()["checks"]["database"]["ok"] is True


def test_a_check_that_hangs_counts_as_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.http.health.CHECK_SECONDS", 0.05)

    async def hangs() -> None:
        await asyncio.Event().wait()

    assert build(tmp_path, checks={"bus": hangs}).get("/readyz").status == 503


def test_the_documents_page_shows_each_operation_and_fetches_nothing(edge: Edge) -> None:
    answer = edge.get("/docs")
    page = answer.body.decode()
    assert answer.status == 200
    assert "/things/{thing}" in page
    assert "admin, grid_worker" in page
    assert "<script" not in page
    assert not re.search(r"(src|href)=\"(https?:)?//", page)


def test_the_openapi_document_states_roles_the_bearer_scheme_and_the_problem(edge: Edge) -> None:
    document = edge.get("/openapi.json").json()
    post = document["paths"]["/things/{thing}"]["post"]
    assert post["security"] == [{"bearer": []}]
    assert post["x-roles"] == ["admin", "grid_worker"]
    assert "application/problem+json" in post["responses"]["default"]["content"]
    assert "422" not in post["responses"]
    assert "Problem" in document["components"]["schemas"]
    assert "security" not in document["paths"]["/things"]["get"]


def test_mounted_under_a_prefix_the_edge_works_the_same(edge: Edge) -> None:
    outer = Starlette(routes=[Mount("/intake", edge.app)])

    async def both() -> list[int]:
        return [
            (await send(outer, Sent("GET", path))).status for path in ("/intake/things", "/intake/livez", "/intake/x")
        ]

    assert asyncio.run(both()) == [200, 200, 404]
    document = asyncio.run(send(outer, Sent("GET", "/intake/docs"))).body.decode()
    assert "/intake/things" in document
    assert "/intake/openapi.json" in document


def _api(routes: APIRouter, tmp_path: Path) -> FastAPI:
    return create_api(
        "X",
        [routes],
        service="x",
        verifier=LocalVerifier(tmp_path, SystemClock()),
        metrics=Metrics(CollectorRegistry()),
        clock=SystemClock(),
    )


def test_a_route_that_says_nothing_about_permission_stops_the_start(tmp_path: Path) -> None:
    routes = router()

    @routes.get("/forgotten")
    async def forgotten() -> None: ...

    with pytest.raises(TypeError, match="GET /forgotten"):
        _api(routes, tmp_path)


def test_a_route_that_reads_bodies_laxly_stops_the_start(tmp_path: Path) -> None:
    routes = APIRouter()

    @routes.get("/lax")
    async def lax(_: Annotated[None, anyone()]) -> None: ...

    with pytest.raises(TypeError, match="router"):
        _api(routes, tmp_path)


@pytest.mark.parametrize("body", [dict[str, int], list[int], BaseModel])
def test_a_body_that_is_no_strict_model_fails_when_the_route_is_made(body: type) -> None:
    async def lax(body: body) -> None: ...

    with pytest.raises(TypeError, match="StrictModel"):
        router().post("/lax")(lax)


def test_access_lists_every_route_with_its_roles(edge: Edge) -> None:
    listed = {(route.method, route.path): route for route in access(edge.app)}
    assert listed["POST", "/things/{thing}"].roles == {Role.ADMIN, Role.GRID_WORKER}
    assert listed["PUT", "/things/{thing}"].roles == frozenset(Role)
    assert listed["GET", "/things"].roles is None
    assert listed["GET", "/things"].public


def test_a_role_not_named_is_refused_and_a_named_one_let_in_on_every_route(edge: Edge) -> None:
    for route in access(edge.app):
        path = route.path.replace("{thing}", "01980000-0000-7000-8000-000000000001").replace("{how}", "missing")
        for role in Role:
            answer = edge.send(
                Sent(route.method, path, headers=((b"authorization", b"Bearer " + edge.token(role).encode()),))
            )
            permitted = route.public or role in (route.roles or ())
            assert (answer.status != 403) is permitted, (route, role, answer.status)
        if not route.public:
            assert edge.send(Sent(route.method, path)).status == 401


def test_a_dependency_of_a_dependency_may_carry_the_permission(tmp_path: Path) -> None:
    from fastapi import Depends

    routes = router()

    async def reader(caller: Annotated[Principal, signed_in()]) -> str:
        return caller.subject

    @routes.get("/mine")
    async def mine(subject: Annotated[str, Depends(reader)]) -> str:
        return subject

    assert access(_api(routes, tmp_path))[0].roles == frozenset(Role)
