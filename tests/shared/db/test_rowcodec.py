"""A dataclass becomes a row and comes back; what has no counterpart is found when the codec is made."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from shared.db.rowcodec import RowCodec
from tests.shared.db.cards import Card, Colour, Level, Place, card, card_codec, card_table, full

CODEC = card_codec(card_table(sa.MetaData()))


@pytest.mark.parametrize("of", [full(), card()], ids=["full", "bare"])
def test_what_is_written_comes_back_by_name_and_by_place(of: Card) -> None:
    row = CODEC.values(of)
    assert CODEC.of({**row, "origin": "x"}) == of
    assert CODEC.of_values([row[column.name] for column in CODEC.columns] + ["more"]) == of


def test_a_row_holds_what_the_driver_takes() -> None:
    row = CODEC.values(full())
    assert (row["limit"], row["street"], row["home_house"], row["side"]) == ("4h", "A", 2, "left")
    assert row["tags"] == ['a,"\\', "b"], "sets in one order"
    assert row["first"]["limit"] == "5wd"
    assert row["due_at"].hour == 4


def test_an_optional_nested_object_is_none_when_all_its_columns_are() -> None:
    assert CODEC.values(card())["home_street"] is None
    row = CODEC.values(replace(card(), home=Place("B")))
    assert CODEC.of(row).home == Place("B")


def test_an_unknown_member_is_named() -> None:
    with pytest.raises(ValueError, match="'blue' is not a valid Colour"):
        CODEC.of({**CODEC.values(card()), "colour": "blue"})


def test_the_columns_of_some_fields_bring_the_version_and_what_is_derived() -> None:
    assert CODEC.columns_of(("level", "home")) == ("level", "home_street", "home_house", "version", "due_at")


@dataclass(frozen=True)
class Small:
    id: UUID
    name: str | None = None
    colours: tuple[Colour, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, kw_only=True)
class ByKeyword:
    level: Level = Level.LOW
    name: str


@dataclass(frozen=True)
class Computed:
    id: UUID
    name: str = field(init=False, default="x")


def table(*columns: sa.Column[Any]) -> sa.Table:
    return sa.Table("small", sa.MetaData(), *columns)


ID, NAME = ("id", sa.Uuid), ("name", sa.Text)
FITTING = (*[sa.Column(*ID), sa.Column(*NAME), sa.Column("colours", ARRAY(sa.Text)), sa.Column("place", JSONB)],)


@pytest.mark.parametrize(
    ("columns", "options", "says"),
    [
        (("name", "colours", "place"), {}, "no column for Small: id"),
        (("id", "name", "colours", "place", "more"), {}, "no field for small: more"),
        (("id", "name!", "colours", "place"), {}, "small.name is NOT NULL"),
        (("id", "name", "colours", "place:text"), {}, "column place: .*needs an ARRAY"),
        (("id", "name", "colours:text", "place"), {}, "column colours: .*needs an ARRAY"),
        (("id", "name:array", "colours", "place"), {}, "column name: an ARRAY holds a tuple"),
        (("id", "name", "colours", "place_street", "place_house!"), {}, "place_house is NOT NULL"),
        (("id", "name", "colours", "place"), {"derived": {"name": str}}, "two fields have one column"),
    ],
)  # fmt: skip
def test_what_has_no_counterpart_fails_at_once(columns: tuple[str, ...], options: dict[str, Any], says: str) -> None:
    kinds: dict[str, Any] = {
        "id": sa.Uuid, "colours": ARRAY(sa.Text), "place": JSONB, "text": sa.Text, "array": ARRAY(sa.Text),
        "place_house": sa.Integer,
    }  # fmt: skip
    made = []
    for word in columns:
        name, _, kind = word.rstrip("!").partition(":")
        made.append(sa.Column(name, kinds.get(kind or name, sa.Text), nullable=not word.endswith("!")))
    with pytest.raises(TypeError, match=says):
        RowCodec(Small, table(*made), **options)


def test_what_fits_is_taken() -> None:
    codec = RowCodec(Small, table(*(sa.Column(c.name, c.type) for c in FITTING)))
    small = Small(UUID(int=1), None, (Colour.RED,), Place("A"))
    assert codec.of(codec.values(small)) == small


def test_fields_by_keyword_are_filled_by_keyword() -> None:
    codec = RowCodec(ByKeyword, table(sa.Column("level", sa.SmallInteger), sa.Column("name", sa.Text)))
    assert codec.of(codec.values(ByKeyword(level=Level.HIGH, name="x"))) == ByKeyword(level=Level.HIGH, name="x")


def test_a_field_that_the_constructor_does_not_take_is_refused() -> None:
    with pytest.raises(TypeError, match="not given to the constructor"):
        RowCodec(Computed, table(sa.Column("id", sa.Uuid), sa.Column("name", sa.Text)))
