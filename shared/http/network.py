"""Where a request came from, and under which address people reach us: a proxy of ours before us is seen through.

Where there is none, `X-Forwarded-…` is a claim of the caller and is passed over.
"""

import re
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from starlette.requests import Request

_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\[[0-9a-fA-F:.]{2,45}\](:[0-9]{1,5})?")
_UNKNOWN: Final = "unknown"


class Network:
    """`public_url` is where people reach the pages, if that is known; `behind_proxy`: whoever calls is a proxy of ours."""

    def __init__(self, public_url: str | None, *, behind_proxy: bool) -> None:
        self._public_url = public_url.rstrip("/") if public_url else None
        self._behind_proxy = behind_proxy

    def caller(self, request: Request) -> str:
        """The address of who asks, to count by and never to store. Of IPv6 the /64 that one household has."""
        address = request.client.host if request.client else _UNKNOWN
        if self._behind_proxy:
            # The last one is what our proxy saw; those before it are what the caller claimed.
            address = request.headers.get("x-forwarded-for", address).rpartition(",")[2].strip()
        try:
            parsed = ip_address(address)
        except ValueError:
            return _UNKNOWN
        if isinstance(parsed, IPv6Address):
            return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
        return str(parsed)

    def origin(self, request: Request) -> str:
        """Scheme and host of the pages, as `https://grid.example.gov.cn`; empty where the request names no host."""
        if self._public_url is not None:
            return self._public_url
        host, scheme = request.headers.get("host", ""), request.url.scheme
        if self._behind_proxy and request.headers.get("x-forwarded-proto") == "https":
            scheme = "https"
        return f"{scheme}://{host}" if _HOST.fullmatch(host) else ""
