"""The strict input types, without HTTP: what a model refuses to be made of, and what its fields let through."""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from shared.errors import Invalid
from shared.http import problem_texts
from shared.http.json_body import parse_json
from shared.http.types import Code, Id, Instant, LongText, StrictModel, Text


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize("lax", [str, datetime, date, timedelta, list[str], dict[str, int], str | None, list[datetime]])
def test_a_field_that_would_let_bad_input_through_fails_when_the_class_is_made(lax: Any) -> None:
    with pytest.raises(TypeError):
        type("Lax", (StrictModel,), {"__annotations__": {"field": lax}})


def test_strict_fields_below_lists_and_unions_are_strict_too() -> None:
    class Inner(StrictModel):
        numbers: list[int | None]
        flag: bool = False
        colour: Colour = Colour.RED
        mode: Literal["a", "b"] = "a"
        id: UUID | None = None
        code: Code = "A3"

    assert Inner.model_validate({"numbers": [1, None], "colour": "red", "id": str(UUID(int=1))}).numbers == [1, None]
    for bad in ({"numbers": ["1"]}, {"numbers": [True]}, {"numbers": [], "flag": 1}, {"numbers": [], "flag": "true"}):
        with pytest.raises(ValidationError):
            Inner.model_validate(bad)


def test_an_integer_fits_its_column() -> None:
    class Counted(StrictModel):
        count: int
        large: Annotated[int, Field(ge=0, le=10**15)] = 0

    assert Counted.model_validate({"count": -(2**31) + 1, "large": 10**15}).large == 10**15
    with pytest.raises(ValidationError):
        Counted.model_validate({"count": 2**31})
    assert Counted.model_json_schema()["properties"]["count"]["maximum"] == 2**31 - 1


def test_a_strict_model_cannot_be_changed() -> None:
    class Frozen(StrictModel):
        text: LongText

    with pytest.raises(ValidationError):
        Frozen(text="a").text = "b"


@given(st.text())
def test_text_that_is_let_through_can_be_stored_and_stays_the_same_when_sent_again(text: str) -> None:
    checked = TypeAdapter(Annotated[str, Text(1, 50)])
    try:
        once = checked.validate_python(text)
    except ValidationError:
        return
    assert "\0" not in once
    once.encode()
    assert 1 <= len(once) <= 50
    assert checked.validate_python(once) == once


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-31T09:30:00+08:00", datetime(2026, 1, 31, 1, 30, tzinfo=UTC)),
        ("2026-01-31t01:30:00z", datetime(2026, 1, 31, 1, 30, tzinfo=UTC)),
        ("2026-01-31T01:30:00.123456789Z", datetime(2026, 1, 31, 1, 30, 0, 123456, tzinfo=UTC)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
        ("2099-12-31T23:59:59Z", datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("1969-12-31T20:00:00-08:00", datetime(1970, 1, 1, 4, tzinfo=UTC)),
    ],
)
def test_an_instant_arrives_in_utc(text: str, utc: datetime) -> None:
    instant = TypeAdapter(Instant).validate_python(text)
    assert instant == utc
    assert instant.tzinfo is UTC


@pytest.mark.parametrize("bad", ["", "-a", "a b", "a_b", "街道", "a" * 65, "a\n", "a\0", "../a"])
def test_a_code_is_letters_digits_and_hyphens(bad: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Code).validate_python(bad)


def test_the_nil_uuid_is_no_id() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Id).validate_python(str(UUID(int=0)))


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(2**63), 2**63 - 1)
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.text(st.characters(codec="ascii", exclude_characters="\0")), inner, max_size=4)
        ),
        max_leaves=20,
    )
)
def test_json_that_is_sound_is_read_as_it_was_written(value: Any) -> None:
    import json

    assert parse_json(json.dumps(value).encode()) == value
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value


def test_a_refused_text_names_its_place() -> None:
    with pytest.raises(Invalid) as refused:
        parse_json(b'{"a": [{"b": "x\\u0000"}]}')
    assert refused.value.field == "a.0.b"


def test_an_unknown_validation_error_still_has_words_in_both_languages() -> None:
    field = problem_texts.fields([{"type": "new_in_pydantic", "loc": ("body", "a"), "msg": "x", "ctx": {}}])[0]
    assert field["zh"]
    assert field["en"]


def test_a_services_own_validator_brings_its_own_words() -> None:
    from pydantic import AfterValidator
    from pydantic_core import PydanticCustomError

    def never(_: str) -> str:
        raise PydanticCustomError("no_good", "is no good", {"zh": "不行"})

    class Model(BaseModel):
        field: Annotated[str, AfterValidator(never)]

    with pytest.raises(ValidationError) as refused:
        Model.model_validate({"field": "x"})
    made = problem_texts.fields([dict(error) for error in refused.value.errors()])[0]
    assert (made["zh"], made["en"]) == ("不行", "is no good")
