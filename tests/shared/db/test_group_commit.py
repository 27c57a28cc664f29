"""Group commit: requests share a transaction, and yet each is answered for itself."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.db.group_commit import GroupCommit
from shared.errors import Invalid, Unavailable
from tests.shared.probe import until

pytestmark = pytest.mark.anyio
BAD = Invalid("bad", "不行", "no")


class Work:
    """Doubles numbers, as far as it was let; refuses a group that holds one of `bad`."""

    def __init__(self, **bad: Exception) -> None:
        self.groups: list[list[int]] = []
        self.bad = {int(number[1:]): error for number, error in bad.items()}
        self.gate = asyncio.Semaphore(0)
        self.running = 0

    async def __call__(self, commands: Sequence[int]) -> Sequence[int]:
        self.running += 1
        assert self.running == 1, "two groups at once"
        self.groups.append(list(commands))
        await self.gate.acquire()
        self.running -= 1
        for command in commands:
            if command in self.bad:
                raise self.bad[command]
        return [2 * command for command in commands]

    def let(self, groups: int = 1000) -> None:
        for _ in range(groups):
            self.gate.release()


async def answers(work: Work, commands: Sequence[int], **limits: int) -> list[int | BaseException]:
    """What each command is answered when all come while the first is being worked on."""
    group = GroupCommit(work, **limits)
    tasks = [asyncio.create_task(group.submit(command)) for command in commands]
    await until(lambda: work.groups)
    await asyncio.sleep(0)
    work.let()
    return await asyncio.gather(*tasks, return_exceptions=True)


async def test_each_is_answered_in_its_own_place() -> None:
    work = Work()
    assert await answers(work, range(50)) == [2 * n for n in range(50)]
    assert work.groups == [[*range(50)]] or work.groups == [[0], [*range(1, 50)]]


async def test_a_group_begins_only_after_the_one_before_has_ended_and_takes_all_that_came_meanwhile() -> None:
    work = Work()
    group = GroupCommit(work)
    first = asyncio.create_task(group.submit(0))
    await until(lambda: work.groups == [[0]])
    later = [asyncio.create_task(group.submit(n)) for n in (1, 2, 3)]
    for _ in range(20):
        await asyncio.sleep(0)
    assert work.groups == [[0]]
    work.let(1)
    assert await first == 0
    await until(lambda: work.groups == [[0], [1, 2, 3]])
    assert not any(task.done() for task in later)
    work.let()
    assert await asyncio.gather(*later) == [2, 4, 6]


async def test_a_group_takes_along_who_is_on_the_way_but_waits_for_nobody_else() -> None:
    work = Work()
    group = GroupCommit(work)

    async def after(turns: int, number: int) -> int:
        for _ in range(turns):
            await asyncio.sleep(0)
        return await group.submit(number)

    tasks = [asyncio.create_task(after(turns, turns)) for turns in (0, 3, 6, 9, 30)]
    await until(lambda: work.groups)
    assert work.groups == [[0, 3, 6, 9]]
    work.let()
    assert await asyncio.gather(*tasks) == [0, 6, 12, 18, 60]


async def test_a_group_is_never_larger_than_allowed() -> None:
    work = Work()
    await answers(work, range(20), largest=8)
    assert max(map(len, work.groups)) == 8
    assert [n for group in work.groups for n in group] == [*range(20)]


@pytest.mark.parametrize("error", [BAD, ValueError("a mistake")], ids=["refused", "a mistake"])
async def test_one_bad_command_fails_alone(error: Exception) -> None:
    work = Work(_3=error)
    assert await answers(work, range(64)) == [error if n == 3 else 2 * n for n in range(64)]
    assert len(work.groups) <= 2 + 2 * 6, "halves, not one by one"


async def test_a_refusal_that_is_an_answer_is_raised_to_who_asked_and_the_group_is_not_run_again() -> None:
    runs: list[int] = []

    async def work(commands: Sequence[int]) -> Sequence[int | Invalid]:
        runs.append(len(commands))
        return [BAD if command == 3 else 2 * command for command in commands]

    group = GroupCommit(work)
    found = await asyncio.gather(*(group.submit(n) for n in range(6)), return_exceptions=True)
    assert found == [0, 2, 4, BAD, 8, 10]
    assert sum(runs) == 6


@pytest.mark.parametrize("error", [ConnectionResetError("gone"), Unavailable("away", "稍后", "later")], ids=type)
async def test_trouble_that_passes_is_told_to_all_without_trying_each_alone(error: Exception) -> None:
    work = Work(_3=error)
    found = await answers(work, [1, 2, 3])
    assert error in found
    assert sum(map(len, work.groups)) == 3


async def test_it_goes_on_after_an_error() -> None:
    work = Work(_1=ValueError("a mistake"))
    work.let()
    group = GroupCommit(work)
    with pytest.raises(ValueError, match="a mistake"):
        await group.submit(1)
    assert await group.submit(2) == 4


async def test_a_full_queue_answers_unavailable_and_those_who_wait_are_answered_all_the_same() -> None:
    work = Work()
    group = GroupCommit(work, queue=3)
    first = asyncio.create_task(group.submit(0))
    await until(lambda: work.groups)
    waiting = [asyncio.create_task(group.submit(n)) for n in (1, 2, 3)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable) as caught:
        await group.submit(4)
    assert caught.value.code == "overloaded"
    work.let()
    assert await asyncio.gather(first, *waiting) == [0, 2, 4, 6]


async def test_who_gives_up_while_waiting_is_not_worked_for_and_disturbs_nobody() -> None:
    work = Work()
    group = GroupCommit(work)
    first = asyncio.create_task(group.submit(0))
    await until(lambda: work.groups == [[0]])
    gone, stays = (asyncio.create_task(group.submit(n)) for n in (1, 2))
    await asyncio.sleep(0)
    gone.cancel()
    work.let()
    assert await asyncio.gather(first, stays) == [0, 4]
    assert work.groups == [[0], [2]]
    assert gone.cancelled()


async def test_who_gives_up_during_the_work_disturbs_nobody() -> None:
    work = Work()
    group = GroupCommit(work)
    gone = asyncio.create_task(group.submit(0))
    await until(lambda: work.groups)
    stays = asyncio.create_task(group.submit(1))
    gone.cancel()
    work.let()
    assert await stays == 2
    assert await group.submit(3) == 6


async def test_work_that_is_cancelled_leaves_nobody_waiting_for_ever() -> None:
    work = Work()
    group = GroupCommit(work)
    tasks = [asyncio.create_task(group.submit(n)) for n in range(3)]
    await until(lambda: work.groups)
    assert group._runner is not None
    group._runner.cancel()
    async with asyncio.timeout(5):
        found = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(answer) for answer in found] == [Unavailable] * 3


async def test_work_with_too_few_answers_is_an_error_and_is_not_done_again() -> None:
    done: list[int] = []

    async def careless(commands: Sequence[int]) -> Sequence[int]:
        done.extend(commands)
        return []

    group = GroupCommit(careless)
    async with asyncio.timeout(5):
        found = await asyncio.gather(*(group.submit(n) for n in range(3)), return_exceptions=True)
    assert [type(answer) for answer in found] == [RuntimeError] * 3
    assert done == [0, 1, 2]
