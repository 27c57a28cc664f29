"""What has changed since a position, read from the trail: every change is an entry there, written with it.

A position is a snapshot of PostgreSQL (`pg_current_snapshot`), which says exactly which transactions it sees. What came
since is what is visible now and was not then; "id > last seen" would lose what was numbered early and committed late.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.db.tables import ServiceTables
from shared.db.unit_of_work import transaction
from shared.units.scope import owner_of, premises_of
from shared.units.tree import Unit, UnitTree

MOST: Final = 500
"""Changes that are told one by one. More (an import, a long absence), and reading all anew is cheaper."""
_SNAPSHOT: Final = re.compile(r"(\d{1,19}):(\d{1,19}):((?:\d{1,19},)*\d{1,19})?", re.ASCII)
_LONGEST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Happened:
    """One change, by which the thing came to `version`. `within`: the units that it lies or lay in before, all above these, and who serves them where that counts;
    `owner`: whose thing it is; `premises`: of which it is, and whose safety manager may know."""

    kind: str
    id: UUID
    version: int
    action: str
    street: str | None
    within: frozenset[str]
    owner: str | None
    premises: UUID | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What came up to `position`, in order; None when it was too much, or the position before is none of this database."""

    position: str
    changes: tuple[Happened, ...] | None


class Tail:
    """Of one service. `owned`: the table of each kind of thing that somebody owns (`placed_by(owned_by=…)`) or that is of
    one premises (`of_premises=…`); `served`: the kinds that departments see in the areas they serve (`Scope.served`)."""

    def __init__(
        self,
        engine: AsyncEngine,
        tables: ServiceTables,
        units: sa.Table,
        owned: Mapping[str, sa.Table],
        served: Collection[str] = (),
    ) -> None:
        self._engine, self._units, self._owned, self._served = engine, units, owned, frozenset(served)
        self._news = sa.text(_NEWS.format(schema=tables.metadata.schema))

    async def now(self) -> str:
        async with transaction(self._engine) as connection:
            return str(await connection.scalar(sa.text("SELECT pg_current_snapshot()::text")))

    async def since(self, position: str) -> News:
        if not _is_position(position):
            return News(await self.now(), None)
        async with transaction(self._engine) as connection:
            rows = (await connection.execute(self._news, {"since": position, "most": MOST + 1})).all()
            now, known = rows[0].now, rows[0].known
            if not known or len(rows) > MOST:
                return News(now, None)
            found = [row for row in rows if row.aggregate_id is not None]
            return News(now, await self._told(connection, found) if found else ())

    async def _told(self, connection: AsyncConnection, rows: list[sa.Row[Any]]) -> tuple[Happened, ...]:
        tree = await self._upward(connection, {code for row in rows for code in (*row.places, *row.before)})
        owners, places = await self._owners(connection, rows), [_within(row, tree) for row in rows]
        within = await self._with_those_who_serve(connection, rows, places)
        return tuple(
            Happened(
                row.kind,
                row.aggregate_id,
                row.seq,
                row.action,
                tree.street_of(row.places[0]) if row.places else None,
                there,
                *owners.get((row.kind, row.aggregate_id), (None, None)),
            )
            for row, there in zip(rows, within, strict=True)
        )

    async def _upward(self, connection: AsyncConnection, codes: set[str]) -> UnitTree:
        """These units and all above them."""
        units = self._units
        columns = (units.c.code, units.c.kind, units.c.name, units.c.parent)
        up = sa.select(*columns).where(units.c.code.in_(codes)).cte(recursive=True)
        up = up.union(sa.select(*columns).join(up, units.c.code == up.c.parent))
        rows = await connection.execute(sa.select(up))
        return UnitTree(Unit(row.code, row.kind, row.name, parent=row.parent) for row in rows)

    async def _with_those_who_serve(
        self, connection: AsyncConnection, rows: list[sa.Row[Any]], places: list[frozenset[str]]
    ) -> list[frozenset[str]]:
        """The places of each row, for the kinds where that counts with the departments that serve one of them."""
        counts = [row.kind in self._served for row in rows]
        areas = frozenset[str]().union(*(there for there, yes in zip(places, counts, strict=True) if yes))
        if not areas:
            return places
        units = self._units
        rows_found = await connection.execute(
            sa.select(units.c.code, units.c.serves).where(units.c.serves.overlap(sorted(areas)))
        )
        found = [(row.code, frozenset(row.serves)) for row in rows_found]
        return [
            there | {code for code, serves in found if serves & there} if yes else there
            for there, yes in zip(places, counts, strict=True)
        ]

    async def _owners(
        self, connection: AsyncConnection, rows: list[sa.Row[Any]]
    ) -> dict[tuple[str, UUID], tuple[str | None, UUID | None]]:
        owners: dict[tuple[str, UUID], tuple[str | None, UUID | None]] = {}
        for kind, table in self._owned.items():
            ids = {row.aggregate_id for row in rows if row.kind == kind}
            if ids:
                whose = sa.select(table.c.id, owner_of(table), premises_of(table)).where(table.c.id.in_(ids))
                owners |= {(kind, row[0]): (row[1], row[2]) for row in await connection.execute(whose)}
        return owners


def _within(row: sa.Row[Any], tree: UnitTree) -> frozenset[str]:
    """The units that it lies or lay in before, and all above these."""
    codes = (*row.places, *row.before)
    return frozenset(above for code in codes for above in (code, *(unit.code for unit in tree.upward(code))))


def _is_position(text: str) -> bool:
    """Whether PostgreSQL would take it: the numbers of a snapshot rise."""
    match = _SNAPSHOT.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return False
    least, next_one = int(match[1]), int(match[2])
    running = [int(number) for number in (match[3] or "").split(",") if number]
    return 0 < least <= next_one < 2**63 and all(
        before < number < next_one for before, number in zip([least - 1, *running], running, strict=False)
    )


# One statement, so that the snapshot it tells is the one with which it reads. `known`: a position from before a restore
# may lie ahead of all that this server has ever numbered. What such a position left in the trail lies ahead too.
_NEWS: Final = """
    SELECT pg_current_snapshot()::text AS now,
           pg_snapshot_xmax(cast(cast(:since AS text) AS pg_snapshot)) <= pg_snapshot_xmax(pg_current_snapshot()) AS known,
           found.aggregate_id, found.seq, found.kind, found.action, found.places, found.before
    FROM (SELECT 1) AS one LEFT JOIN LATERAL (
        SELECT t.aggregate_id, t.seq, t.kind, t.body::json->>'action' AS action,
               coalesce(t.places, '{{}}') AS places, coalesce(b.places, '{{}}') AS before
        FROM {schema}.trail t LEFT JOIN {schema}.trail b ON b.aggregate_id = t.aggregate_id AND b.seq = t.seq - 1
        WHERE t.tx >= pg_snapshot_xmin(cast(cast(:since AS text) AS pg_snapshot))::text::bigint
          AND t.tx < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
          AND NOT pg_visible_in_snapshot(t.tx::text::xid8, cast(cast(:since AS text) AS pg_snapshot))
        ORDER BY t.tx, t.aggregate_id, t.seq LIMIT :most) AS found ON true
"""
