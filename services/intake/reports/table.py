"""The table of reports. `home` and `place_unit` say whose business a report is, `caller` who sent it."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA

from services.intake.reports.report import Report
from services.intake.schema import metadata
from shared.db.columns import columns_of
from shared.units.scope import placed_by

report_serials = sa.Table(
    "report_serials",
    metadata,
    sa.Column("street", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("serial", sa.Integer, nullable=False),
)
"""The last serial that a street has given on a local day. A sequence would leave gaps that frighten people."""

# What is moved when units are restructured is found by where it is.
_OPEN = sa.text("status NOT IN ('closed', 'rejected')")

reports = sa.Table(
    "reports",
    metadata,
    *columns_of(Report, flat=("contents",), prefixed=("place", "category", "same_as")),
    sa.UniqueConstraint("number"),
    # Who sent it under which key: the same pair is the same report, for ever (a phone may send again days later).
    sa.Column("caller", sa.Text, nullable=False),
    sa.Column("client_key", sa.Text, nullable=False),
    sa.Column("body_hash", BYTEA, nullable=False),
    # Name and phone as ciphertext (shared/field_cipher.py), bound to caller and key.
    sa.Column("reporter", BYTEA),
    # The code by which whoever knows it follows the report, encrypted as the reporter is; NULL: nobody was given one.
    sa.Column("follow_code", BYTEA),
    # Who of the desk is looking at it just now: no state of the report, so without version and trail.
    sa.Column("claimed_by", sa.Text),
    sa.Column("claimed_until", sa.DateTime(timezone=True)),
    sa.Index("reports_review", "street", "submitted_at", "id", postgresql_where=sa.text("status = 'needs_review'")),
    sa.Index("reports_points", "latitude", "longitude", postgresql_where=sa.text("latitude IS NOT NULL")),
    sa.Index("reports_by_caller", "caller", "submitted_at", "id"),
    sa.Index("reports_street", "street", "submitted_at", "id"),
    sa.Index("reports_newest", sa.text("submitted_at DESC"), "id"),
    sa.Index("reports_open_place", "place_unit", postgresql_where=_OPEN),
    sa.Index("reports_open_home", "home", postgresql_where=_OPEN),
    sa.Index("reports_last_six", sa.text("right(number, 6)")),
    # The key first: store.py looks a pair up by it.
    sa.Index("reports_keys", "client_key", "caller", unique=True),
    info=placed_by("place_unit", "home", owned_by="caller"),
)
