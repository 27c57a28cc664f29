"""A group member in a process of its own, there to be killed: fetches one batch, prints it, and holds it for ever.

Run as `python -m tests.contracts.bus_member BUS ADDRESS GROUP TOPIC MEMBER`; prints one JSON list of [key, value].
"""

import asyncio
import json
import sys

from tests.contracts.bus_grounds import GROUNDS


async def main() -> None:
    kind, address, group, topic, member = sys.argv[1:]
    bus = GROUNDS[kind].connect(address)
    await bus.start()
    consumer = await bus.consumer(group, [topic], member)
    while True:
        records = await consumer.fetch(limit=1000, wait=1)
        if records:
            break
    print(json.dumps([[record.key, (record.value or b"").decode()] for record in records]), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
