"""The columns of a dataclass: one of each field, with its name and type, NOT NULL unless the field may be None.

    posts = sa.Table("posts", metadata, *columns_of(Post), sa.Index("posts_person", "person"), info=placed_by("unit"))

Texts, enums and limits are TEXT, numbers INTEGER or DOUBLE PRECISION, instants TIMESTAMPTZ; several of such an ARRAY; the
rest JSONB. What the fields do not say (keys, other columns, why) stands beside them, and each migration spells out its own.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Literal, get_args, get_origin
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, JSONB
from sqlalchemy.types import TypeEngine

from shared.db.conversions import fields_of, is_limit, without_none

_TYPES: Final[dict[type, TypeEngine[Any]]] = {
    str: sa.Text(),
    bool: sa.Boolean(),
    int: sa.Integer(),
    float: sa.Double(),
    datetime: sa.DateTime(timezone=True),
    date: sa.Date(),
    Decimal: sa.Numeric(),
    Enum: sa.Text(),
    UUID: sa.Uuid(),
    bytes: BYTEA(),
}
"""A class that derives from one of these has its type: a StrEnum is a str, an IntEnum an int."""


def columns_of(
    cls: type[Any],
    *,
    flat: Collection[str] = (),
    prefixed: Collection[str] = (),
    but: Collection[str] = (),
    key: Collection[str] = ("id",),
) -> Iterator[sa.Column[Any]]:
    """The fields of a nested dataclass in `flat` are columns of their own names, in `prefixed` of `<field>_<name>`. `but`
    names columns that stand beside these, `key` those of the primary key."""
    for name, kind, optional in _named(cls, flat, prefixed):
        if name not in but:
            yield sa.Column(name, _type(kind), primary_key=name in key, nullable=optional)


def _named(cls: type[Any], flat: Collection[str], prefixed: Collection[str]) -> Iterator[tuple[str, Any, bool]]:
    for name, kind, optional in fields_of(cls):
        if name not in flat and name not in prefixed:
            yield name, kind, optional
            continue
        prefix = f"{name}_" if name in prefixed else ""
        for inner, inner_kind, inner_optional in fields_of(kind):
            yield f"{prefix}{inner}", inner_kind, optional or inner_optional


def _type(kind: Any) -> TypeEngine[Any]:
    several = get_origin(kind) in (tuple, frozenset)
    scalar = _scalar(without_none(get_args(kind)[0])[0] if several else kind)
    if scalar is None:
        # Plain NULL for None, not the JSON value null.
        return JSONB(none_as_null=True)
    return ARRAY(scalar) if several else scalar


def _scalar(kind: Any) -> TypeEngine[Any] | None:
    if is_limit(kind) or get_origin(kind) is Literal:
        return _TYPES[str]
    kinds = kind.__mro__ if isinstance(kind, type) else ()
    return next((_TYPES[one] for one in kinds if one in _TYPES), None)
