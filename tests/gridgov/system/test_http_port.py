"""The HTTP port is claimed before anything starts, and a busy one is one line that says what to do."""

import socket

import pytest

from gridgov.local.errors import PortBusy
from gridgov.local.ports import claim, free_ports, http_port


def test_a_busy_port_names_a_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(PortBusy, match=r"GRIDGOV_PORT=\d+ make up") as refused:
            claim(port)
    assert str(port) in refused.value.zh
    assert "\n" not in refused.value.line
    claim(port).close()


def test_a_port_taken_on_all_addresses_is_busy_too() -> None:
    with socket.create_server(("0.0.0.0", 0)) as holder, pytest.raises(PortBusy):
        claim(holder.getsockname()[1])


def test_a_claimed_port_serves() -> None:
    with claim(0) as listener:
        listener.listen()
        with socket.create_connection(listener.getsockname()):
            pass


def test_free_ports_are_the_first_that_nobody_holds() -> None:
    with claim(0) as taken, claim(0) as spare, claim(0) as last:
        taken.listen()
        held, free, beyond = (one.getsockname()[1] for one in (taken, spare, last))
        spare.close()
        last.close()
        assert free_ports(1, iter([held, free, beyond])) == [free]
        with pytest.raises(PortBusy, match="2 free ports"):
            free_ports(2, [held, free])


@pytest.mark.parametrize("text", ["eight", "0", "65536", "-1", "８０００", "80 80"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(PortBusy, match="GRIDGOV_PORT"):
        http_port({"GRIDGOV_PORT": text})


def test_the_default_is_8000() -> None:
    assert http_port({}) == 8000
    assert http_port({"GRIDGOV_PORT": "8123"}) == 8123


def test_an_address_of_another_machine_is_one_clear_line() -> None:
    with pytest.raises(PortBusy, match="check the address"):
        claim(8000, "192.0.2.1")
