"""Rows of errors: both texts are filled in, and lists read as a sentence of each language."""

import pytest

from shared.errors import Conflict, Invalid, require_version

CLOSED = Conflict.row("thing_closed", "可执行：{possible}（{day}）", "possible: {possible} ({day})", field="state")


def test_a_row_is_called_with_the_facts_of_its_texts() -> None:
    error = CLOSED(possible=["open", "end"], day="3 May", data={"day": 3})
    assert isinstance(error, Conflict)
    assert (error.zh, error.en) == ("可执行：open、end（3 May）", "possible: open, end (3 May)")
    assert (error.code, error.field, error.data) == ("thing_closed", "state", {"day": 3})


def test_a_list_of_nothing_says_so_and_a_call_may_name_another_field() -> None:
    error = CLOSED(possible=(), day="-", field="steps.0")
    assert (error.zh, error.en, error.field) == ("可执行：无（-）", "possible: nothing (-)", "steps.0")


@pytest.mark.parametrize("code", ["a.b", "A", "a-b", "a__b", "_a", "a_", ""])
def test_codes_have_one_grammar(code: str) -> None:
    with pytest.raises(ValueError, match="single underscores"):
        Invalid.row(code, "", "")


def test_another_version_than_the_stored_one_is_a_conflict() -> None:
    require_version(3, 3)
    with pytest.raises(Conflict) as refused:
        require_version(3, 4, number="GD-1")
    assert (refused.value.code, refused.value.data) == (
        "version_mismatch",
        {"expected": 3, "current": 4, "number": "GD-1"},
    )
