"""Submitting in groups: each key once, every answer the same, bad neighbours alone refused, all or nothing stored."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.reports.store import KNOWN
from services.intake.reports.submit_report import Receipt, Submission, submit_reports
from shared.db.group_commit import GroupCommit
from shared.errors import Invalid
from shared.ids import new_id
from tests.conftest import NOON
from tests.intake.conftest import Intake, submission


def grouped(intake: Intake, largest: int = 64) -> tuple[GroupCommit[Submission, Receipt], list[int]]:
    """A group commit as intake has it, and the sizes of the groups it made."""
    sizes: list[int] = []

    async def work(submissions):
        sizes.append(len(submissions))
        async with intake.uow() as uow:
            return await submit_reports(submissions, uow, projection=intake.projection)

    return GroupCommit(work, largest=largest), sizes


async def test_a_group_is_stored_with_numbers_trails_and_events(intake: Intake) -> None:
    receipts = await intake.submit(*(submission(f"k{n}", f"井盖 {n}") for n in range(5)))
    assert [receipt.repeated for receipt in receipts] == [False] * 5
    assert len({receipt.number for receipt in receipts}) == 5
    assert all(receipt.number.startswith("A7-QT-20261118-") for receipt in receipts)
    assert [(await intake.report(r.id)).contents.text for r in receipts] == [f"井盖 {n}" for n in range(5)]
    assert await intake.counts() == {"reports": 5, "trail": 5, "outbox": 5}
    assert [value["number"] for _, value in await intake.events()] == [receipt.number for receipt in receipts]
    assert await intake.violations() == ()


async def test_the_day_in_a_number_is_the_local_one(intake: Intake) -> None:
    intake.clock.set(NOON.replace(hour=16, minute=30))
    (receipt,) = await intake.submit(submission("k"))
    assert "-20261119-" in receipt.number


async def test_the_same_key_twice_in_one_group_is_one_report(intake: Intake) -> None:
    first, second, other = await intake.submit(submission("k"), submission("k"), submission("other"))
    assert (second.id, second.number, second.repeated) == (first.id, first.number, True)
    assert (first.repeated, other.repeated) == (False, False)
    assert await intake.counts() == {"reports": 2, "trail": 2, "outbox": 2}


async def test_the_same_key_later_gets_the_first_answer(intake: Intake) -> None:
    (first,) = await intake.submit(submission("k"))
    intake.clock.advance(timedelta(days=30))
    (again,) = await intake.submit(submission("k"))
    assert (again.id, again.number, again.repeated) == (first.id, first.number, True)
    assert await intake.counts() == {"reports": 1, "trail": 1, "outbox": 1}


async def test_another_callers_same_key_is_another_report(intake: Intake) -> None:
    mine, theirs = await intake.submit(submission("k"), submission("k", caller="another"))
    assert mine.id != theirs.id
    assert not theirs.repeated


async def test_one_key_from_twenty_connections_at_once_is_one_row_and_one_answer(intake: Intake) -> None:
    start = asyncio.Barrier(8)

    async def send() -> Receipt:
        # Eight at a time is what the pool has: all of them hold a transaction when the first one writes.
        async with intake.uow() as uow:
            async with asyncio.timeout(20):
                await start.wait()
            (receipt,) = await submit_reports([submission("k")], uow, projection=intake.projection)
            return receipt

    receipts = [receipt for _ in range(3) for receipt in await asyncio.gather(*(send() for _ in range(8)))]
    assert len({(receipt.id, receipt.number) for receipt in receipts}) == 1
    assert [receipt.repeated for receipt in receipts].count(False) == 1
    assert await intake.counts() == {"reports": 1, "trail": 1, "outbox": 1}


async def test_one_key_from_twenty_tasks_through_several_group_commits(intake: Intake) -> None:
    # As several processes of intake would: each groups for itself, the database decides.
    processes = [grouped(intake)[0] for _ in range(4)]
    receipts = await asyncio.gather(*(processes[n % 4].submit(submission("k")) for n in range(20)))
    assert len({(receipt.id, receipt.number) for receipt in receipts}) == 1
    assert await intake.counts() == {"reports": 1, "trail": 1, "outbox": 1}


async def test_groups_with_the_same_keys_in_opposite_orders_do_not_wait_in_a_circle(intake: Intake) -> None:
    keys = [f"k{n}" for n in range(40)]

    async def send(order: list[str]) -> list[Receipt]:
        return await intake.submit(*(submission(key) for key in order))

    for turn in range(5):
        named = [f"{turn}-{key}" for key in keys]
        one, two = await asyncio.gather(send(named), send(named[::-1]))
        assert [receipt.id for receipt in one] == [receipt.id for receipt in two[::-1]]


async def test_another_body_under_a_used_key_is_refused_and_its_neighbours_are_stored(intake: Intake) -> None:
    (first,) = await intake.submit(submission("k"))
    commit, sizes = grouped(intake)
    before, bad, after = await asyncio.gather(
        commit.submit(submission("before")),
        commit.submit(submission("k", "别的内容")),
        commit.submit(submission("after")),
        return_exceptions=True,
    )
    assert sizes == [3], "the three shared one group, and nothing was done again for the bad one"
    assert isinstance(bad, Invalid)
    assert (bad.code, bad.field) == ("idempotency_key_reused", "Idempotency-Key")
    assert bad.data == {"id": str(first.id), "number": first.number}
    assert [receipt.repeated for receipt in (before, after)] == [False, False]
    assert (await intake.report(first.id)).contents.text == "路边井盖不见了"
    assert await intake.counts() == {"reports": 3, "trail": 3, "outbox": 3}


async def test_two_bodies_under_one_new_key_in_one_group_store_the_first_only(intake: Intake) -> None:
    commit, sizes = grouped(intake)
    one, two = await asyncio.gather(
        commit.submit(submission("k", "第一份")), commit.submit(submission("k", "第二份")), return_exceptions=True
    )
    assert sizes == [2]
    assert isinstance(one, Receipt)
    assert isinstance(two, Invalid)
    assert (await intake.report(one.id)).contents.text == "第一份"


async def test_keys_are_looked_up_by_their_index_and_the_planner_has_no_other_choice(intake: Intake) -> None:
    # While the table is small, the index of a caller's reports costs the same; and the plan is kept while the table grows.
    sql = KNOWN.compile(dialect=postgresql.dialect(paramstyle="numeric_dollar"))

    async def plan(connection: AsyncConnection, name: str) -> str:
        await connection.exec_driver_sql(f"PREPARE {name} (text[], text[]) AS {sql}")
        rows = await connection.exec_driver_sql(f"EXPLAIN EXECUTE {name} ('{{a,b}}', '{{c,d}}')")
        return "\n".join(rows.scalars())

    async with intake.engine.connect() as connection:
        for setting in ("plan_cache_mode = force_generic_plan", "enable_seqscan = off"):
            await connection.execute(sa.text(f"SET LOCAL {setting}"))
        assert "Index Scan using reports_keys" in await plan(connection, "usual")
        await connection.execute(sa.text("DROP INDEX intake.reports_keys"))
        assert "Index" not in await plan(connection, "without")
        await connection.rollback()
        await connection.invalidate()


async def test_a_transaction_that_fails_leaves_nothing(intake: Intake) -> None:
    class Trouble(Exception):
        pass

    with pytest.raises(Trouble):
        async with intake.uow() as uow:
            await submit_reports([submission("k"), submission("l")], uow, projection=intake.projection)
            raise Trouble

    async def fails_late() -> None:
        raise Trouble

    with pytest.raises(Trouble):
        async with intake.uow() as uow:
            await submit_reports([submission("k"), submission("l")], uow, projection=intake.projection)
            uow.before_commit(fails_late)
    assert await intake.counts() == {"reports": 0, "trail": 0, "outbox": 0}
    (receipt,) = await intake.submit(submission("k"))
    assert not receipt.repeated


@pytest.mark.parametrize("under_way", [False, True], ids=["before the work began", "while it is under way"])
async def test_who_stops_waiting_for_an_answer_takes_nobody_along(intake: Intake, under_way: bool) -> None:
    commit, sizes = grouped(intake)
    tasks = [asyncio.create_task(commit.submit(submission(f"k{n}"))) for n in range(6)]
    await asyncio.sleep(0)
    while under_way and not sizes:
        await asyncio.sleep(0)
    tasks[2].cancel()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(answer).__name__ for answer in done].count("Receipt") == 5
    # What was on its way is stored all the same, and a retry under the key finds it.
    assert (await intake.counts())["reports"] == (6 if under_way else 5)
    (again,) = await intake.submit(submission("k2"))
    assert again.repeated == under_way


def serials(receipts: object) -> list[int]:
    return [int(receipt.number[-6:]) for receipt in receipts]


async def test_numbers_run_per_street_and_day_and_nothing_but_a_report_takes_one(intake: Intake) -> None:
    unknown_photo = replace(submission("f"), photos=(new_id(),))
    first, refused, second, again = await intake.answers(
        submission("a"), unknown_photo, submission("b"), submission("a")
    )
    assert isinstance(refused, Invalid)
    assert serials((first, second, again)) == [1, 2, 1]
    assert serials(await intake.submit(submission("b"), submission("c"))) == [2, 3]
    other, here = await intake.submit(replace(submission("d"), home="A3-LW"), submission("e"))
    assert (other.number, here.number) == ("A3-LW-20261118-000001", "A7-QT-20261118-000004")
    intake.clock.advance(timedelta(days=1))
    assert serials(await intake.submit(submission("g"))) == [1]


async def test_a_transaction_that_fails_leaves_no_gap(intake: Intake) -> None:
    with pytest.raises(InterruptedError):
        async with intake.uow() as uow:
            await submit_reports([submission("lost")], uow, projection=intake.projection)
            raise InterruptedError
    assert serials(await intake.submit(submission("kept"))) == [1]


async def test_many_connections_at_once_leave_no_gap_either(intake: Intake) -> None:
    """Also where several send the same: a phone that tries again takes no second number."""
    keys = [f"k{n % 12}" for n in range(40)]
    receipts = [one for many in await asyncio.gather(*(intake.submit(submission(key)) for key in keys)) for one in many]
    assert sorted(set(serials(receipts))) == list(range(1, 13))
