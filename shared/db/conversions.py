"""How a value of a declared type is stored and read again, in a column of its own or inside JSON.

A conversion is None where the driver gives and takes the value as it is. None never reaches one: NULL stays None.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, NewType, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import sqlalchemy as sa

from shared.worktime.limits import Limit, parse_limit

_LIMITS = frozenset(get_args(Limit))
_parse_limit = lru_cache(maxsize=1000)(parse_limit)
_AS_TEXT: Mapping[type, Callable[[str], Any]] = {
    UUID: UUID,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    Decimal: Decimal,
}


class Conversion(NamedTuple):
    write: Callable[[Any], Any] | None = None
    read: Callable[[Any], Any] | None = None


AS_IS = Conversion()


def without_none(kind: Any) -> tuple[Any, bool]:
    """The type without None, and whether None was allowed."""
    if isinstance(kind, NewType):
        return without_none(kind.__supertype__)
    if get_origin(kind) not in (Union, UnionType):
        return kind, False
    kinds = tuple(one for one in get_args(kind) if one is not NoneType)
    return (kinds[0] if len(kinds) == 1 else Union[kinds]), len(kinds) < len(get_args(kind))  # noqa: UP007 - made of a tuple


def fields_of(cls: type[Any]) -> Iterator[tuple[str, Any, bool]]:
    """Each field of a dataclass: its name, its type without None, and whether None is allowed."""
    hints = get_type_hints(cls)
    for field in fields(cls):
        if not field.init:
            raise TypeError(f"{cls.__name__}.{field.name} is not given to the constructor, so it cannot be read back")
        yield field.name, *without_none(hints[field.name])


def of_column(kind: Any, column: sa.Column[Any]) -> Conversion:
    """For a value of the type `kind` (without None) in `column`. Raises TypeError for what cannot be stored there."""
    if isinstance(column.type, sa.JSON):
        return _in_json(kind)
    origin = get_origin(kind)
    if isinstance(column.type, sa.ARRAY):
        if origin not in (tuple, frozenset):
            raise TypeError(f"an ARRAY holds a tuple[X, ...] or a frozenset[X], not {kind}")
        return _many(kind, lambda item: _scalar(item) or AS_IS)
    if (origin is not None and origin is not Literal and not is_limit(kind)) or is_dataclass(kind):
        raise TypeError(f"{kind} needs an ARRAY, a JSONB column, or columns of its fields")
    return _scalar(kind) or AS_IS


def is_limit(kind: Any) -> bool:
    """Whether it is a limit in working or plain time, which is stored as text."""
    return frozenset(get_args(kind)) == _LIMITS or kind in _LIMITS


def _scalar(kind: Any) -> Conversion | None:
    """Enums and limits, which are written the same way everywhere."""
    if is_limit(kind):
        return Conversion(str, _parse_limit)
    if isinstance(kind, type) and issubclass(kind, Enum):
        # Members of these two are texts and numbers already.
        plain = issubclass(kind, (StrEnum, IntEnum))
        return Conversion(None if plain else lambda member: member.value, _Members(kind).__getitem__)
    return None


def _in_json(kind: Any) -> Conversion:
    kind, _ = without_none(kind)
    if scalar := _scalar(kind):
        return scalar
    origin = get_origin(kind)
    if origin in (tuple, frozenset):
        return _many(kind, _in_json)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        item = _in_json(get_args(kind)[1])
        write, read = _nullable(item.write), _nullable(item.read)
        return Conversion(
            lambda value: {key: write(one) for key, one in value.items()},
            lambda value: {key: read(one) for key, one in value.items()},
        )
    if is_dataclass(kind) and isinstance(kind, type):
        return _object(kind)
    text = _AS_TEXT.get(kind) if isinstance(kind, type) else None
    if text is not None:
        return Conversion(str if kind in (UUID, Decimal) else lambda value: value.isoformat(), text)
    if kind in (str, int, float, bool, Any, object, dict, Mapping) or origin is Literal:
        return AS_IS
    raise TypeError(f"{kind} has no form in JSON")


def _many(kind: Any, of_item: Callable[[Any], Conversion]) -> Conversion:
    made: Any = get_origin(kind)
    arguments = get_args(kind)
    if made is tuple and arguments[1:] != (...,):
        raise TypeError(f"{kind}: only tuples of one type and any length are stored")
    item = of_item(arguments[0])
    write, read = _nullable(item.write), _nullable(item.read)
    # A set in one order, so that the same state is always the same row.
    ordered: Callable[[Any], Any] = sorted if made is frozenset else iter
    return Conversion(lambda value: [write(one) for one in ordered(value)], lambda value: made(map(read, value)))


def _object(kind: type) -> Conversion:
    hints = get_type_hints(kind)
    parts = {field.name: _in_json(hints[field.name]) for field in fields(kind)}
    writes = {name: _nullable(part.write) for name, part in parts.items()}
    reads = {name: _nullable(part.read) for name, part in parts.items()}
    return Conversion(
        lambda value: {name: write(getattr(value, name)) for name, write in writes.items()},
        # A field that came after the row was written has its default.
        lambda value: kind(**{name: read(value[name]) for name, read in reads.items() if name in value}),
    )


def _nullable(convert: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    if convert is None:
        return lambda value: value
    return lambda value: None if value is None else convert(value)


class _Members(dict[Any, Enum]):
    """Members by value: a look-up costs a tenth of calling the class, which is left to say what is no member."""

    def __init__(self, kind: type[Enum]) -> None:
        super().__init__({member.value: member for member in kind})
        self._kind = kind

    def __missing__(self, value: Any) -> Enum:
        return self._kind(value)
