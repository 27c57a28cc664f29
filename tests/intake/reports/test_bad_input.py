"""The table of bad input over POST /reports: each row a clear problem, and afterwards nothing is changed."""

from dataclasses import replace

from shared.auth.principal import Role
from tests.intake.conftest import Intake
from tests.support.asgi import send
from tests.support.bad_input import Target, assert_refused, rows_for
from tests.support.city import INSIDE

BODY = {"text": "路边井盖不见了", "title": "井盖", "point": INSIDE, "occurred_at": "2026-11-18T09:30:00+08:00"}


async def test_every_row_is_refused_and_changes_nothing(intake: Intake) -> None:
    target = Target(
        path="/reports",
        body=BODY,
        token=intake.token(Role.INTAKE_CLERK, "A7"),
        text="text",
        longest_text=10_000,
    )
    app = intake.service.api
    assert (await send(app, target.sent())).status == 201, "the request is good as long as nothing is changed in it"
    before = await intake.counts()
    # Written as escapes, 10,001 of these characters are more bytes than a body may have; that is seen first.
    rows = [
        replace(bad, status=413, code="body_too_large") if bad.name == "text too long outside the BMP" else bad
        for bad in rows_for(target)
    ]
    assert len(rows) > 80
    for bad in rows:
        assert_refused(await send(app, bad.make(target)), bad)
    assert await intake.counts() == before
