"""Sessions that ended before their tokens did."""

from alembic import op

from shared.db.first_tables import create_ended_sessions

revision = "20261129_1010_sessions_ended"
down_revision = "20261129_1010_files_first"


def upgrade() -> None:
    create_ended_sessions("intake")


def downgrade() -> None:
    op.drop_table("ended_sessions", schema="intake")
