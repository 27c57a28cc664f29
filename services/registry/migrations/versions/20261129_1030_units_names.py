"""Units are found by name, alias, pinyin and its initials, and by whoever is called the same."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "20261129_1030_units_names"
down_revision = "20261129_1000_premises_first"


def upgrade() -> None:
    for table in ("units", "unit_versions"):
        # What is there already gets its words with its next version, or by being stated again.
        op.add_column(
            table, sa.Column("terms", ARRAY(sa.Text()), nullable=False, server_default="{}"), schema="registry"
        )
        op.alter_column(table, "terms", server_default=None, schema="registry")
    op.add_column("units", sa.Column("names", ARRAY(sa.Text()), nullable=False, server_default="{}"), schema="registry")
    op.alter_column("units", "names", server_default=None, schema="registry")
    op.create_index("units_names", "units", ["names"], schema="registry", postgresql_using="gin")
    op.create_index(
        "units_terms", "units", [sa.text("array_to_tsvector(terms)")], schema="registry", postgresql_using="gin"
    )


def downgrade() -> None:
    op.drop_index("units_terms", "units", schema="registry")
    op.drop_index("units_names", "units", schema="registry")
    op.drop_column("units", "names", schema="registry")
    for table in ("units", "unit_versions"):
        op.drop_column(table, "terms", schema="registry")
