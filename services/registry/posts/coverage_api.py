"""The coverage check over HTTP: which units lack somebody whom their kind needs."""

from typing import Annotated

from fastapi import Query

from services.registry.deps import RegistryDep, Staff
from services.registry.posts.coverage import NEEDS
from services.registry.posts.coverage_reading import Covered, covered
from services.registry.posts.schemas import CoverageOut, CoverageQuery, GapOut, NeedOut
from shared.http.routes import router

routes = router(tags=["任职 · Posts"])


@routes.get("/coverage")
async def coverage(query: Annotated[CoverageQuery, Query()], caller: Staff, registry: RegistryDep) -> CoverageOut:
    """Which small grids lack a grid worker and which communities a leader or secretary, today · 岗位覆盖检查。"""
    async with registry.uow() as uow:
        needs = [
            await covered(uow.connection, need, area=query.area, reach=caller.reach, today=uow.today, limit=query.limit)
            for need in NEEDS
        ]
        return CoverageOut(on=uow.today, needs=[_shown(need) for need in needs])


def _shown(found: Covered) -> NeedOut:
    return NeedOut(
        kind=found.need.kind,
        roles=list(found.need.roles),
        units=found.units,
        lacking=found.lacking,
        missing=[GapOut(code=gap.code, name=gap.name, parent=gap.parent) for gap in found.gaps],
    )
