"""The table of bad input that every endpoint taking JSON must refuse with a clear problem and no effect.

A service's test gives a `Target` (one of its endpoints with a valid request) and runs every row that applies to it:

    @pytest.mark.parametrize("bad", rows_for(TARGET), ids=str)
    def test_bad_input_is_refused(bad): assert_refused(asyncio.run(send(api, bad.make(TARGET))), bad)
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.support.asgi import Answer, Sent

Make = Callable[["Target"], Sent]


@dataclass(frozen=True, slots=True)
class Target:
    """An endpoint and one valid request to it. Fields are dotted paths in `body`; None where it has no such field.

    `path` with `{id}` in it gets the rows about ids; `token` is a valid one of a permitted role.
    """

    path: str
    body: Mapping[str, Any]
    token: str
    text: str
    longest_text: int
    method: str = "POST"
    id: str = "01980000-0000-7000-8000-000000000001"
    headers: tuple[tuple[bytes, bytes], ...] = ()
    number: str | None = None
    instant: str | None = None
    longitude: str | None = None
    latitude: str | None = None
    idempotent: bool = True

    def sent(
        self,
        body: bytes | None = None,
        *,
        path: str | None = None,
        query: bytes = b"",
        headers: Mapping[bytes, bytes | None] | None = None,
        more: tuple[tuple[bytes, bytes], ...] = (),
    ) -> Sent:
        """The valid request, changed. A header given as None is left out."""
        content = json.dumps(self.body).encode() if body is None else body
        named: dict[bytes, bytes | None] = {
            b"content-type": b"application/json",
            b"content-length": str(len(content)).encode(),
            b"authorization": b"Bearer " + self.token.encode(),
            **({b"idempotency-key": b"bad-input"} if self.idempotent else {}),
            **dict(self.headers),
            **(headers or {}),
        }
        sent_headers = tuple((name, value) for name, value in named.items() if value is not None)
        return Sent(
            self.method,
            path if path is not None else self.path.replace("{id}", self.id),
            query,
            (*sent_headers, *more),
            (content,),
        )

    def with_field(self, field: str, value: Any) -> bytes:
        """The valid body with `field` set, written as Python writes JSON (NaN and lone surrogates included)."""
        body = json.loads(json.dumps(self.body))
        place = body
        *parents, last = field.split(".")
        for parent in parents:
            place = place[parent]
        place[last] = value
        return json.dumps(body).encode()


@dataclass(frozen=True, slots=True)
class Bad:
    """One row: what is wrong, the status and code of the answer, and the field it must name."""

    name: str
    status: int
    code: str
    make: Make
    field: Callable[[Target], str | None] = lambda _: None

    def __str__(self) -> str:
        return self.name


def assert_refused(answer: Answer, bad: Bad) -> None:
    """`answer` has the status of `bad` and is a whole problem in both languages that echoes nothing of size."""
    assert answer.status == bad.status, (bad.name, answer.status, answer.body[:500])
    problem = assert_problem(answer)
    codes = [problem["code"], *(error["code"] for error in problem.get("errors", ()))]
    assert bad.code in codes, (bad.name, codes)


def assert_problem(answer: Answer) -> dict[str, Any]:
    """`answer` is problem+json as RFC 9457 and the project's rules have it; the parsed body."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.body) < 8_000, "a problem must not repeat what was sent"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == answer.status
    assert problem["type"] == f"urn:gridgov:problem:{problem['code']}"
    assert problem["title"] in (problem["title_zh"], problem["title_en"])
    assert any("\u4e00" <= c <= "\u9fff" for c in problem["title_zh"])
    assert problem["title_en"].isascii() or problem["title_en"] != problem["title_zh"]
    assert problem["correlation_id"] == answer.headers["x-correlation-id"]
    for error in problem.get("errors", ()):
        assert error["field"] and error["zh"] and error["en"]
        assert any("\u4e00" <= c <= "\u9fff" for c in error["zh"])
    assert b"Traceback" not in answer.body
    return problem


def rows_for(target: Target) -> list[Bad]:
    """Every row that applies to `target`."""
    return [
        *_json_rows(),
        *_field_rows(target),
        *_body_rows(),
        *_header_rows(target),
        *_query_rows(),
        *_path_rows(target),
    ]


def _json_rows() -> Iterator[Bad]:
    def raw(name: str, code: str, content: Callable[[Target], bytes], status: int = 400) -> Bad:
        return Bad(name, status, code, lambda target: target.sent(content(target)))

    def text(target: Target) -> str:
        return json.dumps(target.body)

    yield raw("cut JSON", "json_syntax", lambda t: text(t).encode()[:-1])
    yield raw("something after the JSON", "json_syntax", lambda t: text(t).encode() + b"x")
    yield raw("UTF-16 body", "json_encoding", lambda t: text(t).encode("utf-16"))
    yield raw("UTF-16 body without mark", "json_syntax", lambda t: text(t).encode("utf-16-le"))
    yield raw("byte order mark", "json_syntax", lambda t: b"\xef\xbb\xbf" + text(t).encode())
    yield raw(
        "GBK body", "json_encoding", lambda t: t.with_field(t.text, "MARK").replace(b"MARK", "井盖".encode("gbk"))
    )
    yield raw("overlong UTF-8", "json_encoding", lambda t: t.with_field(t.text, "MARK").replace(b"MARK", b"\xc0\xaf"))
    yield raw("raw surrogate", "json_encoding", lambda t: t.with_field(t.text, "M!").replace(b"M!", b"\xed\xa0\x80"))
    yield raw("raw control character", "json_syntax", lambda t: t.with_field(t.text, "M!").replace(b"M!", b"a\x00b"))
    yield raw("NUL escaped", "json_text", lambda t: t.with_field(t.text, "a\0b"))
    yield raw("lone high surrogate", "json_text", lambda t: t.with_field(t.text, "a\ud800b"))
    yield raw("lone low surrogate", "json_text", lambda t: t.with_field(t.text, "a\udfffb"))
    yield raw("surrogate in a key", "json_text", lambda t: text(t).replace("{", '{"\\ud800": 1, ', 1).encode())
    yield raw(
        "duplicate key", "json_duplicate_key", lambda t: text(t).replace("{", '{"twice": 1, "twice": 1, ', 1).encode()
    )
    yield raw("nested too deep", "json_depth", lambda t: b'{"a":' * 40 + b"1" + b"}" * 40)
    yield raw("nested beyond the stack", "json_depth", lambda t: b"[" * 20_000 + b"]" * 20_000)
    for value in ("NaN", "Infinity", "-Infinity", "1e400", "-1e400", "9" * 30, "9" * 5000):
        shown = value if len(value) < 10 else f"{len(value)} digits"
        yield raw(
            f"number {shown}", "json_number", lambda t, v=value: text(t).replace("{", f'{{"n": {v}, ', 1).encode()
        )
    yield raw("an array", "model_attributes_type", lambda t: b"[" + text(t).encode() + b"]", 422)
    yield raw("a string", "model_attributes_type", lambda t: b'"x"', 422)
    yield raw("null", "model_attributes_type", lambda t: b"null", 422)
    yield raw("no body", "missing", lambda t: b"", 422)


def _field_rows(target: Target) -> Iterator[Bad]:
    def row(name: str, code: str, field: str, value: Any) -> Bad:
        return Bad(name, 422, code, lambda t: t.sent(t.with_field(field, value)), lambda _: field)

    for name in ("status", "deadline", "street", "id", "created_at", "__proto__"):
        yield row(f"mass assignment of {name}", "extra_forbidden", name, "x")
    text = target.text
    yield row("blank text", "text_blank", text, " \t\n\u3000 ")
    yield row("zero-width text", "text_blank", text, "\u200b\u200d\ufeff\u2060")
    yield row("empty text", "text_blank", text, "")
    yield row("control character", "text_character", text, "a\x1bb")
    yield row("C1 control character", "text_character", text, "a\x85b")
    yield row("noncharacter", "text_character", text, "a\uffffb")
    yield row("text too long", "text_too_long", text, "字" * (target.longest_text + 1))
    yield row("text too long outside the BMP", "text_too_long", text, "𠮷" * (target.longest_text + 1))
    for kind, value in (("number", 5), ("true", True), ("list", ["x"]), ("object", {"a": 1})):
        yield row(f"{kind} for text", "string_type", text, value)
    if target.number:
        for kind, value in (("true", True), ("quoted number", "114"), ("fraction", 1.5), ("list", [1])):
            yield row(f"{kind} for an integer", "int_type", target.number, value)
    for name, field in (("longitude", target.longitude), ("latitude", target.latitude)):
        if field:
            yield row(f"true for a {name}", "float_type", field, True)
            yield row(f"quoted {name}", "float_type", field, "30.5")
            yield row(f"{name} too far", "less_than_equal", field, 180.000001)
            yield row(f"{name} too far back", "greater_than_equal", field, -180.000001)
    if target.latitude:
        yield row("longitude where latitude belongs", "less_than_equal", target.latitude, 112.93)
    if target.instant:
        for kind, value in (
            ("epoch number", 1_700_000_000),
            ("epoch text", "1700000000"),
            ("true", True),
            ("no zone", "2026-01-31T09:30:00"),
            ("date only", "2026-01-31"),
            ("slashes", "2026/01/31 09:30:00+08:00"),
            ("Arabic digits", "٢٠٢٦-01-31T09:30:00Z"),
        ):
            yield row(f"{kind} for an instant", "instant_form", target.instant, value)
        for value in (
            "2026-02-30T00:00:00Z",
            "2026-01-31T25:00:00Z",
            "2026-01-31T10:00:60Z",
            "2026-01-31T10:00:00+99:00",
        ):
            yield row(f"unreal instant {value}", "instant_unreal", target.instant, value)
    if target.instant:
        for value in (
            "0001-01-01T00:00:00+08:00",
            "9999-12-31T23:59:59-08:00",
            "1969-12-31T23:59:59Z",
            "1970-01-01T00:00:00+08:00",
            "2100-01-01T00:00:00Z",
        ):
            yield row(f"instant out of range {value}", "instant_range", target.instant, value)


def _body_rows() -> Iterator[Bad]:
    def headed(name: str, status: int, code: str, headers: Mapping[bytes, bytes | None]) -> Bad:
        return Bad(name, status, code, lambda t: t.sent(headers=headers))

    for kind in (
        b"text/plain",
        b"application/xml",
        b"application/x-www-form-urlencoded",
        b"multipart/form-data; boundary=x",
    ):
        yield headed(f"content type {kind.decode()}", 415, "content_type", {b"content-type": kind})
    yield headed("charset UTF-16", 415, "content_type", {b"content-type": b"application/json; charset=utf-16"})
    yield headed("no content type", 415, "content_type", {b"content-type": None})
    for coding in (b"gzip", b"br", b"zstd", b"gzip, gzip", b"unheard-of"):
        yield headed(f"content encoding {coding.decode()}", 415, "content_encoding", {b"content-encoding": coding})
    yield headed("Content-Length too large", 413, "body_too_large", {b"content-length": b"104857600"})
    yield headed("Content-Length too small", 400, "body_length", {b"content-length": b"1"})
    yield headed("Content-Length more than comes", 400, "body_length", {b"content-length": b"60000"})
    for length in (b"-1", b"+5", b"0x10", b"1e3", b"", b"9" * 40):
        yield headed(f"Content-Length {length.decode()[:8]!r}", 400, "header_invalid", {b"content-length": length})
    yield Bad("100 MB announced honestly", 413, "body_too_large", lambda t: t.sent(b" " * 100_000))
    yield Bad(
        "endless body without length",
        413,
        "body_too_large",
        lambda t: replace(t.sent(headers={b"content-length": None}), chunks=[b" " * 8192] * 1000),
    )


def _header_rows(target: Target) -> Iterator[Bad]:
    yield Bad("64 kB of headers", 431, "headers_too_large", lambda t: t.sent(more=((b"x-filler", b"x" * 65_536),)))
    yield Bad(
        "200 headers",
        431,
        "headers_too_large",
        lambda t: t.sent(more=tuple((f"x-{n}".encode(), b"x") for n in range(200))),
    )
    for name in (b"authorization", b"content-length", b"content-type"):
        yield Bad(f"{name.decode()} twice", 400, "header_repeated", lambda t, n=name: t.sent(more=((n, b"x"),)))
    if target.idempotent:
        yield Bad("Idempotency-Key twice", 400, "header_repeated", lambda t: t.sent(more=((b"idempotency-key", b"b"),)))
        yield Bad("no Idempotency-Key", 422, "missing", lambda t: t.sent(headers={b"idempotency-key": None}))
        for kind, key, code in (
            ("empty", b"", "string_too_short"),
            ("256 characters", b"k" * 256, "string_too_long"),
            ("not ASCII", "键".encode(), "string_pattern_mismatch"),
            ("with a space", b"a b", "string_pattern_mismatch"),
        ):
            yield Bad(f"Idempotency-Key {kind}", 422, code, lambda t, k=key: t.sent(headers={b"idempotency-key": k}))


def _query_rows() -> Iterator[Bad]:
    many = b"&".join(b"a%d=1" % n for n in range(1000))
    yield Bad("1,000 parameters", 400, "query_invalid", lambda t: t.sent(query=many))
    yield Bad("10,000 parameters", 414, "uri_too_long", lambda t: t.sent(query=many * 10))
    yield Bad("NUL in the query", 400, "query_invalid", lambda t: t.sent(query=b"q=a%00b"))
    yield Bad("broken escape in the query", 400, "query_invalid", lambda t: t.sent(query=b"q=%zz"))
    yield Bad("overlong UTF-8 in the query", 400, "query_invalid", lambda t: t.sent(query=b"q=%c0%af"))
    yield Bad("raw bytes in the query", 400, "query_invalid", lambda t: t.sent(query=b"q=\xff"))
    yield Bad("unknown parameter", 422, "query_unknown", lambda t: t.sent(query=b"no_such_parameter=1"))


def _path_rows(target: Target) -> Iterator[Bad]:
    for name, tail in (
        ("dots behind an escaped slash", "/..%2f..%2fetc%2fpasswd"),
        ("escaped dots", "/%2e%2e/x"),
        ("plain dots", "/../x"),
        ("NUL", "/a%00b"),
        ("overlong UTF-8", "/%c0%ae%c0%ae/"),
        ("broken escape", "/%zz"),
        ("cut escape", "/a%2"),
        ("escaped backslash", "/..%5cx"),
        ("line end", "/a%0d%0ab"),
        ("invalid UTF-8", "/%ff"),
    ):
        yield Bad(f"path: {name}", 400, "path_invalid", lambda t, x=tail: t.sent(path=t.path.replace("{id}", t.id) + x))
    if "{id}" in target.path:
        for kind, value, code in (
            ("not a UUID", "x", "uuid_parsing"),
            ("nil", "00000000-0000-0000-0000-000000000000", "uuid_nil"),
            ("cut", target.id[:-1], "uuid_parsing"),
            ("with SQL", "1'%20OR%20'1'='1", "uuid_parsing"),
        ):
            yield Bad(f"id: {kind}", 422, code, lambda t, v=value: t.sent(path=t.path.replace("{id}", v)))


def token_rows(good: str, public_key: bytes, other: Callable[..., str]) -> Iterator[Bad]:
    """Tokens that must be refused. `other(claims, header, foreign=…)` signs a token like `good` with changes."""

    def row(name: str, token: bytes | None, code: str = "token_invalid") -> Bad:
        return Bad(name, 401, code, lambda t: t.sent(headers={b"authorization": token}))

    def bearer(name: str, token: str, code: str = "token_invalid") -> Bad:
        return row(name, b"Bearer " + token.encode(), code)

    head, payload, signature = good.split(".")
    unsigned = _segment({"alg": "none", "typ": "at+jwt"})
    yield row("no token", None, "token_missing")
    yield row("another scheme", b"Basic dTpw", "token_missing")
    yield row("a bare token", good.encode(), "token_missing")
    yield row("scheme without token", b"Bearer ", "token_invalid")
    yield bearer("garbage", "garbage")
    yield bearer("not ASCII", "令牌.令牌.令牌")
    yield bearer("two parts", f"{head}.{payload}")
    yield bearer("five parts", f"{good}.a.b")
    yield bearer("no signature", f"{head}.{payload}.")
    yield bearer("cut signature", f"{head}.{payload}.{signature[:-4]}")
    yield bearer("changed claims", f"{head}.{_segment({'sub': 'admin', 'role': 'admin'})}.{signature}")
    yield bearer("alg none", f"{unsigned}.{payload}.")
    yield bearer("HS256 with the public key", other({}, {"alg": "HS256"}, secret=public_key))
    yield bearer("a foreign key under our kid", other({}, {}, foreign=True))
    for name, header in (
        ("no kid", {"kid": None}),
        ("unknown kid", {"kid": "01980000-0000-7000-8000-00000000ffff"}),
        ("kid traversal", {"kid": "../../../../etc/passwd"}),
        ("kid with NUL", {"kid": "a\0b"}),
        ("kid as a list", {"kid": ["a"]}),
        ("jku", {"jku": "http://127.0.0.1:1/keys"}),
        ("jwk", {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AA"}}),
        ("x5u", {"x5u": "http://127.0.0.1:1/cert"}),
        ("crit", {"crit": ["exp"]}),
        ("typ JWT", {"typ": "JWT"}),
        ("no typ", {"typ": None}),
    ):
        yield bearer(name, other({}, header))
    for name, claims in (
        ("wrong aud", {"aud": "elsewhere"}),
        ("one aud of several", {"aud": ["gridgov", "elsewhere"]}),
        ("no aud", {"aud": None}),
        ("wrong iss", {"iss": "elsewhere"}),
        ("no exp", {"exp": None}),
        ("exp as text", {"exp": "9999999999"}),
        ("exp true", {"exp": True}),
        ("no sub", {"sub": None}),
        ("sub as a number", {"sub": 1}),
        ("no role", {"role": None}),
        ("unknown role", {"role": "emperor"}),
        ("role as a list", {"role": ["admin"]}),
        ("unit as a list", {"unit": ["X"]}),
    ):
        yield bearer(name, other(claims, {}))
    yield bearer("expired", other({"exp": 1_000_000_000}, {}), "token_expired")
    yield bearer("not valid yet", other({"nbf": 4_000_000_000}, {}), "token_not_yet_valid")
    yield bearer("10 kB token", other({"padding": "x" * 7500}, {}))


def _segment(data: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()
