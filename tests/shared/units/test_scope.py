"""Who sees which rows: by the columns that place them, or by owning them."""

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.auth.principal import Principal, Role
from shared.units.scope import Scope, placed_by, unscoped

pytestmark = pytest.mark.anyio

metadata = sa.MetaData()
units = sa.Table("scope_units", metadata, sa.Column("code", sa.Text, primary_key=True), sa.Column("parent", sa.Text))
things = sa.Table(
    "scope_things",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("lead", sa.Text),
    sa.Column("area", sa.Text, nullable=False),
    sa.Column("sender", sa.Text, nullable=False),
    # Several units at once: one of them is enough.
    sa.Column("sides", sa.ARRAY(sa.Text), nullable=False),
    info=placed_by("lead", "area", "sides", owned_by="sender"),
)
TREE = {"A": None, "A1": "A", "A1-01": "A1", "A2": "A", "A2-01": "A2", "A-D": "A"}
ROWS = (
    ("led from above", "A-D", "A1-01", "ann", []),
    ("led by nobody", None, "A2-01", "ann", []),
    ("of the city", "A-D", "A", "bob", []),
    ("of two sides", None, "A", "bob", ["A2-01", "B"]),
)
EVERYTHING = {name for name, *_ in ROWS}
SEEN = (
    (Principal("x", Role.ADMIN), EVERYTHING),
    (Principal("x", Role.DISPATCHER), set()),
    (Principal("x", Role.ADMIN, "A"), EVERYTHING),
    (Principal("x", Role.DISPATCHER, "A1"), {"led from above"}),
    (Principal("x", Role.DISPATCHER, "A2"), {"led by nobody", "of two sides"}),
    (Principal("x", Role.DEPARTMENT_HANDLER, "A-D"), {"led from above", "of the city"}),
    (Principal("x", Role.DISPATCHER, "no such unit"), set()),
    (Principal("ann", Role.RESIDENT, "A2"), {"led from above", "led by nobody"}),
    (Principal("eve", Role.RESIDENT, "A"), set()),
    (Principal("bob", Role.GRID_WORKER, "A1-01"), {"led from above", "of the city", "of two sides"}),
)


@pytest.fixture
async def connection(engine: AsyncEngine):
    async with engine.connect() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.execute(sa.insert(units), [{"code": c, "parent": p} for c, p in TREE.items()])
        await connection.execute(
            sa.insert(things),
            [dict(zip(("name", "lead", "area", "sender", "sides"), row, strict=True)) for row in ROWS],
        )
        yield connection


async def test_a_caller_sees_what_is_placed_in_reach_and_what_is_their_own(connection: AsyncConnection) -> None:
    for caller, expected in SEEN:
        found = await connection.execute(Scope(units, caller).select(things, things.c.name))
        assert set(found.scalars()) == expected, caller


async def test_a_filter_by_unit_never_widens_what_is_seen(connection: AsyncConnection) -> None:
    scope = Scope(units, Principal("x", Role.DISPATCHER, "A1"))
    for unit, expected in (("A1-01", {"led from above"}), ("A2", set()), ("A", {"led from above"})):
        found = await connection.execute(scope.select(things, things.c.name).where(scope.within(unit, things)))
        assert set(found.scalars()) == expected, unit


async def test_unscoped_reads_all(connection: AsyncConnection) -> None:
    found = await connection.execute(unscoped(things, things.c.name, why="the test"))
    assert set(found.scalars()) == EVERYTHING


def test_a_table_that_does_not_say_what_places_it_cannot_be_read() -> None:
    with pytest.raises(KeyError):
        Scope(units, Principal("x", Role.ADMIN)).select(units)
