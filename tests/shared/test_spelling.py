"""Names are found however they were typed: width, radicals, traditional characters, blanks, nothing to see."""

import pytest

from services.intake.places.places import PlaceIndex, PlaceUnit
from shared.spelling import plain

INDEX = PlaceIndex(
    (
        PlaceUnit("A", "city", "A市"),
        PlaceUnit("A3", "district", "A3区", (), "A"),
        PlaceUnit("A3-ML", "street", "马栏门街道", ("一龙门",), "A3"),
        PlaceUnit("A3-ML-01", "community", "台湾东里社区", ("长风新村",), "A3-ML"),
        PlaceUnit("A3-ML-02", "community", "青山社区", (), "A3-ML"),
    )
)


@pytest.mark.parametrize(
    "text, unit",
    [
        ("⻢栏⻔街道", "A3-ML"),
        ("⼀⻰⻔", "A3-ML"),
        ("馬欄門街道", "A3-ML"),
        ("⾺欄⾨街道", "A3-ML"),
        ("臺灣東里社區", "A3-ML-01"),
        ("台灣東裏社區", "A3-ML-01"),
        ("⻓⻛新邨", "A3-ML-01"),
        ("⻘山社区", "A3-ML-02"),
        ("青 山 社 区", "A3-ML-02"),
        ("青\u200b山\ufeff社\u2060区", "A3-ML-02"),
        ("青山\n社区", "A3-ML-02"),
        ("青　山社区", "A3-ML-02"),
        ("青\u00a0山社区", "A3-ML-02"),
        ("青山社区\ufe0f", "A3-ML-02"),
        ("Ａ３区", "A3"),
        ("a 3 区", "A3"),
        ("电话 13800000000 A3区", "A3"),
    ],
)
def test_one_name_in_another_spelling_is_the_same_name(text: str, unit: str) -> None:
    assert INDEX.find(text).unit == unit


@pytest.mark.parametrize("text", ["CA3区", "C\u200bA3区"])
def test_what_touches_letters_is_still_another_name(text: str) -> None:
    assert INDEX.find(text).unit is None


def test_units_that_are_written_in_traditional_characters_are_found_by_simplified_ones() -> None:
    assert PlaceIndex([PlaceUnit("X", "street", "龍門街道")]).find("龙门街道").unit == "X"


def test_plain_is_plain_already() -> None:
    for text in ("馬欄門街道", "Ａ ３ 区", "⻢"):
        assert plain(plain(text)) == plain(text)
