"""Work orders as a table: the columns of the export, in the words of the pages. Nobody imports them."""

from collections.abc import Mapping
from typing import Any, Final

from services.dispatch.work_orders.context import Context
from services.dispatch.work_orders.wording import LIGHTS, PRIORITIES, STATES, TIERS
from services.dispatch.work_orders.work_order import WorkOrder
from shared.limits import light
from shared.sheets.columns import Column
from shared.sheets.ledger import Ledger
from shared.worktime.words import limit_in_words

WORK_ORDERS: Final = Ledger(
    "工单",
    [
        Column("number", "工单编号", "number", "id"),
        Column("state", "状态", "state"),
        Column("light", "时限状态", "light"),
        Column("due_at", "最近到期", "due next", "instant"),
        Column("title", "标题", "title"),
        Column("text", "内容", "text"),
        Column("category", "类别", "category"),
        Column("street", "街道", "street"),
        Column("area", "区域", "area"),
        Column("address", "地址", "address"),
        Column("lead_unit", "责任单位", "lead unit"),
        Column("lead_code", "责任单位编码", "code of the lead unit", "id"),
        Column("priority", "紧急程度", "priority"),
        Column("tier", "处置层级", "tier"),
        Column("accept_due_at", "签收期限", "accept until", "instant"),
        Column("resolve_limit", "办结时限", "limit to resolve"),
        Column("resolve_due_at", "办结期限", "resolve until", "instant"),
        Column("reported_at", "上报时间", "reported at", "instant"),
        Column("opened_at", "立案时间", "opened at", "instant"),
        Column("resolved_at", "办结时间", "resolved at", "instant"),
        Column("closed_at", "结案时间", "closed at", "instant"),
        Column("result", "办理结果", "result"),
        Column("asked", "待批申请", "asked for"),
        Column("returns", "退单次数", "returns", "whole"),
        Column("returned_why", "退单原因", "why returned"),
        Column("suggested_unit", "建议单位", "suggested unit"),
        Column("reworks", "返工次数", "reworks", "whole"),
        Column("extensions", "延期次数", "extensions", "whole"),
        Column("reopened", "重开次数", "reopened", "whole"),
        Column("source", "民情编号", "report", "id"),
    ],
)
_ASKED: Final[Mapping[str, str]] = {"suspension": "挂账", "extension": "延期"}


def row_of(order: WorkOrder, context: Context) -> dict[str, Any]:
    """A work order as the table shows it; units by their names of today."""

    def name(code: str | None) -> str:
        unit = context.tree.get(code)
        return unit.name if unit else code or ""

    plain = ("number", "title", "text", "category", "reported_at", "opened_at", "closed_at", "result", "due_at",
             "returns", "returned_why", "reworks", "extensions", "reopened")  # fmt: skip
    return {field: getattr(order, field) for field in plain} | {
        "state": STATES[order.state].zh,
        "light": LIGHTS[light(order.limits.values(), context.now)].zh,
        "street": name(order.place.street),
        "area": name(order.place.area),
        "address": order.place.address,
        "lead_unit": name(order.lead_unit),
        "lead_code": order.lead_unit,
        "priority": PRIORITIES[order.priority].zh,
        "tier": TIERS[order.tier].zh,
        "accept_due_at": order.accept.due_at,
        "resolve_limit": limit_in_words(order.resolve.limit).zh,
        "resolve_due_at": order.resolve.due_at,
        "resolved_at": order.resolve.ended_at,
        "asked": _ASKED[order.asked.kind] if order.asked else "",
        "suggested_unit": name(order.suggested_unit),
        "source": order.sources[0].number,
    }
