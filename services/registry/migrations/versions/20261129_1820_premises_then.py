"""Which files ever lay in an area is found by an index."""

from alembic import op

revision = "20261129_1820_premises_then"
down_revision = "20261129_1710_activities_planned"


def upgrade() -> None:
    op.create_index("premises_versions_unit", "premises_versions", ["unit", "id"], schema="registry")


def downgrade() -> None:
    op.drop_index("premises_versions_unit", table_name="premises_versions", schema="registry")
