"""What dispatch's endpoints are given: the service as the composition root built it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.dispatch.unit_of_work import DispatchUnitOfWork
from shared.worktime.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Dispatch:
    """`uow` opens a unit of work; `calendar` says what working time is."""

    uow: Callable[[], DispatchUnitOfWork]
    calendar: Calendar


async def _dispatch(request: Request) -> Dispatch:
    # async, though it waits for nothing: FastAPI would run a plain function in a thread, at ten times its cost.
    dispatch: Dispatch = request.app.state.dispatch
    return dispatch


DispatchDep = Annotated[Dispatch, Depends(_dispatch)]
