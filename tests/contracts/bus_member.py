"""A group member in a process of its own, there to be killed or put to sleep: fetches one batch and holds it.

Run as `python -m tests.contracts.bus_member BUS ADDRESS GROUP TOPIC MEMBER`. Prints the batch as one JSON list of
values; commits once a line comes in, and prints whether it could.
"""

import asyncio
import json
import sys

from shared.bus.port import Fenced
from tests.contracts.bus_grounds import GROUNDS


async def main() -> None:
    kind, address, group, topic, member = sys.argv[1:]
    bus = GROUNDS[kind].connect(address, session=2.0)  # so that nobody waits long for its end
    await bus.start()
    consumer = await bus.consumer(group, [topic], member)
    while True:
        records = await consumer.fetch(limit=1000, wait=1)
        if records:
            break
    print(json.dumps([int(record.value or b"-1") for record in records]), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    try:
        await consumer.commit()
        print("committed", flush=True)
    except Fenced:
        print("fenced", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
