"""Premises and the entries of their files as they stood at an instant: the newest version recorded before it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from services.registry.premises.file_table import file_entry_versions
from services.registry.premises.table import premises, premises_versions


def premises_then(until: datetime) -> sa.FromClause:
    """For each row of `premises` what was true of it just before `until`; none where it had no file yet.

    Lateral, so a page of a large ledger looks up its own rows and no others.
    """
    versions = premises_versions
    newest = sa.select(versions).where(versions.c.id == premises.c.id, versions.c.recorded_at < until)
    return newest.order_by(versions.c.version.desc()).limit(1).lateral("then")


def entries_then(until: datetime) -> sa.FromClause:
    """The entries of all files just before `until`. A condition on `premises_id` reaches the index."""
    versions = file_entry_versions
    newest = sa.select(versions).ext(distinct_on(versions.c.premises_id, versions.c.id))
    newest = newest.where(versions.c.recorded_at < until)
    return newest.order_by(versions.c.premises_id, versions.c.id, versions.c.version.desc()).subquery("entries_then")
