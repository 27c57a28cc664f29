"""What people are called: who holds a post that the caller sees, and who acted on what the caller sees.

One rule for all trails and ledgers (docs/rules.md §1.1): a name is told to those who may meet that person's work.
"""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from services.registry.accounts.table import accounts
from services.registry.posts.table import posts
from services.registry.units.kinds import Kind
from services.registry.units.table import successions, units
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import below, unscoped


async def names_of(uow: UnitOfWork, persons: Collection[str]) -> Mapping[str, str]:
    """What people are called, by person; who has no account is not in it."""
    return await _names(uow, persons, sa.true())


async def colleagues(uow: UnitOfWork, caller: Principal, persons: Collection[str]) -> Mapping[str, str]:
    """What those of `persons` are called whose work the caller may meet; the others have no name here."""
    return await _names(uow, persons, _met(caller))


def called(caller: Principal, name: str) -> sa.Select[str]:
    """The persons whose work the caller may meet and whose name contains this, for a filter by who acted."""
    query = unscoped(accounts, accounts.c.person, why="rows are found by who acted in them, and are scoped themselves")
    return query.where(accounts.c.name.icontains(name, autoescape=True), _met(caller))


async def _names(uow: UnitOfWork, persons: Collection[str], known: sa.ColumnElement[bool]) -> Mapping[str, str]:
    if not persons:
        return {}
    query = unscoped(accounts, accounts.c.person, accounts.c.name, why="whoever sees a post may know who holds it")
    wanted = sa.any_(sa.literal(sorted(set(persons)), sa.ARRAY(sa.Text)))
    rows = await uow.connection.execute(query.where(accounts.c.person == wanted, known))
    return {row.person: row.name for row in rows}


def _met(caller: Principal) -> sa.ColumnElement[bool]:
    """True for accounts of people whose work `caller` may meet: themselves, and who administers the whole platform. And who
    holds or held a post in the caller's part of the tree, in an area it serves, or in a unit it succeeded. So for units above
    these, and departments that hang above or serve one of them. Of all others, role and unit say enough."""
    reach = caller.reach
    if reach.everything:
        return sa.true()
    if reach.unit is None:
        return accounts.c.person == caller.subject
    part = below(units, reach.unit, served=True, successions=successions)
    own = units.c.code == reach.unit
    serves = sa.select(sa.func.unnest(units.c.serves)).where(own)
    up = sa.select(units.c.code, units.c.parent).where(own | units.c.code.in_(serves)).cte(recursive=True)
    up = up.union(sa.select(units.c.code, units.c.parent).join(up, units.c.code == up.c.parent))
    near = part.union(sa.select(up.c.code)).cte()
    above = units.c.parent.in_(sa.select(up.c.code))
    serving = units.c.serves.op("&&", is_comparison=True)(sa.func.array(sa.select(near.c.code).scalar_subquery()))
    beside = sa.select(units.c.code).where(units.c.kind == Kind.DEPARTMENT, above | serving)
    there = sa.or_(*(posts.c.unit.in_(some) for some in (sa.select(near.c.code), beside)))
    held = unscoped(posts, posts.c.person, why="whoever works for a unit may know who works above and beside it")
    return sa.or_(
        accounts.c.person == caller.subject, accounts.c.unit.is_(None), accounts.c.person.in_(held.where(there))
    )
