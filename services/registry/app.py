"""Registry, put together: API, relay and housekeeping on the resources that were opened. It listens to no events."""

from services.registry.api.deps import Registry
from services.registry.api.people import coverage, posts
from services.registry.api.units import tree, units
from services.registry.seed import seed
from services.registry.store.tables import aggregates, tables
from services.registry.store.unit_of_work import RegistryUnitOfWork
from shared.plumbing import plumb
from shared.service import Resources, Service


def build(resources: Resources) -> Service:
    plumbing = plumb(resources, tables)

    def uow() -> RegistryUnitOfWork:
        return RegistryUnitOfWork(plumbing.database)

    async def first_city() -> None:
        async with uow() as work:
            await seed(work, resources.settings.city)

    return plumbing.service(
        title="网格通·登记 GridGov registry",
        routers=[units.routes, tree.routes, posts.routes, coverage.routes],
        state={"registry": Registry(uow)},
        aggregates=aggregates,
        seed=first_city,
    )
