"""The premises of the demo: names, kinds and figures, drawn by arithmetic, so that each start has the same. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from services.registry.premises.kinds import Category, Use
from services.registry.premises.premises import About

_DIGITS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_AREA: Final = "91990100MA"
"""Begins every credit code of the demo: no place in China has the district 990100."""
_SURNAMES: Final = "王李张刘陈杨黄周吴徐孙马朱胡郭何高林罗郑"
_GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
_SHOPS: Final = (
    "福满楼",
    "湘味居",
    "好又多",
    "惠民",
    "康乐",
    "星辰",
    "金色童年",
    "顺达",
    "雅致",
    "汇丰",
    "新世纪",
    "老百姓",
    "鸿运",
    "佳和",
    "天天",
)
_ROADS: Final = ("泉塘路", "星沙大道", "东升路", "盼盼路", "漓湘路", "板仓路", "灰埠路", "特立路")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where premises may lie: a unit with its short name, and a point of it (WGS-84), where it has a boundary."""

    unit: str
    name: str
    point: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Sort:
    """What the places of one sort are like: `parts` of a hundred are such. `area` in m²."""

    parts: int
    category: Category
    what: str
    purpose: str
    area: int
    floors: int
    people: int
    hours: tuple[str, str] | None = None
    key_unit: bool = False
    small_kind: str = ""
    closed_on: tuple[int, ...] = ()


SORTS: Final = (
    Sort(18, Category.SMALL_PLACE, "餐馆", "餐饮", 120, 2, 60, ("10:00", "22:00"), small_kind="小餐饮场所"),
    Sort(14, Category.SMALL_PLACE, "超市", "零售", 260, 1, 80, ("08:00", "22:00"), small_kind="小商店"),
    Sort(12, Category.SHOP, "五金建材店", "零售", 90, 1, 10, ("08:30", "20:00")),
    Sort(10, Category.SHOP, "药店", "零售", 110, 1, 15, ("08:00", "21:30")),
    Sort(10, Category.FAMILY_WORKSHOP, "服装加工坊", "生产加工", 180, 3, 12),
    Sort(8, Category.CROWDED, "幼儿园", "学校", 2400, 3, 320, ("07:30", "18:00"), key_unit=True),
    Sort(6, Category.CROWDED, "宾馆", "旅馆", 3200, 6, 240, key_unit=True),
    Sort(5, Category.CROWDED, "网吧", "公共娱乐", 420, 2, 150, ("09:00", "23:30"), closed_on=(1,)),
    Sort(5, Category.HIGH_RISE, "写字楼", "办公", 18000, 24, 900, ("08:00", "20:00"), closed_on=(6, 7)),
    Sort(4, Category.FLAMMABLE, "液化气站", "危险品", 600, 1, 12, ("08:00", "18:00"), key_unit=True),
    Sort(3, Category.UNDERGROUND, "地下停车场", "停车", 5200, 1, 60),
    Sort(3, Category.KEY, "商场", "商业", 22000, 5, 2600, ("09:30", "22:00"), key_unit=True),
    Sort(2, Category.RESIDENTIAL, "住宅小区", "居住", 46000, 18, 1800),
)
_DRAWN: Final = tuple(sort for sort in SORTS for _ in range(sort.parts))


def premises_at(spots: Sequence[Spot]) -> list[About]:
    """One for each spot. A few have closed, and a few key units lack somebody who manages their fire safety."""
    return list(_premises(spots))


def _premises(spots: Sequence[Spot]) -> Iterator[About]:
    for at, spot in enumerate(spots):
        sort = _DRAWN[at * 37 % len(_DRAWN)]
        person, manager = name_at(at), name_at(at * 3 + 7)
        longitude, latitude = spot.point or (None, None)
        opens, closes = sort.hours or ("", "")
        yield About(
            name=f"{spot.name}{_SHOPS[at * 7 % len(_SHOPS)]}{sort.what}",
            category=sort.category,
            unit=spot.unit,
            address=f"{_ROADS[at * 3 % len(_ROADS)]}{at * 13 % 280 + 1}号",
            key_unit=sort.key_unit,
            use=Use.CLOSED if at % 41 == 40 else Use.SUSPENDED if at % 37 == 36 else Use.OPEN,
            small_kind=sort.small_kind,
            credit_code=credit_code(at),
            longitude=longitude,
            latitude=latitude,
            purpose=sort.purpose,
            floor_area=float(sort.area + at * 17 % (sort.area // 3 + 1)),
            floors_above=0 if sort.category is Category.UNDERGROUND else sort.floors,
            floors_below=1 if sort.category is Category.UNDERGROUND else 0,
            people=sort.people,
            opens=opens,
            closes=closes,
            closed_on=sort.closed_on,
            responsible=person,
            responsible_phone=f"1990000{at:04}",
            manager="" if sort.key_unit and at % 5 == 0 else manager,
            manager_phone="" if sort.key_unit and at % 5 == 0 else f"1990001{at:04}",
        )


def name_at(at: int) -> str:
    return (
        _SURNAMES[at % len(_SURNAMES)]
        + _GIVEN[at * 7 % len(_GIVEN)]
        + (_GIVEN[at * 11 % len(_GIVEN)] if at % 3 else "")
    )


def credit_code(at: int) -> str:
    """A well-formed one (GB 32100) that nobody has."""
    body = f"{_AREA}{at:07}"
    total = sum(_DIGITS.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return body + _DIGITS[-total % 31]
