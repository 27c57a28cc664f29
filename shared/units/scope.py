"""The part of the unit tree that a caller may see, as selects that are already filtered by it.

    work_orders = sa.Table(..., info=placed_by("lead_unit", "area"))
    select = Scope(units, caller).select(work_orders)

A table says which of its columns place a row; a row is seen by whoever reaches one of them. Residents reach no unit:
they see what they own, where the table says which column names the owner. A safety manager sees the rows of the own
premises, where the table says which column has their id; where it also names the table of premises (`through`), whoever
reaches the premises now sees the row, wherever it was placed. Reading without a scope is spelled out: `unscoped`, with
the reason.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from shared.auth.principal import Principal, Reach

_PLACED, _OWNED, _PREMISES, _THROUGH = "placed_by", "owned_by", "of_premises", "through"


def placed_by(
    *columns: str, owned_by: str | None = None, of_premises: str | None = None, through: sa.Table | None = None
) -> dict[str, Any]:
    """The `info` of a table: the columns with units' codes that place a row, the one with its owner's subject, and the
    one with the id of the premises whose safety manager sees the row. `through` is the table of these premises, where
    who has them now sees the row, too."""
    return {_PLACED: columns, _OWNED: owned_by, _PREMISES: of_premises, _THROUGH: through}


def places_of(table: sa.Table) -> tuple[str, ...]:
    """The columns with units' codes that place a row; none for a table that does not say."""
    columns: tuple[str, ...] = table.info.get(_PLACED, ())
    return columns


def owner_of(table: sa.Table) -> sa.ColumnElement[str | None]:
    """The column with the subject of a row's owner; NULL for a table that does not say."""
    return _named(table, _OWNED)


def premises_of(table: sa.Table) -> sa.ColumnElement[Any]:
    """The column with the id of a row's premises; NULL for a table that does not say."""
    return _named(table, _PREMISES)


def _named(table: sa.Table, what: str) -> sa.ColumnElement[Any]:
    name: str | None = table.info[what]
    return sa.null() if name is None else table.c[name]


def below(
    units: sa.FromClause, code: str, *, served: bool = False, successions: sa.Table | None = None
) -> sa.Select[Any]:
    """The codes of a unit and of all that lies below it; where `served`, also of the areas it serves and theirs. With
    `successions`, who succeeded whom, also of units that ended and were succeeded by one of these: their past is its own."""
    first = units.c.code == code
    if served:
        first |= units.c.code.in_(sa.select(sa.func.unnest(units.c.serves)).where(units.c.code == code))
    # Without a name of its own: one statement may hold this twice, for two parts of the tree.
    found = sa.select(units.c.code).where(first).cte(recursive=True)
    links: sa.FromClause = units
    if successions is not None:
        links = sa.select(units.c.code, units.c.parent).union_all(succeeded(units, successions)).subquery()
    found = found.union(sa.select(links.c.code).join(found, links.c.parent == found.c.code))
    return sa.select(found.c.code)


def succeeded(units: sa.FromClause, successions: sa.Table) -> sa.Select[Any]:
    """Units that ended, and who succeeds each: of several parts the main one, whose line is the last."""
    line, later = successions.c, successions.alias().c
    ended = sa.exists().where(units.c.code == line.unit, units.c.valid_to.is_not(None))
    further = sa.exists().where(
        later.restructuring == line.restructuring, later.unit == line.unit, later.rank > line.rank
    )
    return sa.select(line.unit, line.successor).where(ended, ~further)


@dataclass(frozen=True, slots=True)
class Scope:
    """What `caller` sees; `units` is a table of units with `code` and `parent`. Where `served`, a department also sees
    what lies in the areas it serves: of the ledgers of places, which it must inspect there. With `successions`, of ledgers of
    what was, a unit also sees what lay in those that it succeeded."""

    units: sa.Table
    caller: Principal
    served: bool = False
    successions: sa.Table | None = None

    def select(self, table: sa.Table, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
        """`columns` (all, where none are named) of the rows of `table` that the caller may see."""
        return sa.select(*(columns or (table,))).select_from(table).where(self.condition(table))

    def condition(self, table: sa.Table) -> sa.ColumnElement[bool]:
        """True for the rows of `table` that the caller may see. KeyError for a table that does not say what places it."""
        reach, own = self.caller.reach, table.info[_PREMISES]
        seen = self._reached(reach, table)
        if reach.premises is not None and own is not None:
            seen = table.c[own] == reach.premises
        owner = table.info[_OWNED]
        return seen if owner is None else seen | (table.c[owner] == self.caller.subject)

    def within(self, unit: str | None, table: sa.Table) -> sa.ColumnElement[bool]:
        """True for the rows that are placed in `unit` or below it (None: anywhere): a filter, beside the condition."""
        return sa.true() if unit is None else self._reached(Reach(unit, everything=False), table)

    def covers(self, column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
        """True where `column` names a unit that the caller reaches."""
        return self._in_reach(self.caller.reach, column)

    def _reached(self, reach: Reach, table: sa.Table) -> sa.ColumnElement[bool]:
        seen = [self._in_reach(reach, table.c[name]) for name in table.info[_PLACED]]
        if (premises := table.info[_THROUGH]) is not None and not reach.everything:
            there = premises.alias()  # of its own: the statement may read premises itself
            places = (self._in_reach(reach, there.c[name]) for name in premises.info[_PLACED])
            seen.append(sa.exists().where(there.c.id == table.c[table.info[_PREMISES]], sa.or_(*places)))
        return sa.or_(*seen)

    def _in_reach(self, reach: Reach, column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        if reach.everything:
            return sa.true()
        if reach.unit is None:
            return sa.false()
        reached = below(self.units, reach.unit, served=self.served, successions=self.successions)
        if isinstance(column.type, sa.ARRAY):  # several units place a row: one of them is enough
            return column.op("&&", is_comparison=True)(sa.func.array(reached.scalar_subquery()))
        return column.in_(reached)


def unscoped(table: sa.Table, *columns: sa.ColumnElement[Any], why: str) -> sa.Select[Any]:
    """A select over all rows, whoever asks. `why` is for the reader."""
    assert why
    return sa.select(*(columns or (table,))).select_from(table)
