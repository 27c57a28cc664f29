"""A frozen dataclass ↔ a row, from the fields of the one and the columns of the other.

    codec = RowCodec(WorkOrder, work_orders, derived={"due_at": lambda order: order.due_at})

A field is the column of its name; a tuple or frozenset an ARRAY or JSONB, a mapping or nested dataclass a JSONB. A nested
dataclass without such a column is one column per field, `<field>_<name>` or by their own names (`columns_of`); an optional
one is None when all its columns are NULL. What has no counterpart fails here, at import, not when it is written.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa

from shared.db.conversions import fields_of, of_column
from shared.units.scope import places_of

T = TypeVar("T")


class _Cell(NamedTuple):
    """One column: how it is taken out of an object, and what its value becomes on both ways."""

    column: sa.Column[Any]
    get: Callable[[Any], Any]
    write: Callable[[Any], Any] | None
    read: Callable[[Any], Any] | None


class _Nested(NamedTuple):
    """The columns from `start` to `end` are one nested object."""

    start: int
    end: int
    make: Callable[..., Any]
    optional: bool


class RowCodec(Generic[T]):
    """`beside` names columns that are no fields: given with the INSERT, or filled by the database. `derived` columns are
    written with every change and never read."""

    def __init__(
        self,
        cls: type[T],
        table: sa.Table,
        *,
        derived: Mapping[str, Callable[[T], Any]] | None = None,
        beside: Sequence[str] = (),
    ) -> None:
        self.table = table
        self._cls = cls
        self._of_field: dict[str, tuple[str, ...]] = {}
        self._nested: list[_Nested] = []
        cells: list[_Cell] = []
        for name, kind, optional in fields_of(cls):
            start = len(cells)
            if name not in table.c and isinstance(kind, type) and is_dataclass(kind):
                first = f"{name}_{next(fields_of(kind))[0]}"
                prefix = f"{name}_" if first in table.c else ""
                for sub, sub_kind, sub_optional in fields_of(kind):
                    cells.append(self._cell(f"{prefix}{sub}", _inner(name, sub, optional=optional), sub_kind))
                    if optional or sub_optional:
                        _check_nullable(cells[-1].column)
                self._nested.append(_Nested(start, len(cells), _maker(kind), optional))
            else:
                cells.append(self._cell(name, attrgetter(name), kind))
                if optional:
                    _check_nullable(cells[-1].column)
            self._of_field[name] = tuple(cell.column.name for cell in cells[start:])
        self._derived = tuple(derived or ())
        self.columns: tuple[sa.Column[Any], ...] = tuple(cell.column for cell in cells)
        """What `sa.select` must begin with for `of_values`."""
        cells += [_Cell(table.c[name], get, None, None) for name, get in (derived or {}).items()]
        self._cells = {cell.column.name: cell for cell in cells}
        self.names = tuple(self._cells)
        """The columns that are written."""
        self._places = [self._cells[name].get for name in places_of(table)]
        self.beside = tuple(table.c[name].name for name in beside)
        self._reads = [(at, cell.read) for at, cell in enumerate(cells) if cell.read is not None]
        self._make = _maker(cls)
        self._width = len(self.columns)
        self._by_name = itemgetter(*(column.name for column in self.columns))
        if len(self._cells) < len(cells):
            raise TypeError(f"{cls.__name__}: two fields have one column of {table.name}")
        if missing := table.c.keys() - self._cells.keys() - set(self.beside):
            raise TypeError(f"{cls.__name__} has no field for {table.name}: {', '.join(sorted(missing))}")

    def places(self, of: T) -> list[str]:
        """The codes of the units that place an object (`placed_by`): they say who may know of it."""
        codes: list[str] = []
        for get in self._places:
            value = get(of)
            if isinstance(value, str):
                codes.append(value)
            elif value is not None:
                codes += value
        return codes

    def columns_of(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The columns to write where only the fields `names` changed: theirs, the version and all that is derived."""
        return _columns_of(self, names)

    def arrays(self, names: Sequence[str], objects: Sequence[T]) -> dict[str, list[Any]]:
        """For each column of `names` the values of all objects, in their order."""
        arrays = {}
        for name in names:
            _, get, write, _ = self._cells[name]
            values = map(get, objects)
            arrays[name] = list(values) if write is None else [None if v is None else write(v) for v in values]
        return arrays

    def values(self, of: T) -> dict[str, Any]:
        """The row of one object."""
        return {name: column[0] for name, column in self.arrays(self.names, [of]).items()}

    def of(self, row: Mapping[Any, Any]) -> T:
        """The object of a row by names; other columns may be in it."""
        return self.of_values(self._by_name(row))

    def of_values(self, row: Sequence[Any]) -> T:
        """The object of values in the order of `columns`; more may follow."""
        values = list(row[: self._width])
        for at, read in self._reads:
            if (value := values[at]) is not None:
                values[at] = read(value)
        for start, end, make, optional in reversed(self._nested):
            inner = values[start:end]
            values[start:end] = [None if optional and all(v is None for v in inner) else make(*inner)]
        return self._make(*values)  # type: ignore[no-any-return]  # `T`'s constructor

    def _cell(self, name: str, get: Callable[[Any], Any], kind: Any) -> _Cell:
        column = self.table.c.get(name)
        if column is None:
            raise TypeError(f"{self.table.name} has no column for {self._cls.__name__}: {name}")
        try:
            conversion = of_column(kind, column)
        except TypeError as error:
            raise TypeError(f"{self._cls.__name__}, column {name}: {error}") from None
        return _Cell(column, get, conversion.write, conversion.read)


@lru_cache(maxsize=1000)
def _columns_of(codec: RowCodec[Any], names: tuple[str, ...]) -> tuple[str, ...]:
    wanted = [column for name in (*names, "version") for column in codec._of_field[name]]  # noqa: SLF001 - its own file
    return tuple(dict.fromkeys((*wanted, *codec._derived)))  # noqa: SLF001 - its own file


def _maker(cls: Any) -> Callable[..., Any]:
    """The constructor with all fields in order."""
    names = [field.name for field in fields(cls)]
    if any(field.kw_only for field in fields(cls)):
        return lambda *values: cls(**dict(zip(names, values, strict=True)))
    return cls  # type: ignore[no-any-return]  # `T`'s constructor


def _inner(outer: str, name: str, *, optional: bool) -> Callable[[Any], Any]:
    if not optional:
        return attrgetter(f"{outer}.{name}")
    of_outer, of_inner = attrgetter(outer), attrgetter(name)
    return lambda value: None if (nested := of_outer(value)) is None else of_inner(nested)


def _check_nullable(column: sa.Column[Any]) -> None:
    if not column.nullable:
        raise TypeError(f"{column.table.name}.{column.name} is NOT NULL, and its field may be None")
