"""What a client sent to enter a hazard, as a hash: another body under the same key is told apart."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_0420_hazards_body_hash"
down_revision = "20261130_0410_registry_told"


def upgrade() -> None:
    op.add_column("hazards", sa.Column("body_hash", sa.LargeBinary()), schema="registry")


def downgrade() -> None:
    op.drop_column("hazards", "body_hash", schema="registry")
