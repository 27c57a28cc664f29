"""Premises and the entries of their files as they stood at an instant: the newest version recorded before it."""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from services.registry.premises.file_table import file_entry_versions
from services.registry.premises.kinds import Category
from services.registry.premises.table import premises, premises_versions
from shared.db.unit_of_work import UnitOfWork


def premises_then(until: datetime) -> sa.FromClause:
    """For each row of `premises` what was true of it just before `until`; none where it had no file yet.

    Lateral, so a page of a large ledger looks up its own rows and no others.
    """
    versions = premises_versions
    newest = sa.select(versions).where(versions.c.id == premises.c.id, versions.c.recorded_at < until)
    return newest.order_by(versions.c.version.desc()).limit(1).lateral("then")


def ever(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The ids of premises of which this was true at some time, a condition on `premises_versions`. Only these are looked
    up one by one as they were then."""
    return sa.select(premises_versions.c.id).where(condition)


def entries_then(until: datetime) -> sa.FromClause:
    """The entries of all files just before `until`. A condition on `premises_id` reaches the index."""
    versions = file_entry_versions
    newest = sa.select(versions).ext(distinct_on(versions.c.premises_id, versions.c.id))
    newest = newest.where(versions.c.recorded_at < until)
    return newest.order_by(versions.c.premises_id, versions.c.id, versions.c.version.desc()).subquery("entries_then")


@dataclass(frozen=True, slots=True)
class Lay:
    """Where premises lay and what they were, from an instant on."""

    since: datetime
    unit: str
    street: str
    category: Category


async def lay_of(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, list[Lay]]:
    """All that was ever recorded of where these premises lay, oldest first."""
    of = premises_versions.c
    rows = await uow.connection.execute(
        sa.select(of.id, of.recorded_at, of.unit, of.street, of.category)
        .where(of.id == sa.any_(sa.literal(list(ids), sa.ARRAY(sa.Uuid))))
        .order_by(of.id, of.version)
    )
    found: dict[UUID, list[Lay]] = {}
    for row in rows:
        found.setdefault(row.id, []).append(Lay(row.recorded_at, row.unit, row.street, Category(row.category)))
    return found


def lay_at(history: Sequence[Lay], at: datetime) -> Lay:
    """What held at an instant; before anything was recorded, what was recorded first."""
    return history[max(bisect_right(history, at, key=lambda one: one.since) - 1, 0)]
