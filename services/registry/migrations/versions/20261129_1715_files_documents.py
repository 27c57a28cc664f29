"""Files may be documents: a PDF under its name."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_1715_files_documents"
down_revision = "20261129_1820_premises_then"


def upgrade() -> None:
    op.add_column("files", sa.Column("name", sa.Text(), nullable=True), schema="registry")


def downgrade() -> None:
    op.drop_column("files", "name", schema="registry")
