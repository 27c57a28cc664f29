"""What unit a table means: by code, name, alias, or with the names above in front; where several are, none is guessed."""

import pytest

from services.registry.units.by_name_reading import Directory, Entry
from shared.errors import Invalid


def entry(code: str, parent: str | None, *names: str, own: bool = True) -> Entry:
    return Entry(code, parent, names[0], names, own)


ENTRIES = [
    entry("S", None, "柳湾街道", "柳湾"),
    entry("S-01", "S", "东塘社区", "东塘"),
    entry("S-02", "S", "西塘社区"),
    entry("S-01-001", "S-01", "第1网格"),
    entry("S-02-001", "S-02", "第1网格"),
    entry("S-02-011", "S-02", "第十一网格"),
    entry("T", None, "北山街道", own=False),
    entry("T-01", "T", "西塘社区", own=False),
]
TREE = Directory({one.code: one for one in ENTRIES})


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("S-01", "S-01"),
        ("s-01", "S-01"),
        ("东塘", "S-01"),
        ("柳湾街道东塘社区", "S-01"),
        ("东塘社区第1网格", "S-01-001"),
        ("柳湾/东塘/第一网格", "S-01-001"),
        ("柳湾街道 西塘社区 1网格", "S-02-001"),
        ("11网格", "S-02-011"),
        ("西塘", "S-02"),
        ("西塘社区", "S-02"),  # the own one
        ("S-99", "S-99"),  # for the ledger to refuse
    ],
)
def test_who_is_meant(told: str, code: str) -> None:
    assert TREE.code(told) == code


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("第1网格", "东塘社区第1网格 S-01-001"),
        ("南塘社区", "no unit is called"),
        ("北山街道东塘社区", "no unit is called"),
        ("塘社区", "no unit is called"),
    ],
)
def test_who_is_not_known_or_shared_is_asked_for(told: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        TREE.code(told)
