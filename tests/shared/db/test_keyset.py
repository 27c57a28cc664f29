"""A walk over pages shows every row once, in order, whatever the order; foreign cursors are refused."""

import base64
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.db import keyset as paging
from shared.db.keyset import Page, Paged
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
    sa.Column("score", sa.Numeric(8, 2), nullable=False),
)
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
ROWS = [
    {
        "id": UUID(int=n + 1),
        "name": f"物{n % 4}",
        "due_at": None if n % 3 == 0 else START + timedelta(hours=n % 5),
        "count": n % 2,
        "score": Decimal(n % 5) / 4,
    }
    for n in range(23)
]
ORDERS = {
    "by id": (things.c.id,),
    "by name": (things.c.name, things.c.id),
    "by name from the end": (things.c.name.desc(), things.c.id),
    "by what is due, nothing due last": (things.c.due_at, things.c.id),
    "by what is due from the end": (things.c.due_at.desc(), things.c.id.desc()),
    "by score": (things.c.score.desc(), things.c.id),
    "mixed": (things.c.count.desc(), things.c.due_at, things.c.name.desc(), things.c.id),
}


@pytest.fixture
async def connection(engine: AsyncEngine):
    async with engine.connect() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.execute(sa.insert(things), ROWS)
        yield connection


async def page_of(connection: AsyncConnection, order, *, limit: int, after: str | None = None) -> Page[sa.RowMapping]:
    return await Paged(connection, sa.select(things), order, lambda row: row).page(limit, after)


async def walk(connection: AsyncConnection, order, limit: int) -> list[UUID]:
    found, after = [], None
    while True:
        page = await page_of(connection, order, limit=limit, after=after)
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


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
async def test_all_of_a_list_is_its_pages_and_other_statements_may_run_in_between(
    connection: AsyncConnection, order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "_AT_ONCE", 5)
    found, parts = [], 0
    async for part in Paged(connection, sa.select(things), order, lambda row: row["id"]).whole():
        assert await connection.scalar(sa.select(sa.func.count()).select_from(things)) == len(ROWS)
        found, parts = [*found, *part], parts + 1
    assert parts == 5
    assert found == await walk(connection, order, 7)


async def test_rows_that_come_in_between_move_nothing(connection: AsyncConnection) -> None:
    order = (things.c.name, things.c.id)
    first = await page_of(connection, order, limit=10)
    await connection.execute(sa.insert(things).values(id=UUID(int=99), name="0", count=0, score=0))
    rest = await page_of(connection, order, limit=50, after=first.next)
    assert len({row["id"] for row in (*first.rows, *rest.rows)}) == len(ROWS)
    assert rest.next is None


def encoded(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


async def test_a_cursor_of_another_list_is_refused(connection: AsyncConnection) -> None:
    order = (things.c.due_at, things.c.id)
    page = await page_of(connection, (things.c.name, things.c.id), limit=1)
    own = await page_of(connection, order, limit=1)
    mark = json.loads(base64.urlsafe_b64decode(own.next))[0]
    at, key = START.isoformat(), str(UUID(int=1))
    foreign = [page.next, "", "x", "%%%", encoded(), encoded(mark), encoded(mark, at), encoded(mark, at, 1)]
    foreign += [encoded(mark, "2026-03-02T09:00:00", key), encoded(mark, at, key, key), encoded(mark, True, key)]
    foreign += [base64.urlsafe_b64encode(b"\xff\xfe").decode(), encoded({"a": 1}), "null", encoded(mark, at, "id")]
    for cursor in foreign:
        with pytest.raises(Invalid) as refused:
            await page_of(connection, order, limit=1, after=cursor)
        assert refused.value.code == "cursor_invalid"
        assert refused.value.field == "after"


MADE_UP = {
    "a text with NUL": (things.c.name, "a\x00"),
    "half a character": (things.c.name, "\ud800"),
    "a number too large": (things.c.count, 2**63),
    "an instant before all days": (things.c.due_at, "0001-01-01T00:00:00+23:59"),
    "an instant after all days": (things.c.due_at, "9999-12-31T23:59:59-23:59"),
    "no name where all have one": (things.c.name, None),
}


@pytest.mark.parametrize(("column", "value"), MADE_UP.values(), ids=MADE_UP)
async def test_a_cursor_that_was_made_up_never_reaches_the_database(connection: AsyncConnection, column, value) -> None:
    order = (column, things.c.id)
    own = await page_of(connection, order, limit=1)
    mark = json.loads(base64.urlsafe_b64decode(own.next))[0]
    with pytest.raises(Invalid, match="cursor_invalid"):
        made_up = encoded(mark, value, str(UUID(int=1)))
        await page_of(connection, order, limit=1, after=made_up)


async def test_a_cursor_of_endless_brackets_is_refused(connection: AsyncConnection) -> None:
    with pytest.raises(Invalid, match="cursor_invalid"):
        brackets = base64.urlsafe_b64encode(b"[" * 6000).decode()
        await page_of(connection, (things.c.id,), limit=1, after=brackets)


async def test_a_page_of_long_texts_ends_before_its_limit_and_no_row_is_lost(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each name counts as six bytes: the second is beyond nine, and one alone is a page if it must be."""
    for largest, count in ((9, 2), (1, 1)):
        monkeypatch.setattr("shared.db.keyset.LARGEST_PAGE", largest)
        pages = [await page_of(connection, (things.c.id,), limit=50)]
        while pages[-1].next is not None:
            pages.append(await page_of(connection, (things.c.id,), limit=50, after=pages[-1].next))
        assert {len(page.rows) for page in pages[:-1]} == {count}
        assert [row["id"] for page in pages for row in page.rows] == [row["id"] for row in ROWS]
