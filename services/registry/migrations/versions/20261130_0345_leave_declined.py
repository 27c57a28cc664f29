"""Leave that was not granted is declined, as proposals, waivers and extensions are."""

from alembic import op

revision = "20261130_0345_leave_declined"
down_revision = "20261130_0040_duties_listed"


def upgrade() -> None:
    op.execute("UPDATE registry.leave SET state = 'declined' WHERE state = 'refused'")


def downgrade() -> None:
    op.execute("UPDATE registry.leave SET state = 'refused' WHERE state = 'declined'")
