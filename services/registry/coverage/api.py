"""The coverage check over HTTP and as Excel: which units and key premises lack somebody whom they must have."""

from typing import Annotated, Final

from fastapi import Query

from services.registry.coverage.needs import WORDS
from services.registry.coverage.reading import CoverageReader
from services.registry.coverage.schemas import CoverageFilter, CoverageOut, CoverageQuery, shown
from services.registry.deps import Registry, RegistryDep, Staff
from services.registry.errors import COVERAGE_KIND_MISSING
from services.registry.posts.roles import ZH
from services.registry.units.reading import TreeReader
from shared.clock import local_day
from shared.http.call import Call
from shared.http.routes import router
from shared.http.sheets import Pages, export_route
from shared.sheets.columns import Column
from shared.sheets.ledger import Ledger

routes = router(tags=["任职 · Posts"])

GAPS: Final = Ledger(
    "缺岗",
    [
        Column("kind", "类别", "kind"),
        Column("code", "编码或档案号", "code", "id"),
        Column("name", "名称", "name"),
        Column("roles", "所缺岗位", "lacks", "list"),
        Column("parent", "所在单位编码", "within", "id"),
        Column("parent_name", "所在单位", "within, by name"),
    ],
)


@routes.get("/coverage")
async def coverage(query: Annotated[CoverageQuery, Query()], caller: Staff, registry: RegistryDep) -> CoverageOut:
    """Which grids lack a grid worker, communities a leader or secretary, key premises a safety manager · 岗位覆盖检查。"""
    if query.after is not None and query.kind is None:
        raise COVERAGE_KIND_MISSING()
    async with registry.uow() as uow:
        day = query.as_of or local_day(uow.now)
        reader = CoverageReader(uow, caller, TreeReader(uow, query.as_of), day, query.area)
        found = [await reader.covered(kind) for kind in query.kinds]
        pages = [await one.gaps.page(query.limit, query.after) for one in found]
        names = await reader.names([row["parent"] for page in pages for row in page.rows])
    return CoverageOut(as_of=day, needs=[shown(*of, names) for of in zip(found, pages, strict=True)])


async def _rows(query: CoverageFilter, call: Call[Registry]) -> Pages:
    day = query.as_of or local_day(call.uow.now)
    reader = CoverageReader(call.uow, call.caller, TreeReader(call.uow, query.as_of), day, query.area)
    for kind in query.kinds:
        found = await reader.covered(kind)
        async for page in found.gaps.whole():
            names = await reader.names([row["parent"] for row in page])
            yield [
                {
                    "kind": WORDS[kind], "code": row["code"], "name": row["name"], "parent": row["parent"],
                    "roles": [ZH[role] for role in found.roles], "parent_name": names.get(row["parent"] or ""),
                }
                for row in page
            ]  # fmt: skip


export_route(routes, GAPS, "/coverage", service=RegistryDep, sees=Staff, filter=CoverageFilter, rows=_rows)
