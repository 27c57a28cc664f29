"""The responsibility catalogue over HTTP: the version in force."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel

from services.dispatch.catalogue.store import in_force
from services.dispatch.deps import DispatchDep
from shared.auth.permissions import signed_in
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.http.routes import router

routes = router(tags=["权责清单 · Responsibility catalogue"])


class RuleOut(BaseModel):
    id: str
    category: str
    function: str
    priority: str
    tier: str
    accept: str
    resolve: str
    condition: str | None
    closing_condition: str | None


class CatalogueOut(BaseModel):
    version: str
    effective_from: date
    rules: list[RuleOut]


@routes.get("/catalogue")
async def catalogue(caller: Annotated[Principal, signed_in()], dispatch: DispatchDep) -> CatalogueOut:
    """Which category is whose duty, with which limits, today · 现行权责清单。"""
    async with dispatch.uow() as uow:
        now = await in_force(uow, local_day(uow.now))
    rules = [
        RuleOut(
            id=rule.id,
            category=rule.category,
            function=rule.function,
            priority=rule.priority,
            tier=rule.tier,
            accept=str(rule.accept),
            resolve=str(rule.resolve),
            condition=rule.condition,
            closing_condition=rule.closing_condition,
        )
        for rule in now.rules
    ]
    return CatalogueOut(version=now.version, effective_from=now.effective_from, rules=rules)
