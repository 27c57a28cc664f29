"""Who may change what in the registry: the caller's role was checked at the edge, here it is about the place."""

from collections.abc import Sequence

from shared.auth.principal import Principal, Role
from shared.errors import Conflict, Forbidden


def require_place(caller: Principal, line: Sequence[str], *, own: bool = False) -> None:
    """Raise Forbidden unless the unit whose `line` (its code, then its ancestors') this is lies within the caller's
    part of the tree. A leader changes what lies below the own unit, and the own unit itself only where `own` says so.
    """
    reach = caller.reach
    if reach.everything:
        return
    covered = line if own or caller.role is not Role.LEADER else line[1:]
    if reach.unit is None or reach.unit not in covered:
        raise Forbidden(
            "outside_reach",
            "该单位不在您的管辖范围内",
            "this unit is not in your part of the tree",
        )


def require_version(expected: int, stored: int) -> None:
    """Raise Conflict when the caller has read another version than the stored one."""
    if expected != stored:
        raise Conflict(
            "version_mismatch",
            "这条记录刚刚被他人修改，请刷新后重试。",
            "Somebody changed this meanwhile; reload it and try again.",
            data={"expected": expected, "version": stored},
        )
