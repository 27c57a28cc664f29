"""The HTTP port, checked before anything is started so that a busy one costs nothing but one clear line."""

import errno
import os
import socket
from collections.abc import Iterable, Mapping
from itertools import islice

from gridgov.local.errors import PortBusy

DEFAULT = 8000


def http_port(environ: Mapping[str, str] = os.environ) -> int:
    """`GRIDGOV_PORT`, default 8000. Raises PortBusy when it is no port number."""
    text = environ.get("GRIDGOV_PORT", "").strip() or str(DEFAULT)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise PortBusy(
            f"GRIDGOV_PORT={text} 不是端口号；请用 1 到 65535 之间的数字，例如 GRIDGOV_PORT={DEFAULT} make up",
            f"GRIDGOV_PORT={text} is no port: use a number from 1 to 65535, as in GRIDGOV_PORT={DEFAULT} make up",
        )
    return int(text)


def claim(port: int, host: str = "127.0.0.1") -> socket.socket:
    """A bound, not yet listening socket for the HTTP server to use. Raises PortBusy.

    Hand it to uvicorn (`Server.serve(sockets=[…])`): then nobody can take the port between the check and its use.
    """
    try:
        return _bound(port, host)
    except OSError as error:
        raise _refused(error, port, host) from error


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody could listen there now; in the next moment another may."""
    try:
        _bound(port, host).close()
    except OSError:
        return False
    return True


def free_ports(count: int, candidates: Iterable[int]) -> list[int]:
    """The first `count` of `candidates` that are free. Raises PortBusy when there are fewer."""
    found = list(islice(filter(is_free, candidates), count))
    if len(found) < count:
        raise PortBusy(
            f"找不到 {count} 个空闲端口；请停止一些占用端口的程序后重试",
            f"{count} free ports are needed and fewer were found: stop some of the programs that use them, and try again",
        )
    return found


def _bound(port: int, host: str) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def _refused(error: OSError, port: int, host: str) -> PortBusy:
    if error.errno == errno.EADDRINUSE:
        other = _next_free(port, host)
        return PortBusy(
            f"端口 {port} 已被占用；请停止占用它的程序，或换一个端口：GRIDGOV_PORT={other} make up",
            f"port {port} is in use: stop the program that uses it, or choose another: GRIDGOV_PORT={other} make up",
        )
    if error.errno == errno.EACCES:
        return PortBusy(
            f"没有权限使用端口 {port}；请用 1024 以上的端口：GRIDGOV_PORT={DEFAULT} make up",
            f"no permission to use port {port}: choose one above 1023: GRIDGOV_PORT={DEFAULT} make up",
        )
    return PortBusy(
        f"无法使用地址 {host} 端口 {port}({error.strerror})；请检查地址和端口",
        f"cannot use {host} port {port} ({error.strerror}): check the address and the port",
    )


def _next_free(port: int, host: str) -> int:
    return next((other for other in range(port + 1, min(port + 50, 65535)) if is_free(other, host)), DEFAULT + 1)
