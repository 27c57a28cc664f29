"""What the words around a name do to it: siblings, borders, denials, corrections. One row per way of saying it."""

import pytest

from services.intake.places.places import Place, PlaceIndex, PlaceUnit

UNITS = (
    PlaceUnit("A", "city", "A市"),
    PlaceUnit("A7", "district", "A7县", (), "A"),
    PlaceUnit("A7-QT", "street", "泉塘街道", ("泉塘",), "A7"),
    PlaceUnit("A7-QT-01", "community", "星湖社区", ("星湖",), "A7-QT"),
    PlaceUnit("A7-QT-02", "community", "映霞社区", ("映霞",), "A7-QT"),
    PlaceUnit("A7-QT-03", "community", "枫树社区", (), "A7-QT"),
    PlaceUnit("A7-XS", "street", "学士街道", (), "A7"),
    PlaceUnit("A7-D-CJ", "department", "A7县住建局", (), "A7"),
)
INDEX = PlaceIndex(UNITS)
STREET, XINGHU, YINGXIA = "A7-QT", "A7-QT-01", "A7-QT-02"


@pytest.mark.parametrize(
    "text, unit",
    [
        ("星湖社区和映霞社区都停电了", STREET),
        ("映霞社区和星湖社区都停电了", STREET),
        ("从星湖社区到映霞社区的路灯不亮", STREET),
        ("不知道是星湖社区还是映霞社区的井盖坏了", STREET),
        ("星湖、映霞、枫树社区都有人反映", STREET),
        ("泉塘街道和学士街道互相推诿", "A7"),
        ("星湖社区的井盖坏了，星湖社区物业不管，映霞社区没有这种事", XINGHU),
    ],
)
def test_of_siblings_named_alike_none_is_taken_because_it_comes_first(text: str, unit: str) -> None:
    assert INDEX.find(text).unit == unit


@pytest.mark.parametrize(
    "text",
    [
        "星湖社区与映霞社区交界处井盖坏了",
        "星湖社区居民反映：星湖社区与映霞社区交界处井盖坏了，星湖社区说不归他们",
        "位于星湖社区和映霞社区之间的空地堆满垃圾",
        "介于星湖与映霞的荒地，星湖社区的人常去",
        "星湖社区南门与映霞社区北门的交叉口没有红绿灯，星湖社区多次反映",
        "映霞社区跟星湖社区接壤的地方，映霞社区已有人摔倒",
        "星湖社区、映霞社区结合部无人管理，星湖社区、星湖居委会都不来",
        "星湖社区/映霞社区相邻处，星湖一侧",
        "与映霞社区交界的围墙倒了",
        "星湖社区边界处的围墙倒了",
    ],
)
def test_a_border_is_what_both_sides_lie_in(text: str) -> None:
    place = INDEX.find(text)
    assert (place.unit, place.method) == (STREET, "ancestor")


@pytest.mark.parametrize(
    "text",
    [
        "不是星湖社区，是映霞社区",
        "是映霞社区，不是星湖社区",
        "井盖不在星湖社区在映霞社区",
        "位置在映霞社区，不在星湖社区",
        "并非星湖社区，而是映霞社区门口",
        "该处不属于星湖社区，属于映霞社区",
        "这里不归星湖社区管，归映霞社区管",
        "是映霞社区而非星湖社区",
        "请派给映霞社区，不要再派到星湖社区",
        "上次误派到星湖社区，请转映霞社区",
        "地址错写成星湖社区，应为映霞社区",
        "登记的是星湖社区，其实是映霞社区",
        "星湖社区写错了，更正为映霞社区",
        "星湖社区不对，映霞社区才是",
        "不是星湖社区、枫树社区，是映霞社区",
        "不是说星湖社区，我说的是映霞社区",
        "与星湖社区无关，映霞社区的井盖坏了",
        "不应由星湖社区负责，映霞社区的事",
        "⼀再说明，不 是 星湖社区，是 映霞 社区",
    ],
)
@pytest.mark.parametrize("address", ["", "星湖社区"])
def test_what_is_denied_is_not_taken_even_where_it_is_named_elsewhere(text: str, address: str) -> None:
    place = INDEX.find(text, address=address)
    assert (place.unit, place.method) == (YINGXIA, "name")


@pytest.mark.parametrize(
    "text, unit",
    [
        ("是不是星湖社区的井盖没有人管？", XINGHU),
        ("这不是星湖社区吗，井盖坏了没人管", XINGHU),
        ("要不是星湖社区帮忙，早就出事了", XINGHU),
        ("不是星湖社区就是映霞社区，请核实", STREET),
        ("不只是星湖社区，映霞社区也停电", STREET),
        ("我不是星湖社区居民，但星湖社区的井盖坏了", XINGHU),
        ("除非星湖社区来人，否则没完", XINGHU),
        ("分别派给星湖社区处理", XINGHU),
    ],
)
def test_what_only_looks_like_a_denial_is_none(text: str, unit: str) -> None:
    assert INDEX.find(text).unit == unit


def test_the_senders_own_unit_is_no_fallback_where_the_words_deny_it() -> None:
    place = INDEX.find("不是星湖社区的事", home=XINGHU)
    assert (place.unit, place.method) == (STREET, "contradicted")
    assert place.confidence < 0.4
    assert INDEX.find("不是星湖社区的事", home=YINGXIA) == Place(YINGXIA, "fallback", 0.3, (YINGXIA,))


def test_that_a_department_is_not_competent_denies_no_place() -> None:
    assert INDEX.find("泉塘街道的路坏了，不归A7县住建局管").unit == STREET


def test_an_address_says_more_than_a_text() -> None:
    assert INDEX.find("映霞社区的人也来看过", address="星湖社区12号").unit == XINGHU
