"""The coverage check over HTTP: which units lack somebody whom their kind needs."""

from typing import Annotated

from fastapi import Query

from services.registry.deps import RegistryDep, Staff
from services.registry.errors import COVERAGE_KIND_MISSING
from services.registry.posts.coverage import NEEDS
from services.registry.posts.reading import Covered, PostReader
from services.registry.posts.schemas import CoverageOut, CoverageQuery, GapOut, NeedOut
from services.registry.units.reading import TreeReader
from shared.clock import local_day
from shared.http.routes import router

routes = router(tags=["任职 · Posts"])


@routes.get("/coverage")
async def coverage(query: Annotated[CoverageQuery, Query()], caller: Staff, registry: RegistryDep) -> CoverageOut:
    """Which small grids lack a grid worker and which communities a leader or secretary, on a day · 岗位覆盖检查。"""
    if query.after is not None and query.kind is None:
        raise COVERAGE_KIND_MISSING()
    async with registry.uow() as uow:
        day, reader = query.as_of or local_day(uow.now), PostReader(uow, caller)
        tree = TreeReader(uow, query.as_of)
        needs = [
            await reader.covered(need, tree, day, area=query.area, limit=query.limit, after=query.after)
            for need in NEEDS
            if query.kind in (None, need.kind)
        ]
    return CoverageOut(as_of=day, needs=[_shown(need) for need in needs])


def _shown(found: Covered) -> NeedOut:
    return NeedOut(
        kind=found.need.kind,
        roles=list(found.need.roles),
        units=found.units,
        lacking=found.lacking,
        missing=[GapOut(code=row["code"], name=row["name"], parent=row["parent"]) for row in found.gaps.rows],
        next=found.gaps.next,
    )
