"""The table of posts."""

import sqlalchemy as sa

from services.registry.posts.post import Post
from services.registry.schema import metadata
from shared.db.columns import columns_of
from shared.units.scope import placed_by

posts = sa.Table(
    "posts",
    metadata,
    *columns_of(Post),
    sa.Index("posts_unit", "unit", "role"),
    sa.Index("posts_person", "person"),
    sa.Index("posts_premises", "premises_id", postgresql_where=sa.text("premises_id IS NOT NULL")),
    info=placed_by("unit"),
)
