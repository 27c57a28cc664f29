"""What supervision's endpoints are given: the service as the composition root built it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.supervision.unit_of_work import SupervisionUnitOfWork


@dataclass(frozen=True, slots=True)
class Supervision:
    """`uow` opens a unit of work."""

    uow: Callable[[], SupervisionUnitOfWork]


def _supervision(request: Request) -> Supervision:
    supervision: Supervision = request.app.state.supervision
    return supervision


SupervisionDep = Annotated[Supervision, Depends(_supervision)]
