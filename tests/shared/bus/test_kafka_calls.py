"""What a call into aiokafka may do to its caller: nothing but succeed or fail."""

import asyncio
import contextlib
import socket
import ssl
import threading
from pathlib import Path

import pytest
from aiokafka.conn import AIOKafkaConnection
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.admin import ApiVersionRequest

from shared.bus.kafka.calls import FAILURES, answer, quietly
from tests.support.secured_kafka import Authority


async def ends_itself() -> None:
    """As aiokafka does when a group is rebalanced around a broker that was killed."""
    inner = asyncio.get_running_loop().create_future()
    inner.cancel()
    await inner


async def never_ends() -> None:
    while True:
        try:
            await asyncio.sleep(1)
        except asyncio.CancelledError:
            if released.is_set():
                raise


released = asyncio.Event()


async def test_a_call_that_was_cancelled_from_within_is_a_failure_not_the_callers_end() -> None:
    with pytest.raises(ConnectionAbortedError):
        await answer(ends_itself(), 5)
    await quietly(ends_itself(), 5)


async def test_a_call_that_ignores_being_cancelled_is_left_behind() -> None:
    released.clear()
    before = asyncio.all_tasks()
    with pytest.raises(FAILURES):
        await answer(never_ends(), 0.01)
    await quietly(never_ends(), 0.01)
    left = asyncio.all_tasks() - before
    assert len(left) == 2
    released.set()
    for task in left:
        task.cancel()
    await asyncio.wait(left)


async def test_a_caller_that_is_cancelled_ends_and_its_call_too() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def call() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    caller = asyncio.create_task(answer(call(), 60))
    await begun.wait()
    caller.cancel()
    await asyncio.wait({caller})
    assert caller.cancelled()
    await asyncio.wait_for(ended.wait(), 5)


async def test_a_connection_that_is_gone_is_a_failure_before_aiokafka_is_told() -> None:
    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        connection = AIOKafkaConnection("127.0.0.1", port)
        connection._reader, connection._writer = await asyncio.open_connection("127.0.0.1", port)
        # No reading task is there to tell aiokafka, as in the moment before that task has its turn.
        connection._read_task = asyncio.create_task(asyncio.sleep(0))
        connection._writer.transport.abort()
        await asyncio.sleep(0.05)
        with pytest.raises(KafkaConnectionError):
            connection.send(ApiVersionRequest())
        assert not connection.connected()


async def test_a_secured_connection_that_is_closed_is_gone_although_the_broker_says_no_farewell(tmp_path: Path) -> None:
    ours, frozen = Authority.made(tmp_path / "ca"), threading.Event()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(ours.issue("broker"))
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            with tls.wrap_socket(server.accept()[0], server_side=True):
                frozen.wait(30)

        listening = asyncio.create_task(asyncio.to_thread(listen))
        port = server.getsockname()[1]
        connection = AIOKafkaConnection("127.0.0.1", port)
        trusting = ssl.create_default_context(cafile=ours.file)
        connection._reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting)
        connection._writer, connection._read_task = writer, asyncio.create_task(asyncio.sleep(0))
        connection.close()
        async with asyncio.timeout(5):
            await writer.wait_closed()
        frozen.set()
        await listening
