"""What supervision's endpoints are given: the service as the composition root built it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from shared.db.unit_of_work import UnitOfWork
from shared.units.projection import UnitProjection


@dataclass(frozen=True, slots=True)
class Supervision:
    """`uow` opens a unit of work; `projection` has the unit tree."""

    uow: Callable[[], UnitOfWork]
    projection: UnitProjection


async def _supervision(request: Request) -> Supervision:
    # async, though it waits for nothing: FastAPI would run a plain function in a thread, at ten times its cost.
    supervision: Supervision = request.app.state.supervision
    return supervision


SupervisionDep = Annotated[Supervision, Depends(_supervision)]
