"""What stands in a premises' fire-safety file beside its head: nine basic and nine management items. Rows of data.

公安部令第61号 art. 42 and 43 name the items; which columns an item has is the law's for inspections and the like
(art. 43), else usual practice. Hazards and inspections (management items 3 and 4) have ledgers of their own; so have
trainings and drills, whose rows the file shows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

Values = Mapping[str, Any]
"""By the names of the item's columns: text, whole numbers, and days as YYYY-MM-DD; what is not known is left out."""


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    zh: str
    en: str
    kind: Literal["text", "whole", "date", "choice"] = "text"
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """`due` finds the day by which something must be done about an entry, and `due_zh`, `due_en` say what."""

    code: str
    zh: str
    en: str
    fields: tuple[Field, ...]
    due: Callable[[Values], date | None] = lambda _: None
    due_zh: str = ""
    due_en: str = ""
    of_authority: bool = False
    """An authority wrote it: staff enter it, the place itself does not."""
    ledger: str = ""
    """The ledger (its path in the API) whose rows of the premises the file shows here; nothing is written here then."""


@dataclass(frozen=True, slots=True)
class Ages:
    """Years of an extinguisher: until its first service after making, between services, until it is scrapped."""

    first: int
    again: int
    scrap: int


EXTINGUISHERS: Final[Mapping[str, Ages]] = {
    "水基型": Ages(3, 1, 6),
    "干粉": Ages(5, 2, 10),
    "洁净气体": Ages(5, 2, 10),
    "二氧化碳": Ages(5, 2, 12),
}
"""GB 50444-2008 as published on several pages."""


def _day(name: str) -> Callable[[Values], date | None]:
    return lambda values: date.fromisoformat(values[name]) if name in values else None


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, month=3, day=1)


def extinguisher_due(values: Values) -> date | None:
    """The day of its next service, or of its end where that comes first."""
    ages, made = EXTINGUISHERS[values["type"]], date.fromisoformat(values["made_on"])
    scrap = _years_after(made, ages.scrap)
    if "serviced_on" not in values:
        return min(scrap, _years_after(made, ages.first))
    return min(scrap, _years_after(date.fromisoformat(values["serviced_on"]), ages.again))


FULL_TEST, FLUE_CLEANING, ASSESSMENT = "全面检测", "油烟管道清洗", "消防安全评估"
"""What is done once in a period, and counts for the duty to do it."""

_CHECKED: Final = (
    Field("on", "时间", "day", "date", required=True),
    Field("person", "人员", "person"),
    Field("part", "部位", "part"),
    Field("content", "内容", "content", required=True),
    Field("found", "发现的隐患", "what was found"),
    Field("action", "处理措施", "what was done"),
)

_ROWS: Final = (
    Item("key_parts", "重点部位", "key parts", (
        Field("part", "部位名称", "part", required=True), Field("place", "位置", "place"), Field("use", "用途", "use"),
        Field("person", "责任人", "who answers for it"))),
    Item("approvals", "设计审核、验收、开业检查文件", "approvals", (
        Field("kind", "类型", "kind", "choice", required=True, choices=("设计审核", "验收", "备案", "开业前检查")),
        Field("number", "文号", "number", required=True), Field("on", "日期", "day", "date"),
        Field("authority", "机关", "authority")), of_authority=True),
    Item("officers", "组织与责任人", "who answers for fire safety", (
        Field("role", "职责", "role", "choice", required=True,
              choices=("消防安全责任人", "消防安全管理人", "专（兼）职管理人员", "部门负责人")),
        Field("name", "姓名", "name", required=True), Field("department", "部门", "department"),
        Field("phone", "电话", "phone"))),
    Item("rules", "消防安全制度", "rules of the house", (
        Field("rule", "制度", "rule", "choice", required=True, choices=(
            "消防安全教育培训", "防火巡查检查", "安全疏散设施管理", "消防控制室值班", "消防设施器材维护管理", "火灾隐患整改",
            "用火用电安全管理", "易燃易爆危险物品和场所防火防爆", "专职和义务消防队组织管理", "灭火和应急疏散预案演练",
            "燃气和电气设备检查管理", "消防安全工作考评和奖惩", "其他")),
        Field("on", "发布日期", "day", "date"), Field("remark", "说明", "remark"))),
    Item("facilities", "消防设施", "facilities", (
        Field("kind", "设施", "kind", "choice", required=True, choices=(
            "火灾自动报警", "自动喷水灭火", "室内消火栓", "室外消火栓", "防排烟", "防火门", "防火卷帘", "应急照明", "疏散指示",
            "消防控制室", "消防电梯", "气体灭火", "其他")),
        Field("place", "位置", "place"), Field("count", "数量", "count", "whole"),
        Field("serviced_on", "上次维保", "last maintenance", "date"),
        Field("next_on", "下次维保", "next maintenance", "date")), _day("next_on"), "设施维保", "maintenance"),
    Item("extinguishers", "灭火器", "extinguishers", (
        Field("type", "类型", "type", "choice", required=True, choices=tuple(EXTINGUISHERS)),
        Field("place", "位置", "place"), Field("count", "数量", "count", "whole", required=True),
        Field("made_on", "出厂日期", "day of making", "date", required=True),
        Field("serviced_on", "上次维修", "last service", "date")), extinguisher_due, "灭火器维修或报废", "service or end"),
    Item("brigade", "专职、义务消防队", "fire brigade of the house", (
        Field("name", "队伍", "name", required=True), Field("leader", "队长", "leader"),
        Field("people", "人数", "people", "whole"), Field("kit", "装备", "kit"))),
    Item("certificates", "重点工种人员", "people with certificates", (
        Field("name", "姓名", "name", required=True),
        Field("trade", "工种", "trade", "choice", required=True,
              choices=("消防设施操作员", "电工", "焊工", "燃气操作", "危险品管理", "其他")),
        Field("number", "证号", "number"), Field("expires_on", "有效期至", "valid until", "date")),
        _day("expires_on"), "证书到期", "a certificate expires"),
    Item("products", "消防产品、防火材料合格证明", "certificates of products", (
        Field("product", "产品", "product", required=True), Field("certificate", "证明", "certificate"),
        Field("on", "日期", "day", "date"))),
    Item("plans", "灭火和应急疏散预案", "plans for the worst", (
        Field("name", "预案", "plan", required=True), Field("groups", "分组", "groups"),
        Field("on", "制定日期", "day", "date"))),
    Item("documents", "法律文书", "documents of authorities", (
        Field("kind", "文书", "kind", required=True), Field("number", "文号", "number"),
        Field("on", "日期", "day", "date", required=True), Field("authority", "机关", "authority")), of_authority=True),
    Item("facility_checks", "设施检查、检测、维保记录", "checks of facilities", (
        Field("kind", "类型", "kind", "choice", choices=("日常维保", FULL_TEST, FLUE_CLEANING, ASSESSMENT, "其他")), *_CHECKED)),
    Item("energy_checks", "燃气、电气、防雷防静电检测", "checks of gas, electricity, lightning protection", _CHECKED),
    Item("trainings", "培训", "trainings", (
        Field("on", "时间", "day", "date", required=True), Field("people", "人数", "people", "whole"),
        Field("content", "内容", "content", required=True)), ledger="activities"),
    Item("drills", "演练", "drills", (
        Field("on", "时间", "day", "date", required=True), Field("place", "地点", "place"),
        Field("content", "内容", "content", required=True), Field("departments", "参加部门", "who took part"),
        Field("people", "人数", "people", "whole")), ledger="activities"),
    Item("fires", "火灾情况", "fires", (
        Field("on", "时间", "day", "date", required=True), Field("place", "部位", "place"),
        Field("loss", "损失", "loss"), Field("cause", "原因", "cause"))),
    Item("awards", "奖惩", "praise and punishment", (
        Field("on", "日期", "day", "date", required=True), Field("who", "对象", "who", required=True),
        Field("why", "事由", "why"))),
)  # fmt: skip

ITEMS: Final[Mapping[str, Item]] = {row.code: row for row in _ROWS}
"""In the order in which the file shows them."""
