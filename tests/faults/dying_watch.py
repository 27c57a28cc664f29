"""A watch that is killed again and again: `python -m tests.faults.dying_watch URL NOW LIMIT SEED`.

Takes the steps that are due at NOW in a process that dies by its failpoints (GRIDGOV_FAILPOINTS) or by our SIGKILL at any moment,
and is followed by the next one until nothing is due. Forked, so that a start costs no imports. Prints a line of JSON:
how many processes died, and how many of them by our hand.
"""

import asyncio
import json
import os
import random
import signal
import sys
import time
from datetime import datetime

from services.supervision.clocks.store import Clocks
from services.supervision.clocks.take_due_steps import take_due_steps
from services.supervision.schema import tables
from shared.clock import SetClock
from shared.db.engine import open_engine
from shared.db.unit_of_work import Database, UnitOfWork

LONGEST_LIFE = 0.6
"""Seconds; by then those whom the failpoints spare are killed, but for every third."""
BY_OUR_HAND = 10
"""So many; on a machine that is busy with other things a life of less than a second may come to nothing."""


async def take_all(url: str, now: datetime, limit: int) -> None:
    """Until nothing is due any more."""
    database = Database(open_engine(url, service="dying", pool=1), tables, SetClock(now))
    while True:
        async with UnitOfWork(database) as uow:
            if all(one.next_at > now for one in await Clocks.of(uow).ahead(now)):
                return
            taken = await take_due_steps(uow, limit=limit)
        if not taken:  # somebody else's turn, or more is to be heard of what is due
            await asyncio.sleep(0.01)


def main(url: str, now: datetime, limit: int, seed: int) -> None:
    chance, died, killed = random.Random(seed), 0, 0
    while True:
        child = os.fork()
        if not child:
            random.seed(f"{seed}-{died}")  # else every one of them would die where the first did
            asyncio.run(take_all(url, now, limit))
            os._exit(0)
        end = time.monotonic() + (LONGEST_LIFE * chance.random() if killed < BY_OUR_HAND and died % 3 < 2 else 60)
        while (found := os.waitpid(child, os.WNOHANG)) == (0, 0):
            if time.monotonic() > end:
                os.kill(child, signal.SIGKILL)
                killed, end = killed + 1, end + 60
            time.sleep(0.002)
        if os.WIFEXITED(found[1]):
            print(json.dumps({"died": died, "by_our_hand": killed}))
            raise SystemExit(os.WEXITSTATUS(found[1]))
        died += 1


if __name__ == "__main__":
    main(sys.argv[1], datetime.fromisoformat(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
