"""Where a request came from, and under which address people reach us: what stands before us is seen through.

Only a proxy that is named may say for whom it asks; from anybody else `X-Forwarded-…` is a claim and is passed over.
"""

import re
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from starlette.requests import Request

_HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\[[0-9a-fA-F:.]{2,45}\](:[0-9]{1,5})?")
_UNKNOWN: Final = "unknown"


class Network:
    """`public_url` is where people reach the pages, if that is known; `proxies` are networks in CIDR notation."""

    def __init__(self, public_url: str | None, proxies: Iterable[str]) -> None:
        self._public_url = public_url.rstrip("/") if public_url else None
        self._proxies = tuple(ip_network(each) for each in proxies)

    def caller(self, request: Request) -> str:
        """The address of who asks, to count by and never to store. Of IPv6 the /64 that one household has."""
        address = request.client.host if request.client else _UNKNOWN
        if self._is_proxy(address):
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
        if self._is_proxy(request.client.host if request.client else _UNKNOWN):
            scheme = "https" if request.headers.get("x-forwarded-proto") == "https" else scheme
        return f"{scheme}://{host}" if _HOST.fullmatch(host) else ""

    def _is_proxy(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._proxies)
