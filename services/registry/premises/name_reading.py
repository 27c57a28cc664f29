"""Finding premises by name: a condition that their ledger shares with those of what lies or happens at premises."""

import sqlalchemy as sa

from services.registry.premises.names import typed


def is_called(rows: sa.FromClause, q: str) -> sa.ColumnElement[bool]:
    """True for premises (`premises`, or what they were) whose name has `q` in it, or is spelled so.

    No index: it is looked for beside other columns, of which any may have it.
    """
    named = rows.c.name.icontains(q, autoescape=True)
    letters = typed(q)
    return named if letters is None else named | rows.c.spelled.contains(letters, autoescape=True)
