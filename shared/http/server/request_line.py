"""What may stand in a request's path, query and headers, checked on the raw bytes before any routing.

Each function raises one of our errors or returns nothing. The usual request pays one regular expression.
"""

import re
from itertools import chain
from typing import Final
from urllib.parse import unquote_to_bytes

from shared.errors import Invalid, TooLarge

LONGEST_TARGET: Final = 8 * 1024
MOST_PARAMETERS: Final = 100
MOST_HEADERS: Final = 100
LARGEST_HEADERS: Final = 16 * 1024

# Unreserved and sub-delimiters (RFC 3986 §3.3), and no segment that starts with a dot.
_PLAIN_PATH: Final = re.compile(rb"(?:/(?!\.)[A-Za-z0-9\-._~!$&'()*+,;=:@]*)+")
_BAD_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
_QUERY_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_PLAIN_QUERY: Final = re.compile(rb"[A-Za-z0-9\-._~!$&'()*,;=:@/?]*")
# Sent twice, two readers could believe two different things.
_ONCE: Final = frozenset(
    {
        b"authorization",
        b"content-length",
        b"content-type",
        b"content-encoding",
        b"host",
        b"idempotency-key",
        b"if-match",
    }
)


def check_target(raw_path: bytes, query: bytes) -> None:
    """Path and query are within their limits and decode to text that can be stored and compared."""
    if len(raw_path) + len(query) > LONGEST_TARGET:
        raise Invalid("uri_too_long", "网址太长，请缩短查询条件", "the URL is too long; shorten the query")
    if not _PLAIN_PATH.fullmatch(raw_path):
        _check_odd_path(raw_path)
    if query:
        if query.count(b"&") >= MOST_PARAMETERS:
            raise Invalid(
                "query_invalid",
                f"查询参数超过 {MOST_PARAMETERS} 个，请减少",
                f"there are more than {MOST_PARAMETERS} query parameters; send fewer",
            )
        if not _PLAIN_QUERY.fullmatch(query) and _decoded(query, _QUERY_CONTROL) is None:
            raise Invalid(
                "query_invalid",
                "查询参数的编码有误，请用 UTF-8 百分号编码，且不含控制字符",
                "the query is not valid percent-encoded UTF-8 without control characters",
            )


def _check_odd_path(raw_path: bytes) -> None:
    path = _decoded(raw_path, _CONTROL)
    escaped = raw_path.lower()
    if (
        path is None
        or b"%2f" in escaped  # a slash that is data to one reader and a separator to the next
        or b"%5c" in escaped
        or "\\" in path
        or any(segment in (".", "..") for segment in path.split("/"))
    ):
        raise Invalid("path_invalid", "网址路径无效，请检查", "the path is not valid; check the URL", field="path")


def _decoded(raw: bytes, forbidden: re.Pattern[str]) -> str | None:
    if _BAD_ESCAPE.search(raw):
        return None
    try:
        text = unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        return None
    return None if forbidden.search(text) else text


def check_headers(headers: list[tuple[bytes, bytes]]) -> None:
    """Headers are few and small, and those that must not be there twice are not."""
    if len(headers) > MOST_HEADERS or len(b"".join(chain.from_iterable(headers))) > LARGEST_HEADERS:
        raise TooLarge(
            "headers_too_large", "请求头太多或太大，请减少", "the headers are too many or too large; send less"
        )
    if len(dict(headers)) == len(headers):
        return
    seen = set()
    for name, _ in headers:
        if name in seen and name in _ONCE:
            shown = name.decode()
            raise Invalid(
                "header_repeated", f"请求头 {shown} 只能出现一次", f"the header {shown} may be there only once"
            )
        seen.add(name)
