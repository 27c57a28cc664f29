"""How far other services have told everything is kept here too."""

from alembic import op

from shared.db.first_tables import create_told

revision = "20261130_0410_registry_told"
down_revision = "20261130_0345_leave_declined"


def upgrade() -> None:
    create_told("registry")


def downgrade() -> None:
    op.drop_table("told", schema="registry")
