"""What is unique of a report, its caller and key, stands in the newest index of the table: see its `table.py`."""

from alembic import op

revision = "20261129_1725_reports_keys"
down_revision = "20261129_1345_units_restructure"


def upgrade() -> None:
    op.create_index("reports_keys", "reports", ["caller", "client_key"], unique=True, schema="intake")
    op.drop_constraint("reports_caller_client_key_key", "reports", schema="intake")


def downgrade() -> None:
    op.create_unique_constraint("reports_caller_client_key_key", "reports", ["caller", "client_key"], schema="intake")
    op.drop_index("reports_keys", "reports", schema="intake")
