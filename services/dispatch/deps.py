"""What dispatch's endpoints are given: the service as the composition root built it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from shared.db.unit_of_work import UnitOfWork
from shared.files.public_link import PublicLinks
from shared.units.projection import UnitProjection
from shared.worktime.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Dispatch:
    """`uow` opens a unit of work; `projection` has the unit tree; `calendar` says what working time is;
    `public_links` opens the links by which residents see photos."""

    uow: Callable[[], UnitOfWork]
    projection: UnitProjection
    calendar: Calendar
    public_links: PublicLinks


async def _dispatch(request: Request) -> Dispatch:
    # async, though it waits for nothing: FastAPI would run a plain function in a thread, at ten times its cost.
    dispatch: Dispatch = request.app.state.dispatch
    return dispatch


DispatchDep = Annotated[Dispatch, Depends(_dispatch)]
