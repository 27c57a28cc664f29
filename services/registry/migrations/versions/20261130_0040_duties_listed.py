"""Lists of duties are read in their order, also where what is paused is among them."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_0040_duties_listed"
down_revision = "20261129_2350_premises_spelled"


def upgrade() -> None:
    _index("state <> 'ended'")


def downgrade() -> None:
    _index("state IN ('running', 'waiver_asked')")


def _index(where: str) -> None:
    op.drop_index("duties_due", "duties", schema="registry")
    op.create_index("duties_due", "duties", ["do_due_at", "id"], schema="registry", postgresql_where=sa.text(where))
