"""The trail says where things lie and which transaction wrote an entry, for who watches what changes."""

from shared.db.first_tables import make_trail_unwatchable, make_trail_watchable

revision = "20261129_1055_trail_watchable"
down_revision = "20261129_1055_premises_file"


def upgrade() -> None:
    make_trail_watchable("registry")


def downgrade() -> None:
    make_trail_unwatchable("registry")
