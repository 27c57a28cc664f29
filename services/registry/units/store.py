"""Units as rows: loading for a change, and writing the new version into the present state and the history."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from services.registry.schema import unit_versions, units
from services.registry.units.kinds import Kind
from services.registry.units.unit import Facts, Unit
from shared.change import Change
from shared.db.unit_of_work import UnitOfWork

_KIND = "unit"
_FACTS = tuple(field.name for field in fields(Facts))
_LISTS = ("aliases", "functions", "serves")


class Units:
    """Writers hold the registry's lock (`RegistryUnitOfWork.alone`), so what is loaded here stays as it is."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._changed: list[Change[Unit]] = []
        uow.before_commit(self._write)

    async def any(self) -> bool:
        return bool(await self._uow.connection.scalar(sa.select(sa.exists(sa.select(units.c.id)))))

    async def load(self, codes: Iterable[str]) -> dict[str, Unit]:
        """The units among `codes` that there are, whether valid today or not."""
        rows = await self._uow.connection.execute(
            sa.select(units).where(units.c.code == sa.any_(sa.bindparam("codes", type_=sa.ARRAY(sa.Text)))),
            {"codes": list(set(codes))},
        )
        return {row["code"]: unit_of(row) for row in rows.mappings()}

    async def all(self) -> dict[str, Unit]:
        rows = await self._uow.connection.execute(sa.select(units))
        return {row["code"]: unit_of(row) for row in rows.mappings()}

    async def below(self, code: str, day: date) -> list[str]:
        """Codes of the units that hang directly under `code` on a local day."""
        valid = (units.c.valid_from <= day) & (units.c.valid_to.is_(None) | (units.c.valid_to > day))
        rows = await self._uow.connection.execute(
            sa.select(units.c.code).where(units.c.parent == code, valid).order_by(units.c.code)
        )
        return list(rows.scalars())

    async def line(self, code: str | None) -> list[str]:
        """Codes from `code` up to the root, of units as they are now; empty for None and for unknown codes."""
        if code is None:
            return []
        up = (
            sa.select(units.c.code, units.c.parent, sa.literal(0).label("step"))
            .where(units.c.code == code)
            .cte("up", recursive=True)
        )
        up = up.union_all(sa.select(units.c.code, units.c.parent, up.c.step + 1).join(up, units.c.code == up.c.parent))
        rows = await self._uow.connection.execute(sa.select(up.c.code).order_by(up.c.step))
        return list(rows.scalars())

    def put(self, *changes: Change[Unit]) -> None:
        """Write new versions with this transaction, each unit at most once."""
        self._changed.extend(changes)
        self._uow.record(_KIND, *changes)

    async def _write(self) -> None:
        if not self._changed:
            return
        connection = self._uow.connection
        rows = [_row(change.after) for change in self._changed]
        statement = insert(units)
        await connection.execute(
            statement.on_conflict_do_update(
                index_elements=[units.c.code],
                set_={name: statement.excluded[name] for name in rows[0] if name not in ("id", "code")},
            ),
            rows,
        )
        await connection.execute(
            sa.insert(unit_versions),
            [{**row, "recorded_at": change.at} for row, change in zip(rows, self._changed, strict=True)],
        )


def _row(unit: Unit) -> dict[str, Any]:
    row = {name: getattr(unit.facts, name) for name in _FACTS}
    row.update({name: list(row[name]) for name in _LISTS})
    return {
        **row, "kind": unit.facts.kind.value, "id": unit.id, "effective_from": unit.effective_from,
        "version": unit.version,
    }  # fmt: skip


def unit_of(row: Any) -> Unit:
    values = {name: row[name] for name in _FACTS}
    values.update({name: tuple(row[name]) for name in _LISTS})
    values["kind"] = Kind(row["kind"])
    return Unit(row["id"], Facts(**values), row["effective_from"], row["version"])
