"""The table of bad input over the actions: each row a clear problem, and afterwards nothing is changed."""

from shared.auth.principal import Role
from tests.support.asgi import send
from tests.support.bad_input import Target, assert_refused, rows_for
from tests.support.city import COUNTY_URBAN, STREET
from tests.support.gridgov import GridGov


async def test_every_row_is_refused_and_changes_nothing(platform: GridGov) -> None:
    order = await platform.work_order(await platform.reported("星湖社区井盖", "bad-input"))
    target = Target(
        path="/work-orders/{id}/assign",
        id=order["id"],
        body={"lead_unit": COUNTY_URBAN, "why": "改派"},
        token=platform.token(Role.DISPATCHER, STREET),
        text="why",
        longest_text=1_000,
        idempotent=False,
        headers=((b"if-match", b'"1"'),),
    )
    app = platform.services["dispatch"].api
    before = await platform.rows()
    rows = rows_for(target)
    assert len(rows) > 80
    for bad in rows:
        assert_refused(await send(app, bad.make(target)), bad)
    assert await platform.rows() == before
    assert (await send(app, target.sent())).status == 200, "the request is good as long as nothing is changed in it"
