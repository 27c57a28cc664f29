"""The cookie in which a browser keeps its token, and why a foreign page cannot use it.

The cookie goes with every request of the browser, also with one that a foreign page made. SameSite=Strict stops those of
other sites; a method that changes something must besides come from a page of this very origin.
"""

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlsplit

from shared.errors import Forbidden

TOKEN_COOKIE: Final = "__Host-gridgov"  # noqa: S105 - its name
"""The prefix makes browsers insist on Secure, Path=/ and this host alone."""
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

ORIGIN_FOREIGN: Final = Forbidden.row(
    "origin_foreign",
    "此操作只能在网格通自己的页面上进行；程序请用 Authorization: Bearer 并去掉 Cookie",
    "this can only be done from a page of GridGov itself; a program sends Authorization: Bearer and no cookie",
)


def cookie_of(headers: Iterable[tuple[bytes, bytes]], name: str) -> str | None:
    """The value of a cookie in the headers of a request (ASGI); None where it is not there."""
    wanted = name.encode()
    for header, value in headers:
        if header == b"cookie":
            for pair in value.split(b";"):
                key, _, content = pair.strip().partition(b"=")
                if key == wanted:
                    return content.decode("latin-1")
    return None


def require_same_origin(headers: Mapping[bytes, bytes]) -> None:
    """Raise Forbidden unless the browser says that a page of this origin sent the request."""
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        if site != b"same-origin":
            raise ORIGIN_FOREIGN()
        return
    # A browser from before 2023. Host is what it asked; a proxy passes it on.
    origin, host = headers.get(b"origin", b"").decode("latin-1"), headers.get(b"host", b"").decode("latin-1")
    if not host or urlsplit(origin).netloc.lower() != host.lower():
        raise ORIGIN_FOREIGN()


def refuse_foreign(headers: Mapping[bytes, bytes]) -> None:
    """Raise Forbidden where a browser says that a foreign page sent the request; a program says nothing."""
    if b"sec-fetch-site" in headers or b"origin" in headers:
        require_same_origin(headers)
