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


@pytest.mark.parametrize(
    "peer, told, behind, caller",
    [
        ("203.0.113.7", None, False, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", False, "203.0.113.7"),
        ("10.0.0.2", "198.51.100.1", True, "198.51.100.1"),
        ("10.0.0.2", "1.1.1.1, 198.51.100.1", True, "198.51.100.1"),
        ("10.0.0.2", None, True, "10.0.0.2"),
        ("10.0.0.2", "nonsense", True, "unknown"),
        ("10.0.0.2", "", True, "unknown"),
        ("2001:db8:1:2:3:4:5:6", None, False, "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.1", None, False, "198.51.100.1"),
        ("testclient", None, False, "unknown"),
        (None, None, False, "unknown"),
    ],
)
def test_who_asks(peer: str | None, told: str | None, behind: bool, caller: str) -> None:
    headers = {} if told is None else {"x_forwarded_for": told}
    assert Network(None, behind_proxy=behind).caller(request(peer, **headers)) == caller


@pytest.mark.parametrize(
    "host, proto, behind, origin",
    [
        ("grid.example.cn", None, False, "http://grid.example.cn"),
        ("grid.example.cn:8443", "https", True, "https://grid.example.cn:8443"),
        ("grid.example.cn", "https", False, "http://grid.example.cn"),
        ("grid.example.cn", "javascript", True, "http://grid.example.cn"),
        ("[::1]:8000", None, False, "http://[::1]:8000"),
        ("a/b@c", None, False, ""),
        ("", None, False, ""),
    ],
)
def test_where_we_are_reached_as_the_request_came(host: str, proto: str | None, behind: bool, origin: str) -> None:
    headers = {"host": host} | ({"x_forwarded_proto": proto} if proto else {})
    assert Network(None, behind_proxy=behind).origin(request("10.0.0.2", **headers)) == origin


def test_where_it_is_known_no_request_says_otherwise() -> None:
    network = Network("https://grid.example.cn/", behind_proxy=True)
    assert network.origin(request("127.0.0.1", host="evil.example")) == "https://grid.example.cn"
