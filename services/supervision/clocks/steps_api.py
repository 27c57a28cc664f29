"""Steps of the ladder over HTTP (预警、催办): what was taken, newest first. Callers see what is in their reach."""

from typing import Annotated

from fastapi import Query

from services.supervision.clocks.schemas import StepOut, step_shown
from services.supervision.clocks.steps_reading import StepQuery, steps_taken
from services.supervision.deps import SupervisionDep
from services.supervision.schema import units
from shared.auth.permissions import signed_in
from shared.auth.principal import Principal
from shared.http.pages import PageOut
from shared.http.routes import router
from shared.units.scope import Scope

routes = router(tags=["计时 · Clocks"])


@routes.get("/steps")
async def find(
    query: Annotated[StepQuery, Query()], caller: Annotated[Principal, signed_in()], supervision: SupervisionDep
) -> PageOut[StepOut]:
    """Warnings and reminders as they were taken, newest first · 预警与催办记录，新的在前。"""
    async with supervision.uow() as uow:
        found = await steps_taken(uow.connection, Scope(units.units, caller), query)
        tree = await supervision.projection.tree(uow.connection)
    return PageOut.of(found, lambda row: step_shown(row, tree))
