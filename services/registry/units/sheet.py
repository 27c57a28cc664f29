"""Units as a table: the columns of their template, import and export. Boundaries are drawn, and stand in no table."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from services.registry.units.kinds import ZH, Kind
from services.registry.units.schemas import UnitBody
from services.registry.units.unit import Unit, UnitState
from shared.http.sheets import as_a_form, as_body
from shared.sheets.columns import Column
from shared.sheets.ledger import Ledger
from shared.sheets.rows import Row

KINDS: Final[Mapping[str, str]] = {zh: kind for kind, zh in ZH.items()}


def body_of(told: Mapping[str, Any]) -> UnitBody:
    """The row as a PUT would say it. Raises ValidationError."""
    return as_body(UnitBody, told)


UNITS: Final = Ledger(
    "单位",
    [
        Column("code", "编码", "code", "id", required=True, synonyms=("单位编码", "网格编码"), example="A7-QT-01-001",
               note="以上级编码开头 begins with the parent's code"),
        Column("kind", "类型", "kind", "choice", required=True, choices=KINDS, example="网格", synonyms=("单位类型",),
               also={"大网格": Kind.STREET, "中网格": Kind.COMMUNITY, "小网格": Kind.GRID, "行政村": Kind.COMMUNITY, "楼门": Kind.DOORWAY}),
        Column("name", "名称", "name", required=True, synonyms=("单位名称", "网格名称"), example="某某社区第1网格"),
        Column("parent", "上级编码", "parent", "unit", synonyms=("上级", "上级单位", "上级单位编码"), example="A7-QT-01"),
        Column("aliases", "别名", "aliases", "list", note="用顿号隔开 separated by 、"),
        Column("households", "户数", "households", "whole", example=320),
        Column("residents", "人数", "residents", "whole", synonyms=("人口",), example=860),
        Column("functions", "职责", "functions", "list", note="仅职能部门，如 fire_safety departments only"),
        Column("serves", "服务区域", "serves", "units", note="仅职能部门，填区域编码 departments only, codes of areas"),
        Column("valid_from", "开始日期", "valid from", "date", required=True, synonyms=("启用日期",), example="2026-01-01"),
        Column("valid_to", "停用日期", "valid to", "date", synonyms=("结束日期",), note="停用的第一天 the first day without it"),
        Column("version", "版本", "version", "whole", note="导出时的版本；填写后，他人改过则拒绝 refused if changed since"),
    ],
    key=("code",),
    check=as_a_form(body_of),
)  # fmt: skip


def row_of(unit: Unit) -> dict[str, Any]:
    """A unit as the ledger exports it."""
    state = unit.state
    names = (column.name for column in UNITS.columns if column.name != "version")
    return {name: getattr(state, name) for name in names} | {"version": unit.version}


def state_of(row: Row, before: UnitState | None) -> UnitState:
    """What a row states; a boundary, and what its table has no column for, stays as it was."""
    state = body_of(row.values).state(row.values["code"])
    return state if before is None else replace(state, boundary=before.boundary, **row.kept(before))
