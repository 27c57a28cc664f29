"""Units are restructured: no service ever sees half of it, and what the old units owned is at the new ones everywhere."""

from typing import Any

import pytest
import sqlalchemy as sa

from services.dispatch.schema import units as dispatch_units
from services.dispatch.work_orders.succeed_units import succeed_units as work_orders
from services.intake.reports.succeed_units import succeed_units as reports
from services.intake.schema import units as intake_units
from services.registry.restructuring.owned import OWNED
from services.registry.restructuring.watch import RestructuringWatch
from services.registry.schema import tables
from services.registry.units.table import successions
from shared.auth.principal import Role
from shared.clock import local_day
from shared.db.outbox import relay
from shared.db.unit_of_work import UnitOfWork
from shared.units.succession import SuccessionWatch
from tests.support.city import COMMUNITY, GRID, INSIDE, OTHER_COMMUNITY, STREET
from tests.support.gridgov import GridGov

NEW = f"{STREET}-09"
MERGER = {"kind": "merge", "units": [COMMUNITY, OTHER_COMMUNITY], "into": [{"code": NEW, "name": "星映社区"}]}


async def restructure(platform: GridGov, *steps: Any) -> Any:
    """A plan of the street's administrator for today, applied; nothing is sent yet."""
    registry, admin = platform.clients["registry"], platform.caller(Role.ADMIN, STREET)
    body = {"effective_from": str(local_day(platform.clock.now())), "steps": list(steps), "why": "整合优化"}
    plan = (await registry.post("/restructurings", json=body, headers=admin)).json()
    sent = await registry.post(
        f"/restructurings/{plan['id']}/submit", headers={**admin, "if-match": f'"{plan["version"]}"'}
    )
    assert sent.status_code == 200, sent.text
    database = platform.services["registry"].database
    assert await RestructuringWatch(lambda: UnitOfWork(database)).look()
    return plan


async def pass_on(platform: GridGov) -> None:
    """Every watch looks until nothing is left to be moved, and what follows from it is heard."""
    for service, table, owned in (
        ("registry", successions, OWNED),
        ("dispatch", dispatch_units.successions, (work_orders,)),
        ("intake", intake_units.successions, (reports,)),
    ):
        database = platform.services[service].database
        watch = SuccessionWatch(lambda database=database: UnitOfWork(database), table, owned, service=service)
        while await watch.look():
            pass
    await platform.drain()


async def there(platform: GridGov, service: str) -> set[str]:
    """The communities of the street that exist today, as a service knows them."""
    units = platform.services[service].tables.metadata.tables[f"{service}.units"]
    day = local_day(platform.clock.now())
    query = sa.select(units.c.code).where(
        units.c.parent == STREET, units.c.kind == "community", units.c.valid_from <= day
    )
    query = query.where(units.c.valid_to.is_(None) | (units.c.valid_to > day))
    async with platform.services[service].database.engine.connect() as connection:
        return set((await connection.execute(query)).scalars())


async def test_work_goes_on_at_the_successor_with_the_same_limits(own_platform: GridGov) -> None:
    platform = own_platform
    await platform.drain()
    report = await platform.reported(
        "星湖社区井盖坏了", "before", point=INSIDE, role=Role.RESIDENT, unit=STREET, channel="resident"
    )
    before = await platform.work_order(report)
    assert before["place"]["area"] == GRID
    at_home = await platform.reported(
        "看不懂", "home", role=Role.GRID_WORKER, unit=OTHER_COMMUNITY, channel="grid_worker"
    )
    plan = await restructure(platform, MERGER, {"kind": "dissolve", "units": [GRID], "into": [{"code": NEW}]})
    await platform.drain()
    await pass_on(platform)

    after = await platform.work_order(report)
    assert (after["id"], after["place"]["area"], after["state"], after["lead_unit"]) == (
        before["id"], NEW, before["state"], before["lead_unit"],
    )  # fmt: skip
    assert {n: limit["due_at"] for n, limit in after["limits"].items()} == {
        n: limit["due_at"] for n, limit in before["limits"].items()
    }
    clocks = (await platform.get("supervision", "/clocks", thing_id=before["id"]))["items"]
    assert {clock["area"] for clock in clocks} == {NEW}
    told = (await platform.get("dispatch", f"/work-orders/{before['id']}/trail"))["entries"][-1]
    assert (told["action"], told["what"]["area"], told["what"]["restructuring"]) == (
        "succeed",
        [GRID, NEW],
        plan["number"],
    )
    for found in (report, at_home):
        entries = (await platform.get("intake", f"/reports/{found}/trail"))["entries"]
        assert (entries[-1]["action"], entries[-1]["what"]["unit"][1]) == ("succeed", NEW)
    # Who has the new community's post sees both; who still has a token of the old one reports to the new one.
    seen = await platform.get("intake", "/reports", role=Role.DISPATCHER, unit=NEW)
    assert {report, at_home} <= {one["id"] for one in seen["items"]}
    late = await platform.report("看不懂", "late", role=Role.GRID_WORKER, unit=OTHER_COMMUNITY, channel="grid_worker")
    shown = await platform.get("intake", f"/reports/{late.json()['id']}", role=Role.ADMIN)
    assert shown["home"] == NEW
    await pass_on(platform)
    assert await platform.trail_violations() == []


async def test_a_service_sees_all_of_it_or_nothing_however_it_comes(
    own_platform: GridGov, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each message is sent by itself, and services look in between (F5 kills the relay for it)."""
    platform = own_platform
    await platform.drain()
    old, new = {COMMUNITY, OTHER_COMMUNITY}, {NEW}
    await restructure(platform, MERGER)
    monkeypatch.setattr(relay, "BATCH", 1)
    one = platform.services["registry"].relay
    monkeypatch.setattr(one, "_take", relay._take(tables.outbox, relay.lock_key("registry")))
    seen = {name: [old] for name in ("intake", "dispatch", "supervision")}
    while await one.send_batch():
        for consumer in platform.consumers:
            await consumer.drain()
        for name, states in seen.items():
            states.append(await there(platform, name))
    for name, states in seen.items():
        assert all(state in (old, new) for state in states), (name, states)
        assert states[-1] == new, name
