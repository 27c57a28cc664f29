"""Steps of the ladder as they were taken: for lists of warnings and reminders, newest first."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_1030_clocks_steps"
down_revision = "20261129_1010_sessions_ended"


def upgrade() -> None:
    op.create_table(
        "steps",
        sa.Column("clock_id", sa.UUID(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("thing_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("clock_id", "step", name="steps_pkey"),
        schema="supervision",
    )
    op.create_index("steps_newest", "steps", [sa.text("at DESC"), "clock_id", "step"], schema="supervision")
    # What was taken before: the trail has the instants, the clock the rest.
    op.execute(
        """
        INSERT INTO supervision.steps (clock_id, step, thing, thing_id, name, number, area, street, unit, due_at, at)
        SELECT c.id, t.body::jsonb->>'action', c.thing, c.thing_id, c.name, c.number, c.area, c.street, c.unit,
               (t.body::jsonb->'what'->>'due_at')::timestamptz, (t.body::jsonb->>'at')::timestamptz
        FROM supervision.trail t JOIN supervision.clocks c ON c.id = t.aggregate_id
        WHERE t.body LIKE '{"action":"warn"%' OR t.body LIKE '{"action":"remind"%'
        """
    )


def downgrade() -> None:
    op.drop_table("steps", schema="supervision")
