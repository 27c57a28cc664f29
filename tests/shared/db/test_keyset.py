"""A walk over pages shows every row once, in order, whatever the order; foreign cursors are refused."""

import base64
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.db.keyset import keyset
from shared.errors import Invalid

pytestmark = pytest.mark.anyio

metadata = sa.MetaData()
things = sa.Table(
    "keyset_things",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("due_at", sa.DateTime(timezone=True)),
    sa.Column("count", sa.Integer, nullable=False),
)
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
ROWS = [
    {
        "id": UUID(int=n + 1),
        "name": f"物{n % 4}",
        "due_at": None if n % 3 == 0 else START + timedelta(hours=n % 5),
        "count": n % 2,
    }
    for n in range(23)
]
ORDERS = {
    "by id": (things.c.id,),
    "by name": (things.c.name, things.c.id),
    "by name from the end": (things.c.name.desc(), things.c.id),
    "by what is due, nothing due last": (things.c.due_at, things.c.id),
    "by what is due from the end": (things.c.due_at.desc(), things.c.id.desc()),
    "mixed": (things.c.count.desc(), things.c.due_at, things.c.name.desc(), things.c.id),
}


@pytest.fixture
async def connection(engine: AsyncEngine):
    async with engine.connect() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.execute(sa.insert(things), ROWS)
        yield connection


async def walk(connection: AsyncConnection, order, limit: int) -> list[UUID]:
    found, after = [], None
    while True:
        page = await keyset(connection, sa.select(things), order, limit=limit, after=after)
        assert page.rows or page.next is None
        found += [row["id"] for row in page.rows]
        if page.next is None:
            return found
        assert len(page.rows) == limit
        after = page.next


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
@pytest.mark.parametrize("limit", [1, 2, 7, 22, 23, 24])
async def test_every_row_once_in_order(connection: AsyncConnection, order, limit: int) -> None:
    whole = sa.select(things.c.id).order_by(*(step.nulls_last() for step in order))
    assert await walk(connection, order, limit) == list((await connection.execute(whole)).scalars())


async def test_rows_that_come_in_between_move_nothing(connection: AsyncConnection) -> None:
    order = (things.c.name, things.c.id)
    first = await keyset(connection, sa.select(things), order, limit=10)
    await connection.execute(sa.insert(things).values(id=UUID(int=99), name="0", count=0))
    rest = await keyset(connection, sa.select(things), order, limit=50, after=first.next)
    assert len({row["id"] for row in (*first.rows, *rest.rows)}) == len(ROWS)
    assert rest.next is None


def encoded(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


async def test_a_cursor_of_another_list_is_refused(connection: AsyncConnection) -> None:
    order = (things.c.due_at, things.c.id)
    page = await keyset(connection, sa.select(things), (things.c.name, things.c.id), limit=1)
    own = await keyset(connection, sa.select(things), order, limit=1)
    mark = json.loads(base64.urlsafe_b64decode(own.next))[0]
    at, key = START.isoformat(), str(UUID(int=1))
    foreign = [page.next, "", "x", "%%%", encoded(), encoded(mark), encoded(mark, at), encoded(mark, at, 1)]
    foreign += [encoded(mark, "2026-03-02T09:00:00", key), encoded(mark, at, key, key), encoded(mark, True, key)]
    foreign += [base64.urlsafe_b64encode(b"\xff\xfe").decode(), encoded({"a": 1}), "null", encoded(mark, at, "id")]
    for cursor in foreign:
        with pytest.raises(Invalid) as refused:
            await keyset(connection, sa.select(things), order, limit=1, after=cursor)
        assert refused.value.code == "cursor_invalid"
        assert refused.value.field == "after"
