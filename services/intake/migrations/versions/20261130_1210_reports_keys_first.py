"""The key leads in the unique index of reports, so that a look-up can name it alone: see `reports/store.py`."""

from alembic import op

revision = "20261130_1210_reports_keys_first"
down_revision = "20261130_0410_intake_told"


def upgrade() -> None:
    _replace(["client_key", "caller"])


def downgrade() -> None:
    _replace(["caller", "client_key"])


def _replace(columns: list[str]) -> None:
    op.drop_index("reports_keys", "reports", schema="intake")
    op.create_index("reports_keys", "reports", columns, unique=True, schema="intake")
