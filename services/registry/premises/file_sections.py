"""The sections of a fire-safety file: nine basic and nine management items (公安部令第61号 art. 42 and 43), in order."""

from dataclasses import dataclass
from typing import Final, Literal

Part = Literal["basic", "management"]
Ledger = Literal["hazards", "inspections"]


@dataclass(frozen=True, slots=True)
class Section:
    """`number` is the item's within its part; `items` are the codes of what is written there (`file_items.ITEMS`), or
    `ledger` the ledger of its own that fills it."""

    part: Part
    number: int
    zh: str
    en: str
    items: tuple[str, ...] = ()
    ledger: Ledger | None = None


SECTIONS: Final = (
    Section("basic", 1, "概况与重点部位", "the place and its key parts", ("key_parts",)),
    Section("basic", 2, "设计审核、验收、开业检查文件", "approvals", ("approvals",)),
    Section("basic", 3, "组织与各级责任人", "who answers for fire safety", ("officers",)),
    Section("basic", 4, "消防安全制度", "rules of the house", ("rules",)),
    Section("basic", 5, "消防设施、灭火器材", "facilities and extinguishers", ("facilities", "extinguishers")),
    Section("basic", 6, "专职、义务消防队", "fire brigade of the house", ("brigade",)),
    Section("basic", 7, "重点工种人员", "people with certificates", ("certificates",)),
    Section("basic", 8, "消防产品、防火材料合格证明", "certificates of products", ("products",)),
    Section("basic", 9, "灭火和应急疏散预案", "plans for the worst", ("plans",)),
    Section("management", 1, "法律文书", "documents of authorities", ("documents",)),
    Section("management", 2, "设施检查、检测、维保记录", "checks of facilities", ("facility_checks",)),
    Section("management", 3, "火灾隐患及整改", "hazards and what was done", ledger="hazards"),
    Section("management", 4, "防火检查、巡查记录", "inspections and patrols", ledger="inspections"),
    Section("management", 5, "燃气、电气、防雷防静电检测", "gas, electricity, lightning", ("energy_checks",)),
    Section("management", 6, "消防安全培训", "trainings", ("trainings",)),
    Section("management", 7, "灭火和应急疏散演练", "drills", ("drills",)),
    Section("management", 8, "火灾情况", "fires", ("fires",)),
    Section("management", 9, "消防奖惩", "praise and punishment", ("awards",)),
)
