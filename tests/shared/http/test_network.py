"""Who asks and where we are reached: a named proxy is believed, nobody else."""

import pytest
from starlette.requests import Request

from shared.http.network import Network


def request(peer: str | None, **headers: str) -> Request:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    client = (peer, 40000) if peer else None
    return Request(
        {"type": "http", "method": "GET", "path": "/", "scheme": "http", "server": ("x", 1), "client": client,
         "query_string": b"", "headers": named}
    )  # fmt: skip


NETWORK = Network(None, ["127.0.0.0/8", "::1/128"])


@pytest.mark.parametrize(
    "peer, told, caller",
    [
        ("203.0.113.7", None, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("::1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "nonsense", "unknown"),
        ("127.0.0.1", "", "unknown"),
        ("2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.1", None, "198.51.100.1"),
        ("testclient", None, "unknown"),
        (None, None, "unknown"),
    ],
)
def test_who_asks(peer: str | None, told: str | None, caller: str) -> None:
    headers = {} if told is None else {"x_forwarded_for": told}
    assert NETWORK.caller(request(peer, **headers)) == caller


@pytest.mark.parametrize(
    "host, proto, peer, origin",
    [
        ("grid.example.cn", None, "203.0.113.7", "http://grid.example.cn"),
        ("grid.example.cn:8443", "https", "127.0.0.1", "https://grid.example.cn:8443"),
        ("grid.example.cn", "https", "203.0.113.7", "http://grid.example.cn"),
        ("grid.example.cn", "javascript", "127.0.0.1", "http://grid.example.cn"),
        ("[::1]:8000", None, "::1", "http://[::1]:8000"),
        ("a/b@c", None, "127.0.0.1", ""),
        ("", None, "127.0.0.1", ""),
    ],
)
def test_where_we_are_reached_as_the_request_came(host: str, proto: str | None, peer: str, origin: str) -> None:
    headers = {"host": host} | ({"x_forwarded_proto": proto} if proto else {})
    assert NETWORK.origin(request(peer, **headers)) == origin


def test_where_it_is_known_no_request_says_otherwise() -> None:
    network = Network("https://grid.example.cn/", [])
    assert network.origin(request("127.0.0.1", host="evil.example")) == "https://grid.example.cn"
