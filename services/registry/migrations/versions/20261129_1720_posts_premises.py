"""A safety manager's post is held of one premises."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_1720_posts_premises"
down_revision = "20261129_1420_summary_first"


def upgrade() -> None:
    op.add_column("posts", sa.Column("premises_id", sa.UUID()), schema="registry")
    op.create_index(
        "posts_premises", "posts", ["premises_id"], schema="registry",
        postgresql_where=sa.text("premises_id IS NOT NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("posts_premises", "posts", schema="registry")
    op.drop_column("posts", "premises_id", schema="registry")
