"""Photos: the files that people upload."""

from alembic import op

from shared.db.first_tables import create_files

revision = "20261129_1010_files_first"
down_revision = "20261129_0755_work_orders_first"


def upgrade() -> None:
    create_files("dispatch")


def downgrade() -> None:
    op.drop_table("files", schema="dispatch")
