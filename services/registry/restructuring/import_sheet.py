"""A plan from a table: all rows are checked, against each other and the registry, before there is a draft."""

from datetime import date

from services.registry.restructuring.check import check_steps
from services.registry.restructuring.draft_plan import draft_plan
from services.registry.restructuring.plan import Restructuring
from services.registry.restructuring.sheet import steps_of
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.sheets.taking import Sent


async def import_plan(sent: Sent, day: date, why: str, caller: Principal, uow: UnitOfWork) -> Restructuring:
    """A draft of what the rows say. Raises RowsRefused, naming each row that cannot be done and why."""
    told, refused = steps_of(sent.reading.rows)
    sent.require_all(refused)
    steps = [one.step for one in told]
    checked = await check_steps(steps, day, caller, uow)
    for trouble in checked.troubles:
        error = trouble.error
        field = {"into": "new_code", "units": "code"}.get(error.field or "", error.field)
        refused += [(row, type(error)(error.code, error.zh, error.en, field=field)) for row in told[trouble.step].rows]
    sent.require_all(refused)
    return await draft_plan(steps, day, why, caller, uow, checked=checked)
