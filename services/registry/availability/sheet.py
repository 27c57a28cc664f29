"""Leave and shifts as tables: the columns of their templates, imports and exports. People stand in them by their subject."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from services.registry.availability.leave import KINDS, STATES, Leave
from services.registry.availability.schemas import LeaveBody, ShiftBody
from services.registry.availability.shift import Shift
from services.registry.posts.roles import ZH
from shared.http.sheets import as_a_form, as_body
from shared.sheets.columns import Column
from shared.sheets.ledger import Ledger

_ROLES: Final = {zh: role for role, zh in ZH.items()}


def leave_of(told: Mapping[str, Any]) -> LeaveBody:
    """The row as a POST would say it. Raises ValidationError."""
    return as_body(LeaveBody, told)


def shift_of(told: Mapping[str, Any], today: date) -> Shift:
    """The row as a POST would say it. Raises ValidationError, Invalid."""
    return as_body(ShiftBody, told).shift(today)


_PERSON: Final = Column(
    "person", "人员标识", "person", "person", synonyms=("工号", "人员"), example="P00016",
    note="登录标识，或有账号者的姓名 the subject the person signs in with, or a name",
)  # fmt: skip
_NAME: Final = Column("name", "姓名", "name", note="没有人员标识时按姓名查找 read where there is no subject")
_UNIT_NAME: Final = Column(
    "unit_name", "单位名称", "unit name", note="没有编码时按名称查找 read where there is no code"
)

LEAVE: Final = Ledger(
    "请假",
    [
        replace(_PERSON, required=True, instead="name"),
        _NAME,
        Column("kind", "类别", "kind", "choice", required=True, choices={zh: kind for kind, zh in KINDS.items()}, also={"年假": "annual"},
               example="年休假", synonyms=("请假类别",)),
        Column("starts_at", "开始时间", "from", "instant", required=True, note="只写日期即该日 0 点 a day alone is its beginning", example="2026-12-01"),
        Column("ends_at", "结束时间", "to", "until", required=True, example="2026-12-03"),
        Column("reason", "事由", "reason"),
        Column("state", "状态", "state", "choice", choices={zh: state for state, zh in STATES.items()},
               note="导入的请假即为已批准 imported leave is granted"),
        _UNIT_NAME,
    ],
    key=("person", "starts_at"),
    check=as_a_form(leave_of),
)  # fmt: skip

SHIFTS: Final = Ledger(
    "值班",
    [
        Column("unit", "单位编码", "unit", "unit", required=True, synonyms=("单位", "网格编码", "网格"), example="A7-QT-01-001",
               instead="unit_name", note="编码或名称 its code or its name"),
        _UNIT_NAME,
        Column("role", "岗位", "role", "choice", required=True, choices=_ROLES, example="网格员"),
        replace(_PERSON, note="留空表示该岗位全体 empty: all who hold the role", example=None, instead="name"),
        _NAME,
        Column("weekdays", "每周", "weekdays", "weekdays", synonyms=("星期", "值班星期"), example="周一、周三、周五", note="与“日期”二选一 or single days"),
        Column("days", "日期", "days", "days", note="如 2026-12-01、2026-12-02"),
        Column("begins", "开始", "begins", "clock", synonyms=("上班时间", "开始时间"), required=True, example="08:00"),
        Column("ends", "结束", "ends", "clock", synonyms=("下班时间", "结束时间"), required=True, example="20:00", note="早于开始则为次日 next day where earlier"),
        Column("valid_from", "执行日期", "valid from", "date", note="不填为今天 today where empty"),
        Column("valid_to", "停止日期", "valid to", "date", note="停止的第一天 the first day without it"),
    ],
    check=as_a_form(lambda told: shift_of(told, date.min)),
)  # fmt: skip


def leave_row(leave: Leave, unit_name: str, name: str | None) -> dict[str, Any]:
    """Leave as the ledger exports it."""
    told = ("person", "kind", "starts_at", "ends_at", "reason", "state")
    return {field: getattr(leave, field) for field in told} | {"name": name, "unit_name": unit_name}


def shift_row(shift: Shift, unit_name: str, name: str | None) -> dict[str, Any]:
    """A shift as the ledger exports it. Single days say from when to when by themselves."""
    told = {field: getattr(shift, field) for field in ("unit", "role", "person", "begins", "ends")}
    span = {} if shift.days else {"valid_from": shift.valid_from, "valid_to": shift.valid_to}
    return {
        **told, **span, "name": name, "unit_name": unit_name, "days": shift.days, "weekdays": shift.weekdays,
    }  # fmt: skip
