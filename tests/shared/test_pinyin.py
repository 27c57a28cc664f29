"""Names spelled for whoever types letters."""

import pytest
from pypinyin import lazy_pinyin

from shared.pinyin import endings

NAMES = ("泉塘小学", "中国银行长沙分行", "重庆行人天桥", "绿地会展中心", "𠮷野家", "单家大厦")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_spelled_as_the_library_spells_it(name: str) -> None:
    """Word by word, which it does by itself as well: its parts are used, for words come again and spelling takes long."""
    spelled = lazy_pinyin(name)
    assert next(iter(endings(name))) == "".join(spelled)
    assert "".join(syllable[0] for syllable in spelled) in set(endings(name))


def test_what_stands_between_characters_is_one_syllable() -> None:
    assert list(endings("KFC长沙2号店")) == [
        "kfcchangsha2haodian", "changsha2haodian", "sha2haodian", "2haodian", "haodian", "dian",
        "kfccs2hd", "cs2hd", "s2hd", "2hd", "hd", "d",
    ]  # fmt: skip
    assert list(endings("")) == []
