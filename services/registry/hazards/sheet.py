"""Hazards as a table: the columns of their template, import and export, in the words of the pages.

An import enters hazards that were found on paper; what is exported says more, and is passed over when it comes back.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from services.registry.hazards.errors import HAZARD_CRITERIA_HALF
from services.registry.hazards.items import ITEM_WORDS, ITEMS
from services.registry.hazards.reading import Row
from services.registry.hazards.schemas import CriteriaBody, HazardIn
from services.registry.hazards.wording import GRADES, LIGHTS, LISTINGS, SOURCES, STATES
from shared.http.sheets import as_a_form, as_body
from shared.limits import light
from shared.sheets.columns import YES_NO, Column
from shared.sheets.ledger import Ledger
from shared.worktime.days import last_day_of


def _as_a_form_would_be(told: Mapping[str, Any]) -> None:
    if bool(told["edition"]) != bool(told["element"]):
        raise HAZARD_CRITERIA_HALF()
    criteria = {name: told[name] for name in CriteriaBody.model_fields} if told["edition"] else None
    as_body(HazardIn, {**told, "fixed_on_spot": told["fixed_on_spot"] == "yes", "criteria": criteria})


HAZARDS: Final = Ledger(
    "隐患",
    [
        Column("number", "隐患编号", "number", "id", note="新隐患留空 leave empty for a new hazard"),
        Column("premises", "场所档案号", "number of the premises", "premises", synonyms=("档案号",), instead="place",
               note="档案号或场所名称；场所以外的隐患留空 number or name"),
        Column("unit", "所在网格编码", "unit", "unit", synonyms=("网格编码", "所属网格", "网格", "网格名称"),
               note="编码或名称；填了场所可留空 code or name", example="A7-QT-01-001"),
        Column("item", "检查项目", "item", "choice", required=True, choices={zh: item for item, (zh, _) in ITEMS.items()},
               synonyms=("隐患类别", "项目"), also=ITEM_WORDS,
               example="疏散"),
        Column("text", "隐患内容", "what is wrong", required=True, synonyms=("存在隐患", "存在问题", "隐患情况", "问题描述"), example="二楼东侧安全出口堆放杂物"),
        Column("fixed_on_spot", "当场整改", "fixed on the spot", "choice", choices=YES_NO),
        Column("rectify_by", "整改期限", "put right until", "date", note="留空按等级默认 empty: the default of its grade"),
        Column("edition", "判定标准版本", "edition of the criteria", note="重大火灾隐患填写，如 GB 35181-2025"),
        Column("element", "判定要素", "element of the criteria"),
        Column("place", "场所名称", "name of the premises", synonyms=("单位名称", "被检查单位")),
        Column("grade", "等级", "grade"),
        Column("state", "状态", "state"),
        Column("light", "时限状态", "light"),
        Column("listing", "挂牌督办", "listing"),
        Column("source", "来源", "source"),
        Column("found_on", "发现日期", "found on", "date"),
        Column("due_at", "最近到期", "due next", "instant"),
        Column("measures", "整改措施", "measures"),
        Column("department", "负责部门", "department"),
        Column("person", "负责人", "person"),
        Column("funds", "资金", "funds"),
        Column("interim", "临时防范", "interim measures"),
        Column("signed_by", "签字确认", "signed by"),
        Column("result", "整改结果", "result"),
        Column("failed", "复查不通过次数", "failed re-inspections", "whole"),
        Column("order", "工单编号", "work order", "id"),
        Column("closed_at", "销案时间", "closed at", "instant"),
    ],
    check=as_a_form(_as_a_form_would_be),
)  # fmt: skip


def row_of(row: Row, now: datetime) -> dict[str, Any]:
    """A hazard as the ledger exports it."""
    hazard, sheet = row.hazard, row.hazard.sheet
    return {
        "number": hazard.number,
        "premises": row.premises_number,
        "unit": hazard.unit,
        "item": hazard.item,
        "text": hazard.text,
        "fixed_on_spot": "yes" if hazard.rectify is None else "no",
        "rectify_by": last_day_of(hazard.rectify.due_at) if hazard.rectify else None,
        "edition": hazard.criteria.edition if hazard.criteria else "",
        "element": hazard.criteria.element if hazard.criteria else "",
        "place": row.place,
        "grade": GRADES[hazard.grade].zh,
        "state": STATES[hazard.state].zh,
        "light": LIGHTS[light(hazard.limits.values(), now)].zh,
        "listing": LISTINGS[hazard.listing].zh,
        "source": f"{SOURCES[hazard.source.kind].zh} {hazard.source.number}".strip(),
        "found_on": hazard.found_on,
        "due_at": hazard.due_at,
        "measures": sheet.measures if sheet else "",
        "department": sheet.department if sheet else "",
        "person": sheet.person if sheet else "",
        "funds": sheet.funds if sheet else "",
        "interim": sheet.interim if sheet else "",
        "signed_by": sheet.signed_by if sheet else "",
        "result": hazard.result,
        "failed": hazard.failed,
        "order": hazard.order_number,
        "closed_at": hazard.closed_at,
    }
