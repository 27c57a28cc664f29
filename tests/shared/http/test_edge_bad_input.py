"""Bad input at the edge: each row is refused with its status, as a problem in both languages, and has no effect."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from shared.auth.principal import Role
from shared.http import routes
from tests.shared.http.edge_app import Edge, build
from tests.support import bad_input
from tests.support.asgi import Sent
from tests.support.bad_input import Bad, Target, assert_problem, assert_refused, rows_for, token_rows

TARGET = Target(
    path="/things/{id}",
    body={
        "text": "井盖破损",
        "count": 2,
        "place": {"longitude": 112.9, "latitude": 28.2},
        "at": "2026-01-31T09:30:00+08:00",
    },
    token="",
    text="text",
    longest_text=100,
    number="count",
    instant="at",
    longitude="place.longitude",
    latitude="place.latitude",
)


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Edge:
    return build(tmp_path_factory.mktemp("edge"))


@pytest.fixture(scope="module")
def target(edge: Edge) -> Target:
    return bad_input.replace(TARGET, token=edge.token())


def test_the_valid_request_that_all_rows_start_from_is_accepted(edge: Edge, target: Target) -> None:
    answer = edge.send(target.sent())
    assert answer.status == 201, answer.body
    assert edge.taken.pop()[2] == "bad-input"


@pytest.mark.parametrize("bad", rows_for(TARGET), ids=str)
def test_bad_input_is_refused_and_has_no_effect(edge: Edge, target: Target, bad: Bad) -> None:
    answer = edge.send(bad.make(target))
    assert_refused(answer, bad)
    field = bad.field(target)
    if field:
        problem = answer.json()
        assert field in [error["field"] for error in problem["errors"]]
    assert edge.taken == []


NAMES = [row.name for row in token_rows("a.b.c", b"k", lambda *_, **__: "x")]


@pytest.fixture(scope="module")
def bad_tokens(edge: Edge) -> dict[str, Bad]:
    return {row.name: row for row in _rows_of_tokens(edge)}


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_token_is_refused(edge: Edge, target: Target, bad_tokens: dict[str, Bad], name: str) -> None:
    row = bad_tokens[name]
    answer = edge.send(row.make(target))
    assert_refused(answer, row)
    assert answer.headers["www-authenticate"].startswith('Bearer realm="gridgov"')
    assert edge.taken == []


def _rows_of_tokens(edge: Edge) -> Iterator[Bad]:
    key_id, key = edge.issuer._signing.newest()
    good = edge.token()
    claims_of_good = jwt.decode(good, key, algorithms=["Ed25519"]).claims

    def other(claims: dict[str, Any], header: dict[str, Any], *, foreign: bool = False, secret: bytes = b"") -> str:
        head = {"alg": "Ed25519", "typ": "at+jwt", "kid": key_id} | header
        body = claims_of_good | claims
        signer: Any = secret or (OKPKey.generate_key("Ed25519") if foreign else key)
        return _signed(
            {name: value for name, value in head.items() if value is not None},
            {name: value for name, value in body.items() if value is not None},
            signer,
        )

    yield from token_rows(good, key.as_pem(private=False), other)


def _signed(header: dict[str, Any], claims: dict[str, Any], key: Any) -> str:
    """Signed by hand: the library refuses to make such tokens."""

    def segment(data: bytes) -> bytes:
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    content = segment(json.dumps(header).encode()) + b"." + segment(json.dumps(claims).encode())
    if isinstance(key, bytes):
        signature = hmac.new(key, content, hashlib.sha256).digest()
    else:
        signature = key.private_key.sign(content)
    return (content + b"." + segment(signature)).decode()


def test_a_token_made_by_hand_like_a_good_one_is_accepted(edge: Edge, target: Target) -> None:
    """Else the rows above would pass for the wrong reason."""
    key_id, key = edge.issuer._signing.newest()
    claims = jwt.decode(edge.token(), key, algorithms=["Ed25519"]).claims
    token = _signed({"alg": "Ed25519", "typ": "at+jwt", "kid": key_id}, claims, key)
    answer = edge.send(target.sent(headers={b"authorization": b"Bearer " + token.encode()}))
    assert answer.status == 201
    edge.taken.clear()


def test_a_role_that_is_not_permitted_gets_403_with_the_permitted_ones(edge: Edge, target: Target) -> None:
    answer = edge.send(bad_input.replace(target, token=edge.token(Role.RESIDENT)).sent())
    assert answer.status == 403
    assert assert_problem(answer)["data"] == {"role": "resident", "permitted": ["admin", "grid_worker"]}


def test_a_body_that_stops_arriving_is_given_up(edge: Edge, target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "BODY_SECONDS", 0.05)
    sent = bad_input.replace(target.sent(headers={b"content-length": None}), chunks=[b'{"te', None])
    answer = edge.send(sent)
    assert_refused(answer, Bad("slow", 408, "body_timeout", lambda t: sent))
    assert answer.headers["connection"] == "close"


def test_a_client_that_leaves_in_mid_body_has_no_effect_and_gets_nothing(edge: Edge, target: Target) -> None:
    """The second half never comes; the server reports a disconnect instead."""
    sent = target.sent(headers={b"content-length": None})

    async def leave() -> list[str]:
        messages = [{"type": "http.request", "body": b'{"te', "more_body": True}, {"type": "http.disconnect"}]
        answered: list[str] = []

        async def receive() -> Any:
            return messages.pop(0)

        async def take(message: Any) -> None:
            answered.append(message["type"])

        scope = {"type": "http", "method": "POST", "path": sent.path, "raw_path": sent.path.encode(), "root_path": ""}
        await edge.app({**scope, "query_string": b"", "headers": list(sent.headers), "state": {}}, receive, take)
        return answered

    assert asyncio.run(leave()) == []
    assert edge.taken == []


def test_a_parameter_that_is_no_list_may_be_there_once_and_a_list_repeatedly(edge: Edge) -> None:
    assert edge.get("/things", query=b"state=a&state=b&limit=5").json()["state"] == ["a", "b"]
    answer = edge.get("/things", query=b"limit=5&limit=6")
    assert_refused(answer, Bad("repeated", 422, "query_repeated", lambda t: Sent("GET", "/things")))


def test_an_endpoint_may_state_a_larger_body(edge: Edge) -> None:
    small, large = (json.dumps({"numbers": [1] * count}).encode() for count in (50_000, 100_000))
    headers = ((b"content-type", b"application/json"),)
    assert edge.send(Sent("POST", "/things/large/body", b"", headers, (small,))).json() == 50_000
    answer = edge.send(Sent("POST", "/things/large/body", b"", headers, (large,)))
    assert answer.status == 413
    assert_problem(answer)


def test_text_is_normalised_to_nfc_and_counted_after_that(edge: Edge, target: Target) -> None:
    answer = edge.send(target.sent(target.with_field("text", "e\u0301" * 100)))
    assert answer.status == 201
    assert answer.json()["text"] == "\u00e9" * 100
    edge.taken.clear()


@pytest.mark.parametrize(
    "text", ["=1+1", "'; DROP TABLE reports; --", "{{7*7}}", "<script>", "第一行\r\n\t第二行", "𠮷" * 100]
)
def test_text_that_only_looks_dangerous_is_kept_as_it_is(edge: Edge, target: Target, text: str) -> None:
    answer = edge.send(target.sent(target.with_field("text", text)))
    assert answer.status == 201
    assert answer.json()["text"] == text
    edge.taken.clear()


def test_edges_of_the_world_and_pairs_of_surrogates_are_fine(edge: Edge, target: Target) -> None:
    body = b'{"text": "\\ud83d\\ude00", "place": {"longitude": -180, "latitude": 90}, "at": "1970-01-01T00:00:00Z"}'
    answer = edge.send(target.sent(body))
    assert answer.status == 201
    assert answer.json()["text"] == "😀"
    edge.taken.clear()
