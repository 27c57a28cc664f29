"""The responsibility catalogue over HTTP: the version in force, in words, with who leads where."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from services.dispatch.catalogue.catalogue import Priority, Rule, Tier
from services.dispatch.catalogue.store import in_force
from services.dispatch.deps import DispatchDep
from shared.auth.permissions import signed_in
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.http.routes import router
from shared.http.types import Code, QueryModel
from shared.units.tree import UnitTree
from shared.worktime.words import limit_in_words

routes = router(tags=["权责清单 · Responsibility catalogue"])


class LeadOut(BaseModel):
    """A department that holds the function, and the area for which it does."""

    unit: str
    unit_name: str
    area: str
    area_name: str | None


class RuleOut(BaseModel):
    """One rule. `category` `*` is for whatever no other rule names. `leads` are those for the area asked about, nearest
    first: the first one gets the work order; none means that the dispatcher must find one."""

    id: str
    category: str
    function: str
    priority: Priority
    tier: Tier
    accept: str
    accept_zh: str
    accept_en: str
    resolve: str
    resolve_zh: str
    resolve_en: str
    condition: str | None
    closing_condition: str | None
    check_photo: bool
    leads: list[LeadOut]


class CatalogueOut(BaseModel):
    """The version in force today, and for which area the leads are named (null: for none)."""

    version: str
    effective_from: date
    area: str | None
    rules: list[RuleOut]


class CatalogueQuery(QueryModel):
    """`area` defaults to the caller's own unit."""

    area: Code | None = None


@routes.get("/catalogue")
async def catalogue(
    query: Annotated[CatalogueQuery, Query()], caller: Annotated[Principal, signed_in()], dispatch: DispatchDep
) -> CatalogueOut:
    """Which category is whose duty, with which limits, today · 现行权责清单。"""
    area = query.area or caller.unit
    async with dispatch.uow() as uow:
        day = local_day(uow.now)
        now = await in_force(uow, day)
        tree = await dispatch.projection.tree(uow.connection)
    return CatalogueOut(
        version=now.version,
        effective_from=now.effective_from,
        area=area,
        rules=[_rule(rule, _leads(rule, area, tree, day)) for rule in now.rules],
    )


def _rule(rule: Rule, leads: list[LeadOut]) -> RuleOut:
    accept, resolve = limit_in_words(rule.accept), limit_in_words(rule.resolve)
    return RuleOut(
        id=rule.id,
        category=rule.category,
        function=rule.function,
        priority=rule.priority,
        tier=rule.tier,
        accept=str(rule.accept),
        accept_zh=accept.zh,
        accept_en=accept.en,
        resolve=str(rule.resolve),
        resolve_zh=resolve.zh,
        resolve_en=resolve.en,
        condition=rule.condition,
        closing_condition=rule.closing_condition,
        check_photo=rule.check_photo,
        leads=leads,
    )


def _leads(rule: Rule, area: str | None, tree: UnitTree, day: date) -> list[LeadOut]:
    if area is None:
        return []
    found = [(served, unit) for served, unit in tree.departments(area, rule.function) if unit.valid_on(day)]
    return [
        LeadOut(unit=unit.code, unit_name=unit.name, area=served, area_name=tree.units[served].name)
        for served, unit in found
    ]
