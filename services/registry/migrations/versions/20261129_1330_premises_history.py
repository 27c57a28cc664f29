"""Every version of premises and of the entries in their files: what was true on a past day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261129_1330_premises_history"
down_revision = "20261129_1330_files_first"


def upgrade() -> None:
    premises = op.create_table(
        "premises_versions",
        sa.Column("id", sa.UUID(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("number", "street", "name", "category", "unit")),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("key_unit", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("use", "small_kind", "credit_code")),
        sa.Column("longitude", sa.Float(53), nullable=True),
        sa.Column("latitude", sa.Float(53), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("floor_area", sa.Float(53), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("floors_above", "floors_below", "people")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("opens", "closes", "responsible")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("responsible_phone", "manager", "manager_phone")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name="premises_versions_pkey"),
        schema="registry",
    )
    entries = op.create_table(
        "file_entry_versions",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("premises_id", sa.UUID(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("values", postgresql.JSONB(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("struck_out_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("premises_id", "id", "version", name="file_entry_versions_pkey"),
        schema="registry",
    )
    _begin(premises, "premises")
    _begin(entries, "file_entries")


def _begin(versions: sa.Table, newest: str) -> None:
    """Of what is there already only the newest version is known; when it was made says the trail."""
    names = [f'"{column.name}"' for column in versions.columns if column.name != "recorded_at"]
    op.execute(
        f"INSERT INTO registry.{versions.name} ({', '.join(names)}, recorded_at) "
        f"SELECT {', '.join(f'n.{name}' for name in names)}, (t.body::jsonb ->> 'at')::timestamptz "
        f"FROM registry.{newest} n JOIN registry.trail t ON t.aggregate_id = n.id AND t.seq = n.version"
    )


def downgrade() -> None:
    op.drop_table("file_entry_versions", schema="registry")
    op.drop_table("premises_versions", schema="registry")
