"""Rows appended in bulk belong to the transaction they were given to, from its very first statement on."""

import pytest
from sqlalchemy.exc import DBAPIError

from shared.db.bulk import append_rows
from shared.db.transient import is_transient
from tests.conftest import NOON
from tests.shared.probe import Probe

pytestmark = pytest.mark.anyio
NAMES = ("topic", "key", "headers", "value", "at")
ROWS = [("topic", f"key {i}", "{}", b"\x00\xff" if i % 2 else None, NOON) for i in range(2500)]


async def test_rows_come_whole_and_in_their_order_with_the_commit(probe: Probe) -> None:
    async with probe.engine.begin() as connection:
        await append_rows(connection, probe.tables.outbox, NAMES, ROWS)
        assert await probe.count(probe.tables.outbox) == 0
    found = await probe.rows(probe.tables.outbox)
    assert [(row.topic, row.key, row.headers, row.value, row.at) for row in found] == ROWS


async def test_rows_that_were_the_first_of_a_transaction_go_with_it(probe: Probe) -> None:
    async with probe.engine.connect() as connection, connection.begin() as transaction:
        await append_rows(connection, probe.tables.outbox, NAMES, ROWS)
        await transaction.rollback()
    assert await probe.count(probe.tables.outbox) == 0


async def test_a_connection_that_dies_while_rows_are_appended_leaves_nothing_and_reads_as_passing(probe: Probe) -> None:
    await probe.sql(
        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$",
        "CREATE TRIGGER die AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION die()",
    )
    with pytest.raises(DBAPIError) as caught:
        async with probe.uow() as uow:
            await uow.add(probe.new())
    assert is_transient(caught.value)
    assert (await probe.everything())["things"] == 0
    await probe.sql("DROP TRIGGER die ON outbox")
    await probe.publish()
    assert (await probe.everything())["things"] == 1, "the pool did not replace the connection"
