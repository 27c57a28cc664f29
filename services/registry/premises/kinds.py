"""What kinds of premises there are, and in what state one can be. Rows of data with their Chinese words."""

from enum import StrEnum
from typing import Final


class Category(StrEnum):
    CROWDED = "crowded"
    FLAMMABLE = "flammable"
    HIGH_RISE = "high_rise"
    UNDERGROUND = "underground"
    KEY = "key"
    SHOP = "shop"
    FAMILY_WORKSHOP = "family_workshop"
    SMALL_PLACE = "small_place"
    RESIDENTIAL = "residential"
    OTHER = "other"


class Use(StrEnum):
    """Whether the place is used: what is closed for good stays in the ledger, and owes nothing any more."""

    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


CATEGORIES: Final = {
    Category.CROWDED: "人员密集场所",
    Category.FLAMMABLE: "易燃易爆场所",
    Category.HIGH_RISE: "高层建筑",
    Category.UNDERGROUND: "地下建筑",
    Category.KEY: "消防安全重点单位",
    Category.SHOP: "沿街门店",
    Category.FAMILY_WORKSHOP: "家庭作坊（三合一）",
    Category.SMALL_PLACE: "九小场所",
    Category.RESIDENTIAL: "居民小区、家庭",
    Category.OTHER: "其他",
}
USES: Final = {Use.OPEN: "在用", Use.SUSPENDED: "停业", Use.CLOSED: "注销"}
