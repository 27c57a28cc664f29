"""Photos and signatures: the files that people upload."""

from alembic import op

from shared.db.first_tables import create_files

revision = "20261129_1330_files_first"
down_revision = "20261129_1055_trail_watchable"


def upgrade() -> None:
    create_files("registry")


def downgrade() -> None:
    op.drop_table("files", schema="registry")
