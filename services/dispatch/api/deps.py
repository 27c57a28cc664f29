"""What dispatch's endpoints are given: the service as the composition root built it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.dispatch.store.unit_of_work import DispatchUnitOfWork
from shared.worktime.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Dispatch:
    """`uow` opens a unit of work; `calendar` says what working time is."""

    uow: Callable[[], DispatchUnitOfWork]
    calendar: Calendar


def _dispatch(request: Request) -> Dispatch:
    dispatch: Dispatch = request.app.state.dispatch
    return dispatch


DispatchDep = Annotated[Dispatch, Depends(_dispatch)]
