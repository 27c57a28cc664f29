"""The event bus of the embedded form: Kafka where GRIDGOV_KAFKA names one, else a log in the database."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from gridgov.local.database_url import asyncpg_dsn
from gridgov.local.errors import StartError
from shared.bus.kafka.bus import KafkaBus
from shared.bus.kafka.security import security
from shared.bus.port import Bus, BusUnavailable
from shared.bus.postgres.bus import PostgresBus
from shared.settings import Settings

WAIT_SECONDS: Final = 15.0
"""A broker started by the same script may need some seconds; who mistyped the address should not wait for long."""


class KafkaUnreachable(StartError):
    """No broker answers at the address that GRIDGOV_KAFKA names."""


async def open_bus(settings: Settings, database_url: str, say: Callable[[str, str], None]) -> Bus:
    """The bus, started. Waits up to WAIT_SECONDS for a broker; then raises KafkaUnreachable. Invalid for settings of
    its connections that cannot be meant."""
    if settings.kafka is None:
        bus = PostgresBus(asyncpg_dsn(database_url))
        await bus.start()
        return bus
    kafka = KafkaBus(settings.kafka, "gridgov", security=security(settings))
    end, pause, told = time.monotonic() + WAIT_SECONDS, 0.5, False
    while True:
        try:
            await kafka.start()
        except BusUnavailable as away:
            if time.monotonic() + pause > end:
                await kafka.close()
                raise KafkaUnreachable(
                    f"GRIDGOV_KAFKA={settings.kafka} 没有应答；请检查地址和 GRIDGOV_KAFKA_SECURITY"
                    f"(现为 {settings.kafka_security})，或用 gridgov kafka start 在本机启动 Kafka",
                    f"no Kafka answers at GRIDGOV_KAFKA={settings.kafka}: check the address and GRIDGOV_KAFKA_SECURITY "
                    f"({settings.kafka_security} now), or start one here with gridgov kafka start",
                ) from away
            if not told:
                told = True
                say(
                    f"等待 {settings.kafka} 的 Kafka(最多 {WAIT_SECONDS:.0f} 秒)",
                    f"waiting for Kafka at {settings.kafka} (up to {WAIT_SECONDS:.0f} s)",
                )
            await asyncio.sleep(pause)
            pause = min(pause * 2, 4.0)
        except BaseException:
            await kafka.close()
            raise
        else:
            return kafka
