"""What the endpoints that the kit makes hand to a slice: who calls, within which unit of work of which service."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork


class Service(Protocol):
    """What endpoints are given of their service."""

    @property
    def uow(self) -> Callable[[], UnitOfWork]:
        """Opens a unit of work."""
        ...


S = TypeVar("S", bound=Service)


@dataclass(frozen=True, slots=True)
class Call(Generic[S]):
    """Who calls, and in which unit of work of which service; `why` an import goes on the trail of what it changes."""

    caller: Principal
    uow: UnitOfWork
    service: S
    why: str | None = None
