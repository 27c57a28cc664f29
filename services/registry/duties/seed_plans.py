"""The plans that come with a release: `duty_plans.json`, each with where it is written and how sure that is. What a later
release knows better reaches those that nobody has restated."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from services.registry.duties.kinds import Act, Bearer, Period
from services.registry.duties.plan import Plan, Terms, make, restate
from services.registry.duties.store import Plans
from services.registry.premises.kinds import Category
from services.registry.units.kinds import Kind
from shared.change import Actor
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id

DATA: Final = Path(__file__).parents[1] / "data" / "duty_plans.json"
_WORDS: Final = {"kinds": Kind, "categories": Category, "counts": Act}


async def seed_plans(uow: UnitOfWork, *, by: Actor) -> None:
    """Make the plans of this release that are not there, and restate by it those that no person ever restated. The caller
    holds the registry's lock."""
    store = Plans.of(uow)
    known = {(plan.duty, plan.variant): plan for plan in await store.all() if plan.area is None}
    restated = await store.by_people()
    for row in json.loads(DATA.read_text("utf-8"))["plans"]:
        terms, plan = _terms(row), known.get((row["duty"], row["variant"]))
        if plan is None:
            store.add(
                make(Plan(new_id(), row["duty"], row["variant"], None, terms, 1), by=by, now=uow.now, why=terms.basis)
            )
        elif plan.terms != terms and plan.id not in restated:
            store.put(restate(plan, terms, by=by, now=uow.now, why=terms.basis))


def _terms(row: Mapping[str, Any]) -> Terms:
    """The terms in a row of the file. Raises KeyError and ValueError for what is none."""
    told = {name: value for name, value in row.items() if name not in ("duty", "variant")}
    for name, word in _WORDS.items():
        told[name] = tuple(map(word, told.get(name, ())))
    told["purposes"] = tuple(told.get("purposes", ()))
    return Terms(**{**told, "bearer": Bearer(row["bearer"]), "period": Period(row["period"])})
