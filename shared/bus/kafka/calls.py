"""Calls into aiokafka, each from a task of its own.

What must hold: a call ends in a result or an error, and in time. aiokafka may also end one by cancelling what it awaits
(a broker that was killed while a group was rebalanced), and may ignore being cancelled. Either would otherwise reach the
loop that called: a task group takes a cancelled loop for one that is done, and the process would look alive without it.

And a connection that is gone is a failure like any other, on uvloop too (`_send_or_fail`), and one
that is closed is gone at once (`_close_at_once`).
"""

import asyncio
import ssl
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from aiokafka.conn import AIOKafkaConnection, CloseReason, collect_hosts, create_conn
from aiokafka.errors import (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    IllegalSaslStateError,
    KafkaConnectionError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)

from shared.bus.port import BusRefused, BusUnavailable

T = TypeVar("T")
FAILURES = (KafkaError, OSError, TimeoutError)
"""What a call that did not succeed raises."""
SECURITY = (
    ssl.SSLError, SaslAuthenticationFailed, AuthenticationFailedError, AuthenticationMethodNotSupported,
    UnsupportedSaslMechanismError, IllegalSaslStateError,
)  # fmt: skip
"""What a connection raises that is distrusted."""


async def answer(call: Coroutine[Any, Any, T], within: float) -> T:
    """The result of `call`. Raises TimeoutError after `within` seconds, and ConnectionAbortedError when the call was
    cancelled from within; a call that does not end is left behind."""
    task = asyncio.create_task(call)
    try:
        await asyncio.wait({task}, timeout=within)
    finally:
        if not task.done():
            task.add_done_callback(_seen)
            task.cancel()
    if not task.done():
        raise TimeoutError
    if task.cancelled():
        raise ConnectionAbortedError("the client ended its own call")
    return task.result()


async def quietly(call: Coroutine[Any, Any, object], within: float) -> None:
    """The same for a close, which must neither fail nor hang: what cannot be told to Kafka, it finds out by itself."""
    try:
        await answer(call, within)
    except Exception:  # noqa: BLE001 - whatever a client says while it ends
        return


def unavailable(what: str, error: BaseException) -> BusUnavailable:
    """`error` as the port names it."""
    return BusUnavailable(f"{what}: {error or type(error).__name__}")


async def refusal(connection: Mapping[str, Any], within: float) -> BusRefused | None:
    """Why no broker lets us in; None where that is not why. A client that does not start tells only that it could not."""
    options = {name: value for name, value in connection.items() if name != "bootstrap_servers"}
    for host, port, _ in collect_hosts(connection["bootstrap_servers"]):
        try:
            made = await answer(create_conn(host, port, **options), within)
        except SECURITY as error:
            return BusRefused(getattr(error, "verify_message", None) or getattr(error, "reason", None) or _named(error))
        except FAILURES:
            continue
        made.close()
    return None


def _named(error: Exception) -> str:
    return type(error).__name__


_send = AIOKafkaConnection.send


def _send_or_fail(connection: Any, *arguments: Any, **options: Any) -> Any:
    """What uvloop answers with RuntimeError, where asyncio would not and aiokafka expects OSError: the connection is gone
    and aiokafka has not been told yet (https://github.com/aio-libs/aiokafka/issues/1038). That error ended the task that
    keeps a client's picture of the cluster, and whoever waited for that picture waited for ever."""
    try:
        return _send(connection, *arguments, **options)
    except RuntimeError as error:
        connection.close(reason=CloseReason.CONNECTION_BROKEN, exc=error)
        raise KafkaConnectionError(f"Connection at {connection.host}:{connection.port} broken: {error}") from error


_close = AIOKafkaConnection.close


def _close_at_once(connection: Any, *arguments: Any, **options: Any) -> Any:
    """Without TLS's farewell, which nobody waits for: nothing is under way any more. A loop of uvloop that is closed
    before the farewell is over waits for the broker without end, and the process would not stop."""
    writer = connection._writer  # noqa: SLF001 - nothing public leads to the transport
    ended = _close(connection, *arguments, **options)
    if writer is not None and writer.get_extra_info("ssl_object") is not None:
        writer.transport.abort()
    return ended


AIOKafkaConnection.send = _send_or_fail
AIOKafkaConnection.close = _close_at_once


def _seen(task: "asyncio.Task[Any]") -> None:
    """So that nobody is told of an error that nobody waits for."""
    if not task.cancelled():
        task.exception()
