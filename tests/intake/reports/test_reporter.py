"""Who reported is shown masked: enough to recognise somebody who is known, too little to find them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.reports.phones import read_phone
from services.intake.reports.reporter import Reporter


@pytest.mark.parametrize(
    "name, phone, shown_name, shown_phone",
    [
        ("王小明", "13812345678", "王**", "138****5678"),
        ("李四", "+8613812345678", "李*", "138****5678"),
        ("王", "07318234567", "*", "073*****4567"),
        ("王", "你猜", "*", "***"),
        (None, "13812345678", None, "138****5678"),
        ("王小明", None, "王**", None),
        (None, None, None, None),
    ],
)
def test_surname_and_the_ends_of_the_phone_remain(
    name: str | None, phone: str | None, shown_name: str | None, shown_phone: str | None
) -> None:
    assert Reporter(name, phone).masked() == Reporter(shown_name, shown_phone)


def test_who_wants_to_stay_anonymous_shows_nothing() -> None:
    assert Reporter("王小明", "13812345678", anonymous=True).masked() == Reporter(anonymous=True)


@given(st.text("0123456789", min_size=5, max_size=15))
def test_no_phone_is_ever_shown_whole_or_nearly(phone: str) -> None:
    shown = Reporter(phone=phone).masked().phone
    assert shown is not None
    if (phone := read_phone(phone) or "") == "":
        assert shown == "***"
        return
    assert len(shown) == len(phone)
    hidden = shown.count("*")
    assert hidden >= len(phone) - 7
    assert hidden >= len(phone) // 3
    assert all(a in (b, "*") for a, b in zip(shown, phone, strict=True))
