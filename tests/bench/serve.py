"""One app under uvicorn, as a child of the bench: `python -m tests.bench.serve intake|relay|stock URL DSN DIRECTORY`.

The same server settings for all. Prints its port and serves until its standard input closes.
"""

import asyncio
import gc
import socket
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import uvicorn
from prometheus_client import CollectorRegistry

from services.intake import app as intake
from services.intake.classifier.keyword import KeywordClassifier
from shared.auth.tokens import LocalVerifier, TokenSigner
from shared.bus.postgres.bus import PostgresBus
from shared.clock import SystemClock
from shared.db.engine import open_engine
from shared.events.topics import TOPICS
from shared.service import Resources
from shared.settings import Settings
from shared.telemetry import logs
from shared.telemetry.metrics import Metrics
from tests.bench import stock_app

STOCK_POOL = 16
INTAKE_POOL = 6
"""As the embedded form has it; with group commit one connection writes for all."""


async def main(kind: str, url: str, dsn: str, directory: Path) -> None:
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        log = stack.enter_context((directory / f"{kind}.log").open("w"))
        logs.configure(log)
        relay = None
        app: Any
        if kind == "stock":
            app = stock_app.create(url, STOCK_POOL)
        else:
            clock = SystemClock()
            bus = PostgresBus(dsn)
            if kind == "relay":
                await bus.start()
                stack.push_async_callback(bus.close)
                await bus.ensure_topics(TOPICS)
            engine = open_engine(url, service="intake", pool=INTAKE_POOL)
            stack.push_async_callback(engine.dispose)
            service = intake.build(
                Resources(
                    Settings(), clock, engine, bus, LocalVerifier(directory / "tokens", clock),
                    Metrics(CollectorRegistry()), directory / "fields", TokenSigner(directory / "tokens", clock), relay_poll=0.5,
                ),
                KeywordClassifier({}),
            )  # fmt: skip
            app = service.api
            if kind == "relay":
                relay = asyncio.create_task(service.relay.run(stop))
        # For all alike: what the embedded form does when it has started.
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        await serve(app)
        stop.set()
        if relay is not None:
            await relay


async def serve(app: Any) -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            http="httptools",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
        )
    )

    def read() -> None:
        if not sys.stdin.buffer.read1(1):
            server.should_exit = True

    asyncio.get_running_loop().add_reader(sys.stdin, read)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.02)
    print(listener.getsockname()[1], flush=True)
    await serving


if __name__ == "__main__":
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4])))
