"""A plan from a table: all rows are checked, against each other and the registry, before there is a draft."""

from datetime import date

from services.registry.restructuring.check import check_steps
from services.registry.restructuring.draft_plan import draft_plan
from services.registry.restructuring.plan import Restructuring
from services.registry.restructuring.sheet import PLAN, steps_of
from services.registry.units.import_sheet import RowsRefused
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.sheets.reading import Reading


async def import_plan(reading: Reading, day: date, why: str, caller: Principal, uow: UnitOfWork) -> Restructuring:
    """A draft of what the rows say. Raises RowsRefused, naming each row that cannot be done and why."""
    told, refused = steps_of(reading.rows)
    refusals = [*reading.refusals, *(reading.refuse(row, PLAN.column(error.field), error) for row, error in refused)]
    steps = [one.step for one in told]
    checked = await check_steps(steps, day, caller, uow) if steps and not refusals else None
    if checked is not None:
        for trouble in checked.troubles:
            error = trouble.error
            field = {"into": "new_code", "units": "code"}.get(error.field or "", error.field)
            refusals += [reading.refuse(row, PLAN.column(field), error) for row in told[trouble.step].rows]
    if refusals:
        raise RowsRefused(refusals)
    return await draft_plan(steps, day, why, caller, uow, checked=checked)
