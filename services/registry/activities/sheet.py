"""Activities as a table: the columns of their template, import and export."""

from collections.abc import Mapping
from typing import Any, Final

from services.registry.activities.activity import ActivityState
from services.registry.activities.errors import ACTIVITY_PEOPLE_MISSING
from services.registry.activities.kinds import KINDS, TARGETS
from services.registry.activities.reading import Named
from services.registry.activities.schemas import ActivityIn
from services.registry.premises.file_sheet import column_of
from shared.http.sheets import as_a_form, as_body
from shared.sheets.columns import Column
from shared.sheets.ledger import Ledger

_STATES: Final = {"计划": ActivityState.PLANNED, "已举行": ActivityState.HELD, "已取消": ActivityState.CANCELLED}
_PLANNED: Final = {field.name: field for of in KINDS.values() for field in of.planned}
_RESULTS: Final = {field.name: field for of in KINDS.values() for field in of.results}
_PLAN: Final = ("kind", "title", "unit", "starts_at", "ends_at", "place", "content", "organiser", "target")


def body_of(told: Mapping[str, Any]) -> ActivityIn:
    """What a row states, without its premises, which it names by the number of their file. Raises ValidationError, Invalid."""
    said = {name: told[name] for name in _PLAN if told.get(name) not in (None, "")}
    said["details"] = _kept(told, _PLANNED)
    if told.get("state") == ActivityState.HELD:
        if told.get("people") is None:
            raise ACTIVITY_PEOPLE_MISSING()
        said["outcome"] = {
            "people": told["people"], "departments": told.get("departments") or (), "results": _kept(told, _RESULTS)
        }  # fmt: skip
    return as_body(ActivityIn, said)


def _kept(told: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in names if told.get(name) not in (None, "")}


def _as_a_form_would_be(told: Mapping[str, Any]) -> None:
    body = body_of(told)
    body.plan()
    body.held()


def _optional(name: str, fields: Mapping[str, Any]) -> Column:
    """A column that only some rows fill, so that none is required."""
    column = column_of(fields[name])
    kinds = "、".join(of.zh for of in KINDS.values() if fields[name] in (*of.planned, *of.results))
    return Column(name, column.zh, column.en, column.kind, choices=column.choices, note=f"仅{kinds}填写")


ACTIVITIES: Final = Ledger(
    "宣传培训演练",
    [
        Column("number", "编号", "number", "id", note="新登记留空；导出的行带编号，修改后可再导入 leave empty for new ones"),
        Column("kind", "类型", "kind", "choice", required=True, choices={of.zh: kind for kind, of in KINDS.items()},
               synonyms=("活动类型",), example="宣传"),
        Column("title", "主题", "title", required=True, synonyms=("名称", "活动名称"), example="冬季防火进社区"),
        Column("unit", "所在单位编码", "unit", "unit", synonyms=("网格编码", "社区编码", "所属网格", "所属社区"), example="A7-QT-01",
               note="街道、社区、网格或楼栋；填写档案号的可留空 may be empty where premises are named"),
        Column("premises", "场所档案号", "premises", "premises", synonyms=("档案号", "场所名称", "场所"),
               note="在某场所举行的填写，档案号或名称 for what is held at premises: number or name"),
        Column("starts_at", "开始时间", "starts at", "instant", required=True, synonyms=("时间", "日期"),
               example="2026-11-09 09:00"),
        Column("ends_at", "结束时间", "ends at", "until"),
        Column("place", "地点", "place", example="社区广场"),
        Column("state", "状态", "state", "choice", choices=_STATES, note="空为计划 planned where empty", example="已举行"),
        Column("target", "五进对象", "target", "choice", choices={zh: target for target, (zh, _) in TARGETS.items()},
               note="仅宣传填写 publicity only", example="进社区"),
        Column("organiser", "组织单位", "organiser"),
        Column("people", "参加人数", "people", "whole", synonyms=("人数", "受众人数"), example=80),
        Column("departments", "参加部门", "departments", "list", note="用顿号隔开", example="消防站、派出所"),
        Column("content", "内容", "content"),
        *(_optional(name, _PLANNED) for name in _PLANNED),
        *(_optional(name, _RESULTS) for name in _RESULTS),
    ],
    check=as_a_form(_as_a_form_would_be),
    about="活动",
)  # fmt: skip


def row_of(found: Named) -> dict[str, Any]:
    """An activity as the ledger exports it."""
    one = found.activity
    outcome = one.outcome
    return {
        "number": one.number, "state": one.state, "premises": found.premises_number,
        **{name: getattr(one.plan, name) for name in _PLAN}, **one.plan.details,
        **({"people": outcome.people, "departments": outcome.departments, **outcome.results} if outcome else {}),
    }  # fmt: skip
