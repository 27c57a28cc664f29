"""Who may change what in the registry: the caller's role was checked at the edge, here it is about the place."""

from collections.abc import Sequence

from shared.auth.principal import Principal, Role
from shared.errors import OUTSIDE_REACH


def require_place(caller: Principal, ancestors: Sequence[str], *, own: bool = False) -> None:
    """Raise Forbidden unless the unit whose code and ancestors these are lies within the caller's part of the tree. A
    leader changes what lies below the own unit, and the own unit itself only where `own` says so.
    """
    if not covers(caller, ancestors, own=own):
        raise OUTSIDE_REACH()


def covers(caller: Principal, ancestors: Sequence[str], *, own: bool = False) -> bool:
    """Whether `require_place` lets the caller through."""
    reach = caller.reach
    if reach.everything:
        return True
    covered = ancestors if own or caller.role is not Role.LEADER else ancestors[1:]
    return reach.unit is not None and reach.unit in covered
