"""A toy aggregate with a field of every kind that a row codec knows, its table and stores, in the probe's schema."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum, IntEnum, StrEnum
from itertools import count
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from shared.change import Change
from shared.db.aggregates import Aggregates
from shared.db.columns import columns_of
from shared.db.rowcodec import RowCodec
from shared.ids import new_id
from shared.worktime.limits import Limit, WallClock, WorkingDays
from tests.shared.probe import BY, Probe

_numbers = count(1)
AT = datetime(2026, 11, 18, 2, tzinfo=UTC)


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Level(IntEnum):
    LOW = 1
    HIGH = 2


class Side(Enum):
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Place:
    street: str
    house: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    limit: Limit
    colours: tuple[Colour, ...] = ()
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Card:
    id: UUID
    number: str
    limit: Limit
    place: Place
    version: int = 1
    colour: Colour = Colour.RED
    level: Level = Level.LOW
    side: Side | None = None
    title: str | None = None
    colours: tuple[Colour, ...] = ()
    days: tuple[date, ...] = ()
    tags: frozenset[str] = frozenset()
    home: Place | None = None
    shape: Mapping[str, Any] | None = None
    first: Step | None = None
    steps: tuple[Step, ...] = ()
    by_name: Mapping[str, Step] = field(default_factory=dict)

    @property
    def due_at(self) -> datetime:
        return AT + timedelta(hours=self.level)


def full() -> Card:
    """A card with something in every field that is not the default."""
    step = Step(AT, WorkingDays(5), (Colour.GREEN,), new_id())
    return Card(
        id=new_id(), number=f"C-{next(_numbers)}", limit=WallClock(timedelta(hours=4)), place=Place("A", 1),
        colour=Colour.GREEN, level=Level.HIGH, side=Side.LEFT, title='半"引\\号', colours=(Colour.GREEN, Colour.RED),
        days=(date(2026, 11, 18),), tags=frozenset({"b", 'a,"\\'}), home=Place("B", 2),
        shape={"type": "Point", "coordinates": [1.5, None]}, first=step, steps=(step, step), by_name={"x": step},
    )  # fmt: skip


def card(**values: Any) -> Card:
    return Card(
        **{"id": new_id(), "number": f"C-{next(_numbers)}", "limit": WorkingDays(1), "place": Place("A"), **values}
    )


def added(new: Card) -> Change[Card]:
    return Change(new, "add", BY, AT)


def card_table(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "cards", metadata,
        *columns_of(Card, flat=("place",), prefixed=("home",), but=("level",)),
        sa.Column("level", sa.SmallInteger, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.Text),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.UniqueConstraint("number"),
    )  # fmt: skip


def card_codec(table: sa.Table) -> RowCodec[Card]:
    return RowCodec(Card, table, derived={"due_at": lambda card: card.due_at}, beside=("origin", "stored_at"))


@dataclass(frozen=True, slots=True)
class Cards:
    """The stores of one probe: `plain`, and `natural` with the number as its key, which ignores what is there."""

    table: sa.Table
    plain: type[Aggregates[Card]]
    natural: type[Aggregates[Card]]


@pytest.fixture
async def cards(probe: Probe) -> Cards:
    table = card_table(probe.tables.metadata)
    async with probe.engine.begin() as connection:
        await connection.run_sync(table.create)

    class Plain(Aggregates[Card]):
        kind = "card"
        codec = card_codec(table)

    class Natural(Plain):
        natural = ("number",)

    return Cards(table, Plain, Natural)
