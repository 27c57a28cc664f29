"""Units as rows: the newest version of each, the history beside it, and what the rules look at."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.registry.units.boundary import TOLERANCE, bounds
from services.registry.units.names import names_of, parts_of, terms_of
from services.registry.units.table import unit_versions, units
from services.registry.units.unit import Unit, UnitState, ancestors
from shared.change import Change
from shared.db.aggregates import Aggregates
from shared.db.history import keep_versions
from shared.db.rowcodec import RowCodec
from shared.units.scope import below

_TERMS: dict[str, Callable[[Unit], Any]] = {"terms": lambda unit: terms_of(unit.state)}
HISTORY = RowCodec(Unit, unit_versions, beside=("recorded_at",), derived=_TERMS)


class Units(Aggregates[Unit]):
    """Writers hold the registry's lock (`write_lock.alone`), so what is read here stays as it is."""

    kind = "unit"
    codec = RowCodec(
        Unit,
        units,
        derived={
            "bounds": lambda unit: bounds(unit.state.boundary),
            "names": lambda unit: list(names_of(unit.state)),
            **_TERMS,
        },
    )

    async def any(self) -> bool:
        return bool(await self._uow.connection.scalar(sa.select(sa.exists(sa.select(units.c.id)))))

    async def all(self) -> dict[str, Unit]:
        return await self._found(sa.true())

    async def by_code(self, code: str) -> Unit | None:
        """The newest version, whether the unit exists today or not."""
        return (await self._found(units.c.code == code)).get(code)

    async def ancestors(self, code: str) -> list[UnitState]:
        """The unit, its parent, and so on up to the root, as they are now; empty for unknown codes."""
        found = await self.with_ancestors(units.c.code == code)
        return list(ancestors({unit.state.code: unit.state for unit in found.values()}, code))

    async def around(self, state: UnitState, day: date) -> dict[str, Unit]:
        """What the rules look at: the unit, its parent, what it serves; of what exists on `day` the boundaries below it
        or where its own may touch them, departments with its functions, and whoever is called as it is or as a part of
        that; and all ancestors of these."""
        wanted = units.c.code.in_([code for code in (state.code, state.parent, *state.serves) if code is not None])
        near: sa.ColumnElement[bool] = units.c.code.in_(below(units, state.code))
        if (box := bounds(state.boundary)) is not None:
            west, south, east, north = (units.c.bounds[at] for at in (1, 2, 3, 4))
            near |= (
                (west <= box[2] + TOLERANCE) & (east >= box[0] - TOLERANCE)
                & (south <= box[3] + TOLERANCE) & (north >= box[1] - TOLERANCE)
            )  # fmt: skip
        rivals = units.c.names.overlap(sorted(parts_of(names_of(state))))
        if state.functions:
            rivals |= units.c.functions.overlap(list(state.functions))
        there = (near & units.c.bounds.is_not(None)) | rivals
        return await self.with_ancestors(wanted | (there & exists_on(units, day)))

    def state(self, *changes: Change[Unit]) -> None:
        """Write new versions with this transaction, of units that are new and of others."""
        for change in changes:
            (self.add if change.after.version == 1 else self.put)(change)

    async def written(self, changes: Sequence[Change[Unit]]) -> None:
        await keep_versions(self._uow, HISTORY, changes)

    async def with_ancestors(self, start: sa.ColumnElement[bool]) -> dict[str, Unit]:
        up = sa.select(units.c.code, units.c.parent).where(start).cte(recursive=True)
        up = up.union(sa.select(units.c.code, units.c.parent).join(up, units.c.code == up.c.parent))
        return await self._found(units.c.code.in_(sa.select(up.c.code)))

    async def _found(self, condition: sa.ColumnElement[bool]) -> dict[str, Unit]:
        await self.flush()
        rows = await self._uow.connection.execute(sa.select(*self.codec.columns).where(condition))
        return {unit.state.code: unit for unit in map(self.codec.of_values, rows)}


def exists_on(rows: sa.FromClause, day: date) -> sa.ColumnElement[bool]:
    """True for what exists on a local day: from `valid_from` to the day before `valid_to`."""
    return (rows.c.valid_from <= day) & (rows.c.valid_to.is_(None) | (rows.c.valid_to > day))
