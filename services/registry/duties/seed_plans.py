"""The plans that a registry starts with: `duty_plans.json`, each with where it is written and how sure that is."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from services.registry.duties.kinds import Act, Bearer, Period
from services.registry.duties.plan import Plan, Terms, make
from services.registry.duties.store import Plans
from services.registry.premises.kinds import Category
from services.registry.units.kinds import Kind
from shared.change import Actor
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id

DATA: Final = Path(__file__).parents[1] / "data" / "duty_plans.json"
_WORDS: Final = {"kinds": Kind, "categories": Category, "counts": Act}


async def seed_plans(uow: UnitOfWork, *, by: Actor) -> None:
    """Make the first plans where there is none at all. The caller holds the registry's lock."""
    store = Plans.of(uow)
    if await store.changes():
        return
    for row in json.loads(DATA.read_text("utf-8"))["plans"]:
        plan = Plan(new_id(), row["duty"], row["variant"], None, _terms(row), 1)
        store.add(make(plan, by=by, now=uow.now, why=plan.terms.basis))


def _terms(row: Mapping[str, Any]) -> Terms:
    """The terms in a row of the file. Raises KeyError and ValueError for what is none."""
    told = {name: value for name, value in row.items() if name not in ("duty", "variant")}
    for name, word in _WORDS.items():
        told[name] = tuple(map(word, told.get(name, ())))
    told["purposes"] = tuple(told.get("purposes", ()))
    return Terms(**{**told, "bearer": Bearer(row["bearer"]), "period": Period(row["period"])})
