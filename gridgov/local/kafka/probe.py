"""Whether a broker answers, and which brokers it sees: one Metadata request, so that no client library is needed."""

import socket
import struct

_METADATA, _VERSION, _CORRELATION = 3, 1, 7


def brokers_seen_by(port: int, timeout: float = 2.0) -> set[int]:
    """The numbers of the living brokers, as the one at 127.0.0.1:`port` knows them; empty when it does not answer."""
    client = b"gridgov"
    request = struct.pack(">hhih", _METADATA, _VERSION, _CORRELATION, len(client)) + client + struct.pack(">i", 0)
    try:
        with socket.create_connection(("127.0.0.1", port), timeout) as connection:
            connection.settimeout(timeout)
            connection.sendall(struct.pack(">i", len(request)) + request)
            size = struct.unpack(">i", _exactly(connection, 4))[0]
            return _brokers(_exactly(connection, size))
    except (OSError, struct.error):
        return set()


def _brokers(answer: bytes) -> set[int]:
    correlation, count = struct.unpack_from(">ii", answer)
    if correlation != _CORRELATION:
        return set()
    numbers, at = set(), 8
    for _ in range(count):
        number, host = struct.unpack_from(">ih", answer, at)
        at += 6 + host + 4  # the host's name, the port
        rack = struct.unpack_from(">h", answer, at)[0]
        at += 2 + max(rack, 0)
        numbers.add(number)
    return numbers


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = connection.recv(min(size - len(data), 65536))
        if not more:
            raise ConnectionResetError
        data += more
    return data
