"""The proxy of the fault tests does what its toxics say, and otherwise what a network does."""

import hashlib
import random
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.support.cluster import eventually
from tests.support.proxy import Proxy, running_proxy

MEGABYTE = random.Random(1).randbytes(1 << 20)


class Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with suppress(ConnectionError):
            while data := self.request.recv(65536):
                self.request.sendall(data)


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def echo() -> Iterator[tuple[str, int]]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo)
    with serving(server):
        yield ("127.0.0.1", server.server_address[1])


@pytest.fixture
def proxy(echo: tuple[str, int]) -> Iterator[Proxy]:
    with running_proxy(echo) as between:
        yield between


def connect(proxy: Proxy) -> socket.socket:
    return socket.create_connection(("127.0.0.1", proxy.port), 5)


def receive(caller: socket.socket, size: int) -> bytes:
    got = b""
    while len(got) < size and (data := caller.recv(size - len(got))):
        got += data
    return got


def answers(proxy: Proxy, data: bytes = b"hello") -> bool:
    with connect(proxy) as caller:
        caller.sendall(data)
        return receive(caller, len(data)) == data


def silent(caller: socket.socket) -> bool:
    caller.settimeout(0.2)
    try:
        caller.recv(1)
    except TimeoutError:
        caller.settimeout(5)
        return True
    return False


def test_bytes_pass_both_ways_and_an_end_is_passed_on(proxy: Proxy) -> None:
    with connect(proxy) as caller:
        sending = threading.Thread(target=lambda: (caller.sendall(MEGABYTE), caller.shutdown(socket.SHUT_WR)))
        sending.start()
        got = receive(caller, len(MEGABYTE))
        assert hashlib.sha256(got).digest() == hashlib.sha256(MEGABYTE).digest()
        assert caller.recv(1) == b"", "the echo ended because it saw our end"
        sending.join()
    assert (proxy.accepted, proxy.cut) == (1, 0)


def test_a_target_may_come_into_being_later_and_elsewhere(tmp_path: Path) -> None:
    places: list[Path] = []
    with running_proxy(lambda: next(reversed(places))) as proxy:
        for missing in ([], [tmp_path / "nobody"]):
            places += missing
            with pytest.raises(ConnectionResetError), connect(proxy) as caller:
                caller.recv(1)
        with serving(socketserver.ThreadingUnixStreamServer(str(tmp_path / "echo"), Echo)):
            places.append(tmp_path / "echo")
            assert answers(proxy)


def test_down_cuts_and_refuses_and_healed_it_has_the_same_port(proxy: Proxy) -> None:
    with connect(proxy) as caller:
        caller.sendall(b"before")
        assert receive(caller, 6) == b"before"
        proxy.down()
        assert caller.recv(1) == b""
        with pytest.raises(ConnectionRefusedError):
            connect(proxy)
        port = proxy.port
    proxy.heal()
    assert proxy.port == port and answers(proxy)


def test_half_open_swallows_what_is_sent_and_resets_it_once_healed(proxy: Proxy) -> None:
    with connect(proxy) as before, connect(proxy) as idle:
        for each in (before, idle):
            each.sendall(b"known")
            assert receive(each, 5) == b"known"
        proxy.half_open()
        with connect(proxy) as during, connect(proxy) as mute:
            for each in (before, during):
                each.sendall(b"anybody?")
                assert silent(each)
            assert eventually(lambda: (proxy.accepted, proxy.swallowed) == (4, 16))
            proxy.heal()
            for each in (before, during, mute):
                with pytest.raises(ConnectionResetError):
                    each.recv(1)
        idle.sendall(b"still here")
        assert receive(idle, 10) == b"still here", "a connection that lost nothing goes on"
    assert answers(proxy) and proxy.cut == 3


def test_half_open_tells_nobody_that_the_other_end_has_gone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, running_proxy(server.getsockname()) as proxy:
        with connect(proxy) as caller:
            caller.sendall(b"x")
            far, _ = server.accept()
            assert far.recv(1) == b"x"
            proxy.half_open()
        with far:
            assert silent(far)
            proxy.heal()
            with pytest.raises(ConnectionResetError):
                far.recv(1)


def test_a_reset_is_one_for_both_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, running_proxy(server.getsockname()) as proxy:
        with connect(proxy) as caller:
            caller.sendall(b"x")
            far, _ = server.accept()
            with far:
                assert far.recv(1) == b"x"
                proxy.resets(chunk=1.0)
                far.sendall(b"y")
                for each in (caller, far):
                    with pytest.raises(ConnectionResetError):
                        each.recv(1)
    assert proxy.cut == 1


def fates(echo: tuple[str, int], seed: int) -> list[bool]:
    """Of forty connections, half of which are to be reset at some time: which were, within fifty chunks."""
    found = []
    with running_proxy(echo, seed=seed) as proxy:
        proxy.resets(connection=0.5)
        for _ in range(40):
            with connect(proxy) as caller:
                try:
                    for _ in range(50):
                        caller.sendall(b"x")
                        assert caller.recv(1) == b"x"
                    found.append(True)
                except ConnectionError:
                    found.append(False)
        assert proxy.cut == found.count(False)
    return found


def test_chance_is_the_seeds(echo: tuple[str, int]) -> None:
    first = fates(echo, 7)
    assert 5 < first.count(False) < 35
    assert fates(echo, 7) == first != fates(echo, 8)


def test_slices_arrive_one_by_one_and_whole(proxy: Proxy) -> None:
    proxy.slicer(10, 0.02)
    with connect(proxy) as caller:
        caller.sendall(MEGABYTE[:100])
        first = caller.recv(100)
        assert len(first) < 100
        assert first + receive(caller, 100 - len(first)) == MEGABYTE[:100]


def test_latency_delays_each_way_and_keeps_the_order(proxy: Proxy) -> None:
    proxy.latency(0.1, jitter=0.05)
    with connect(proxy) as caller:
        begun = time.monotonic()
        for at in range(10):
            caller.sendall(bytes([at]))
            time.sleep(0.005)
        assert receive(caller, 10) == bytes(range(10))
        assert 0.2 <= time.monotonic() - begun < 5


def test_bandwidth_is_limited_until_healed(proxy: Proxy) -> None:
    proxy.bandwidth(100_000)
    with connect(proxy) as caller:
        begun = time.monotonic()
        caller.sendall(MEGABYTE[:20_000])
        assert receive(caller, 20_000) == MEGABYTE[:20_000]
        assert time.monotonic() - begun >= 0.15
        caller.sendall(MEGABYTE[:500_000])
        proxy.heal()
        assert receive(caller, 500_000) == MEGABYTE[:500_000]


def test_no_more_is_read_than_can_be_written() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, running_proxy(server.getsockname()) as proxy:
        with connect(proxy) as caller:
            far, _ = server.accept()
            with far:
                caller.settimeout(0.3)
                sent = 0
                with pytest.raises(TimeoutError):
                    while sent < 256 << 20:
                        sent += caller.send(MEGABYTE)
                caller.settimeout(5)
                caller.shutdown(socket.SHUT_WR)
                got = 0
                while data := far.recv(1 << 20):
                    got += len(data)
                assert got == sent, "and nothing of it is lost"
