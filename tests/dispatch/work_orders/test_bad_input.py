"""The table of bad input over the actions: each row a clear problem, and afterwards nothing is changed."""

from tests.dispatch.conftest import Dispatch
from tests.dispatch.work_orders.orders import DISPATCHER
from tests.support.asgi import send
from tests.support.bad_input import Target, assert_refused, rows_for
from tests.support.city import COUNTY_URBAN


async def test_every_row_is_refused_and_changes_nothing(dispatch: Dispatch) -> None:
    order = await dispatch.opened()
    target = Target(
        path="/work-orders/{id}/assign",
        id=str(order.id),
        body={"lead_unit": COUNTY_URBAN, "why": "改派"},
        token=dispatch.token(DISPATCHER),
        text="why",
        longest_text=1_000,
        idempotent=False,
        headers=((b"if-match", b'"1"'),),
    )
    app = dispatch.service.api
    before = await dispatch.counts()
    rows = rows_for(target)
    assert len(rows) > 80
    for bad in rows:
        assert_refused(await send(app, bad.make(target)), bad)
    assert await dispatch.counts() == before
    assert (await send(app, target.sent())).status == 200, "the request is good as long as nothing is changed in it"
