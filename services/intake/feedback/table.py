"""The tables of feedback: what is told of each report's work order, and one row per closing that was rated."""

import sqlalchemy as sa

from services.intake.feedback.progress import Progress
from services.intake.feedback.rating import Rating
from services.intake.schema import metadata
from shared.db.columns import columns_of
from shared.units.scope import placed_by

progress = sa.Table(
    "progress",
    metadata,
    *columns_of(Progress, key=("report_id",)),
)

ratings = sa.Table(
    "ratings",
    metadata,
    *columns_of(Rating, key=("report_id", "closing")),
    sa.Index("ratings_street", "street", "rated_at"),
    info=placed_by("unit", "street"),
)
