"""The roles a post can have: the kinds of units in which each may be held (docs/rules.md §1.1), what each is called, and
what a person may do who has signed in with it. Rows of data."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.registry.units.kinds import Kind
from shared.auth.principal import Role

_OFFICES: Final = frozenset({Kind.CITY, Kind.DISTRICT, Kind.STREET})
_GRIDS: Final = frozenset({Kind.GRID, Kind.MICRO_GRID, Kind.SPECIAL_GRID})

HELD_IN: Final[Mapping[str, frozenset[Kind]]] = MappingProxyType(
    {
        "grid_worker": _GRIDS,  # 网格员
        "doorway_head": frozenset({Kind.BUILDING, Kind.DOORWAY}),  # 楼栋长, 楼门长
        "community_secretary": frozenset({Kind.COMMUNITY}),  # 社区书记
        "police_liaison": frozenset({Kind.STREET, Kind.COMMUNITY, Kind.DEPARTMENT}) | _GRIDS,  # 社区民警
        # 消防安全管理人: wherever premises lie
        "safety_manager": frozenset({Kind.STREET, Kind.COMMUNITY, Kind.BUILDING, Kind.DOORWAY}) | _GRIDS,
        "leader": _OFFICES | _GRIDS | {Kind.ZONE, Kind.COMMUNITY, Kind.DEPARTMENT},  # 领导, 包保领导
        "department_handler": frozenset({Kind.DEPARTMENT}),  # 部门经办人
        "intake_clerk": _OFFICES,  # 受理员
        "dispatcher": _OFFICES,  # 派单员
        "supervisor": _OFFICES,  # 督办员
        "auditor": _OFFICES,  # 审计员
        "admin": _OFFICES,  # 管理员
    }
)

OF_PREMISES: Final = frozenset({"safety_manager"})
"""Held of one premises, in the unit that it lies in."""

RESERVED: Final = frozenset({"auditor", "admin"})
"""Given by administrators only: a leader could otherwise become one."""

ZH: Final[Mapping[str, str]] = MappingProxyType(
    {
        "grid_worker": "网格员",
        "doorway_head": "楼门长",
        "community_secretary": "社区书记",
        "police_liaison": "社区民警",
        "safety_manager": "消防安全管理人",
        "leader": "领导",
        "department_handler": "部门经办人",
        "intake_clerk": "受理员",
        "dispatcher": "派单员",
        "supervisor": "督办员",
        "auditor": "审计员",
        "admin": "管理员",
    }
)

ACTS_AS: Final[Mapping[str, Role]] = MappingProxyType(
    {role.value: role for role in Role if role.value in HELD_IN} | {"community_secretary": Role.LEADER}
)
"""The role in which the holder calls the API. Who is not named here may report, as a resident does."""

GIVEN_FROM_ABOVE: Final = frozenset({"leader"})
"""Roles that a leader neither gives nor ends in the own unit: nobody removes those beside them."""
