"""Checklists as rows, and the versions that inspections ask for: those of the release, and those that were published."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from services.registry.inspections.checklist_table import checklist_versions, checklists
from services.registry.inspections.checklists import FIRST, Checklist
from services.registry.inspections.kept_checklist import KeptChecklist
from services.registry.units.store import Units
from services.registry.units.table import units
from shared.db.aggregates import Aggregates
from shared.db.rowcodec import RowCodec
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import below, unscoped

_WHY = "what is asked is no secret among the staff"
_CODEC = RowCodec(Checklist, checklist_versions, beside=("published_at",))


class Checklists(Aggregates[KeptChecklist]):
    """Writers hold the registry's lock (`write_lock.alone`), so what is read here stays as it is."""

    kind = "checklist"
    codec = RowCodec(KeptChecklist, checklists)
    natural = ("code",)

    async def all(self) -> list[KeptChecklist]:
        return await self._found()

    async def of_code(self, code: str) -> KeptChecklist | None:
        return next(iter(await self._found(checklists.c.code == code)), None)

    async def _found(self, *conditions: sa.ColumnElement[bool]) -> list[KeptChecklist]:
        await self.flush()
        query = unscoped(checklists, *self.codec.columns, why=_WHY).where(*conditions).order_by(checklists.c.code)
        return [self.codec.of_values(row) for row in await self._uow.connection.execute(query)]

    async def keep_version(self, one: Checklist) -> None:
        """A version as it was published, for ever."""
        row = _CODEC.values(one) | {"published_at": self._uow.now}
        await self._uow.connection.execute(sa.insert(checklist_versions).values(row))


async def versions_of(uow: UnitOfWork, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Checklist]:
    """Versions by code and number; what is no version is not among them."""
    asked = set(wanted)
    found = {key: FIRST[key[0]] for key in asked if key[0] in FIRST and FIRST[key[0]].version == key[1]}
    if rest := asked - found.keys():
        key = sa.tuple_(checklist_versions.c.code, checklist_versions.c.version)
        found |= {(one.code, one.version): one for one in await _published(uow, key.in_(rest))}
    return found


async def versions_of_list(uow: UnitOfWork, code: str) -> list[Checklist]:
    """All versions of one list, the newest first."""
    found = await _published(uow, checklist_versions.c.code == code)
    first = [FIRST[code]] if code in FIRST else []
    return sorted([*first, *found], key=lambda one: -one.version)


async def newest_lists(uow: UnitOfWork, *, at: str | None = None, near: str | None = None) -> list[Checklist]:
    """The newest version of each list that is offered `at` a unit; or, for a phone that is taken along, in the part of the
    tree of the unit `near` or above it; neither named: all."""
    conditions: list[sa.ColumnElement[bool]] = []
    if (unit := at or near) is not None:
        line = [state.code for state in await Units.of(uow).ancestors(unit)]
        place = checklist_versions.c.area
        there = place.is_(None) | place.in_(line)
        conditions.append(there if at else there | place.in_(below(units, unit, served=True)))
    newest = dict(FIRST)
    for one in await _published(uow, *conditions):
        if one.code not in newest or newest[one.code].version < one.version:
            newest[one.code] = one
    return list(newest.values())


async def _published(uow: UnitOfWork, *conditions: Any) -> list[Checklist]:
    query = unscoped(checklist_versions, *_CODEC.columns, why=_WHY).where(*conditions)
    rows = await uow.connection.execute(query.order_by(checklist_versions.c.code, checklist_versions.c.version))
    return [_CODEC.of_values(row) for row in rows]
