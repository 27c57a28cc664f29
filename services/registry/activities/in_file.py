"""Trainings and drills held at premises, as the premises' file shows them: stored in this ledger alone."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from services.registry.activities.activity import Activity
from services.registry.activities.kinds import ActivityKind
from services.registry.activities.reading import ActivityReader
from services.registry.premises.file_entry import FileEntry
from shared.auth.principal import Principal
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork

_ITEMS: Final = {ActivityKind.TRAINING: "trainings", ActivityKind.DRILL: "drills"}
"""公安部令第61号 art. 43 names these two; publicity is no part of a file."""


async def activities_in_file(
    uow: UnitOfWork, caller: Principal, premises_id: UUID, as_of: date | None
) -> Sequence[FileEntry]:
    """What was held by a past day, today where it is None, oldest first; the id is the activity's."""
    held = await ActivityReader(uow, caller).of_premises(premises_id, as_of)
    return [
        FileEntry(one.id, premises_id, _ITEMS[one.plan.kind], _values(one), None, None, one.version)
        for one in held
        if one.plan.kind in _ITEMS
    ]


def _values(one: Activity) -> dict[str, Any]:
    """By the names of the items' columns."""
    plan, outcome = one.plan, one.outcome
    values: dict[str, Any] = {"on": local_day(plan.starts_at).isoformat(), "content": plan.content or plan.title}
    if outcome is not None:
        values["people"] = outcome.people
    if plan.kind is ActivityKind.DRILL:
        told = {"place": plan.place, "departments": "、".join(outcome.departments) if outcome else ""}
        values |= {name: text for name, text in told.items() if text}
    return values
