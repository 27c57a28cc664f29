"""Duties as a table, and their plans as one that can be filled in and sent back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from services.registry.duties.duty import State
from services.registry.duties.kinds import ACTS, BEARERS, OUTCOMES, PERIODS
from services.registry.duties.plan import Plan, check
from services.registry.duties.plan_schemas import PlanIn
from services.registry.duties.put_plan import Stated
from services.registry.duties.reading import Found
from services.registry.errors import PLAN_WEEKDAY_WRONG
from services.registry.premises.kinds import CATEGORIES
from services.registry.units.sheet import KINDS
from shared.clock import LOCAL
from shared.http.sheets import as_a_form, as_body
from shared.limits import light
from shared.sheets.columns import YES_NO, Column
from shared.sheets.ledger import Ledger

_LIGHTS: Final = {"green": "正常", "yellow": "临期", "red": "逾期", "none": ""}
_STATES: Final = {
    State.RUNNING: "进行中",
    State.WAIVER_ASKED: "申请豁免",
    State.PAUSED: "暂停",
    State.ENDED: "终止",
}
_LISTED: Final = ("kinds", "categories", "purposes", "counts")
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "kinds": {**KINDS, **{zh.partition("（")[0]: code for zh, code in KINDS.items()}},
    "categories": {zh: code for code, zh in CATEGORIES.items()},
    "counts": {zh: code for code, zh in ACTS.items()},
}
"""Of a list in a cell, the Chinese words that stand for codes; a code may be written as well."""


def stated_of(told: Mapping[str, Any]) -> Stated:
    """The plan that a row states. Raises ValidationError, and Invalid for several weekdays."""
    said = {name: value for name, value in told.items() if value not in (None, "")}
    if len(weekdays := told.get("weekday") or ()) > 1:
        raise PLAN_WEEKDAY_WRONG()
    said["weekday"] = weekdays[0] if weekdays else None
    for name in ("below", "watched", "on", "key_units"):
        if name in said:
            said[name] = said[name] == "yes"
    for name in _LISTED:
        words = _WORDS.get(name, {})
        parts = str(said.pop(name, "")).replace("，", ",").replace("、", ",").split(",")
        if listed := [words.get(part.strip(), part.strip()) for part in parts if part.strip()]:
            said[name] = listed
    plan = as_body(PlanIn, said)
    return Stated(plan.duty, plan.variant, plan.area, plan.terms())


PLANS: Final = Ledger(
    "职责计划",
    [
        Column("duty", "职责代码", "duty", "id", required=True, note="如 fire_check；同一职责可有多个计划", example="fire_check"),
        Column("variant", "计划代码", "variant", "id", required=True, note="同一职责下区分各计划", example="shops"),
        Column("area", "适用区域编码", "area", "unit", note="留空为全部区域 empty for everywhere"),
        Column("name", "名称", "name", required=True, example="门店每月防火检查"),
        Column("bearer", "承担者", "bearer", "choice", required=True, choices={zh: code for code, zh in BEARERS.items()},
               example="场所"),
        Column("period", "周期", "period", "choice", required=True, choices={zh: code for code, zh in PERIODS.items()},
               example="每月"),
        Column("weekday", "星期几", "weekday", "weekdays", note="只用于每周固定日，填一天 one day"),
        Column("kinds", "单位类型", "kinds", note="用顿号隔开，如 社区（村）、职能部门"),
        Column("function", "部门职能", "function", "id", note="如 fire_safety"),
        Column("categories", "场所类别", "categories", note="用顿号隔开；留空为所有类别"),
        Column("key_units", "重点单位", "key units", "choice", choices=YES_NO, note="是：仅重点单位；否：仅其他；留空：都算"),
        Column("purposes", "使用性质", "purposes", note="关键词，用顿号隔开，如 餐饮、酒店"),
        Column("counts", "何种履职算数", "counts", note="用顿号隔开：检查、自查、抽查、复查、会议、演练、培训、宣传、走访、全面检测、油烟管道清洗、消防安全评估；留空则只能手工登记"),
        Column("below", "下级履职算数", "below", "choice", choices=YES_NO),
        Column("watched", "督办", "watched", "choice", choices=YES_NO, note="是：逾期由督导催办"),
        Column("on", "启用", "on", "choice", choices=YES_NO),
        Column("rank", "优先序", "rank", "whole", note="多个计划适用时，数小的为准"),
        Column("basis", "依据", "basis"),
        Column("certainty", "可靠性", "certainty", "id", note="S 见于原文，W 见于网页，A 本地自定"),
    ],
    key=("duty", "variant", "area"),
    check=as_a_form(lambda told: check(stated_of(told).terms)),
)  # fmt: skip


def plan_row(plan: Plan) -> dict[str, Any]:
    """A plan as the ledger exports it, so that it is read again."""
    terms = plan.terms
    row = {
        name: getattr(terms, name) for name in ("name", "bearer", "period", "function", "rank", "basis", "certainty")
    }
    row["weekday"] = (terms.weekday,) if terms.weekday else ()
    row |= {name: "、".join(_word(name, code) for code in getattr(terms, name)) for name in _LISTED}
    row |= {name: "yes" if getattr(terms, name) else "no" for name in ("below", "watched", "on")}
    key_units = None if terms.key_units is None else "yes" if terms.key_units else "no"
    return {**row, "key_units": key_units, "duty": plan.duty, "variant": plan.variant, "area": plan.area}


def _word(name: str, code: str) -> str:
    return next((zh for zh, known in _WORDS.get(name, {}).items() if known == code), code)


DUTIES: Final = Ledger(
    "定期职责",
    [
        Column("number", "编号", "number", "id"),
        Column("name", "职责", "duty"),
        Column("period_zh", "周期", "period"),
        Column("unit", "单位编码", "unit", "id"),
        Column("unit_name", "单位", "unit name"),
        Column("premises_number", "场所档案号", "premises number", "id"),
        Column("premises_name", "场所", "premises"),
        Column("state", "状态", "state"),
        Column("light", "时限状态", "light"),
        Column("started_at", "本期开始", "begins"),
        Column("due_at", "本期截止", "due"),
        Column("last_outcome", "上次", "last outcome"),
        Column("last_at", "上次完成", "last done"),
        Column("last_number", "上次依据", "last number", "id"),
        Column("basis", "依据", "basis"),
    ],
)


def duty_row(found: Found, now: datetime) -> dict[str, Any]:
    """A duty as the ledger exports it; times are local."""
    duty, last = found.duty, found.duty.last
    return {
        "number": duty.number, "name": duty.name, "period_zh": PERIODS[found.period], "unit": duty.unit,
        "unit_name": found.unit_name, "premises_number": found.premises_number, "premises_name": found.premises_name,
        "state": _STATES[duty.state], "light": _LIGHTS[light([duty.do], now)], "started_at": _local(duty.do.started_at),
        "due_at": _local(duty.do.due_at), "last_outcome": last and OUTCOMES[last.outcome],
        "last_at": last and _local(last.at), "last_number": last and last.number, "basis": found.basis,
    }  # fmt: skip


def _local(at: datetime) -> str:
    return f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}"
