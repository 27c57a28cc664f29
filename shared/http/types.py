"""Types for input fields. What they let through can be stored, compared and shown without a further look.

FastAPI parses JSON itself and validates Python objects in lax mode, where `true` and "114" pass as numbers and
1700000000 as a date. `StrictModel` closes that for bodies; parameters of path, query and header are text and use
`QueryModel`.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Header
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from shared.storable import FORBIDDEN

# Something to read: neither space nor a character without width or ink.
_VISIBLE: Final = re.compile(
    "[^\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
# The same for readers of the OpenAPI document, as far as a schema can say it.
_PATTERN: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
_PATTERN_VISIBLE: Final = (
    r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*[!-~\u00a1-\u00ac\u00ae-\u02ff\u3041-\u3096\u4e00-\u9fff]"
    r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
)
_CHECKED: Final = {"gridgov": "checked"}


@dataclass(frozen=True, slots=True)
class Text:
    """`Annotated[str, Text(1, 100)]`: text of `least` to `most` characters, counted after NFC normalisation.

    Refuses control characters (but tab and line ends), lone surrogates, and text with nothing to see in it.
    """

    least: int = 1
    most: int = 100

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            self.check, core_schema.str_schema(strict=True, metadata=_CHECKED)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        pattern = _PATTERN_VISIBLE if self.least else _PATTERN
        return {**handler(schema), "minLength": self.least, "maxLength": self.most, "pattern": pattern}

    def check(self, value: str) -> str:
        if not (value.isascii() and value.isprintable()):
            if bad := FORBIDDEN.search(value):
                raise PydanticCustomError(
                    "text_character",
                    "character U+{code_point} at position {position} is not allowed; remove it",
                    {"code_point": f"{ord(bad[0]):04X}", "position": bad.start() + 1},
                )
            value = unicodedata.normalize("NFC", value)
        if self.least and not _VISIBLE.search(value):
            raise PydanticCustomError("text_blank", "write something here; spaces alone are not enough")
        if len(value) < self.least:
            raise PydanticCustomError(
                "text_too_short",
                "at least {least} characters are needed; there are {length}",
                {"least": self.least, "length": len(value)},
            )
        if len(value) > self.most:
            raise PydanticCustomError(
                "text_too_long",
                "at most {most} characters fit; there are {length}",
                {"most": self.most, "length": len(value)},
            )
        return value


def _told(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "must be text")
    return unforbidden(value)[:_TOLD]


def unforbidden(value: str) -> str:
    """The text without what cannot be stored, and without blanks around it; empty where nothing is to be seen."""
    kept = unicodedata.normalize("NFC", FORBIDDEN.sub("", value)).strip()
    return kept if _VISIBLE.search(kept) else ""


_TOLD: Final = 200


@dataclass(frozen=True, slots=True)
class _Told:
    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _told, metadata=_CHECKED, serialization=core_schema.to_string_ser_schema()
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "maxLength": _TOLD}


ToldText = Annotated[str, _Told()]
"""What somebody wrote into an optional field that must not cost the rest: kept as told but for what cannot be stored and
what is beyond 200 characters; blanks alone are nothing, and a bare number is text."""

ShortText = Annotated[str, Text(1, 100)]
"""A name, a title, a place: one to 100 characters."""
MediumText = Annotated[str, Text(1, 1_000)]
"""A reason, a remark, an address."""
LongText = Annotated[str, Text(1, 10_000)]
"""What somebody told us."""

_RFC3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


_FIRST_YEAR, _LAST_YEAR = 1970, 2100
_OUT_OF_RANGE: Final = PydanticCustomError("instant_range", "the time must lie between 1970 and 2100")


def _aware(value: Any) -> datetime:
    if isinstance(value, str) and _RFC3339.fullmatch(value):
        try:
            value = datetime.fromisoformat(value.upper())
        except ValueError:
            raise PydanticCustomError("instant_unreal", "there is no such day or time") from None
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise PydanticCustomError(
            "instant_form", "write the time with its zone as RFC 3339 has it, e.g. 2026-01-31T09:30:00+08:00"
        )
    return value


def _any_instant(value: Any) -> datetime:
    aware = _aware(value)
    try:
        return aware.astimezone(UTC)
    except OverflowError:  # at the ends of the calendar, where the zone leads out of it
        return aware.replace(tzinfo=UTC)


def _instant(value: Any) -> datetime:
    aware = _aware(value)
    try:
        instant = aware.astimezone(UTC)
    except OverflowError:
        raise _OUT_OF_RANGE from None
    if not _FIRST_YEAR <= instant.year < _LAST_YEAR:
        raise _OUT_OF_RANGE
    return instant


@dataclass(frozen=True, slots=True)
class AsText:
    """Text on the wire, in one form: `read` makes the value of it, `format` and `example` tell readers of the document."""

    read: Callable[[Any], Any]
    format: str
    example: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.read, serialization=core_schema.to_string_ser_schema(when_used="json")
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "format": self.format, "examples": [self.example]}


Instant = Annotated[datetime, AsText(_instant, "date-time", "2026-01-31T09:30:00+08:00")]
"""An instant as an RFC 3339 string with its zone, 1970 up to 2100; arrives as an aware UTC datetime. Whether the
future is allowed is for the handler to say, which has the clock."""


ToldInstant = Annotated[datetime, AsText(_any_instant, "date-time", "2026-01-31T09:30:00+08:00")]
"""An instant that some device told, whatever its clock says: any year. For who keeps it as told and doubts it."""

Longitude = Annotated[float, Field(strict=True, ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(strict=True, ge=-90, le=90, allow_inf_nan=False)]
Cursor = Annotated[str, Field(max_length=300, pattern=r"^[A-Za-z0-9_=-]+$")]
"""Where the page before ended (`shared.db.keyset`)."""
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,63}$", max_length=64)]
"""A unit's code, a category's code: letters, digits and hyphens."""
Subject = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$")]
"""What a person signs in as, wherever they work: never a name."""


def _not_nil(value: UUID) -> UUID:
    if value.int == 0:
        raise PydanticCustomError("uuid_nil", "the nil UUID names nothing; send the id you were given")
    return value


Id = Annotated[UUID, AfterValidator(_not_nil)]
"""An id in a path, a query or a body. Never the nil UUID."""


def _key(description: str) -> Any:
    return Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,255}$",
        min_length=1,
        max_length=255,
        description=description,
    )


IdempotencyKey = Annotated[
    str, _key("客户端自定的键，同键同内容只生效一次 · Your own key; the same key and body take effect once.")
]
"""1 to 255 visible ASCII characters, as the client likes."""

ActKey = Annotated[
    str | None,
    _key(
        "客户端自定的键，重发同一操作时带上原来的键和 If-Match，只生效一次 · "
        "Your own key of this act; sent again with the same key and If-Match it takes effect once."
    ),
]
"""As `IdempotencyKey`, where it may be left out: what changes a thing is safe by its version."""

_TO_BE_STRICT: Final = frozenset({"int", "float", "bool", "str", "decimal"})
_LARGEST_INT: Final = 2**31 - 1
_TOO_LAX: Final = {"datetime": "Instant", "date": "text with a check", "time": "text with a check", "timedelta": "int"}


def _tighten(schema: Any, owner: str) -> None:  # noqa: C901 - one walk
    if isinstance(schema, list | tuple):
        for part in schema:
            _tighten(part, owner)
    if not isinstance(schema, dict):
        return
    kind = schema.get("type")
    if not isinstance(kind, str):  # the fields of a model that has a field called `type`
        kind = None
    if kind in _TOO_LAX:
        raise TypeError(f"{owner}: a {kind} field takes bare numbers for dates; use {_TOO_LAX[kind]}")
    if kind == "str" and "pattern" not in schema and (schema.get("metadata") or {}).get("gridgov") != "checked":
        raise TypeError(f"{owner}: a bare str takes NUL and blanks; use Text, Code, a Literal or a StrEnum")
    if kind in _TO_BE_STRICT:
        schema["strict"] = True
    if kind == "int" and not schema.keys() & {"le", "lt"}:
        schema["le"] = _LARGEST_INT  # a column's integer, not Python's
    if kind == "int" and not schema.keys() & {"ge", "gt"}:
        schema["ge"] = -_LARGEST_INT
    if kind in ("literal", "enum"):
        return
    for key, part in schema.items():
        # A model below has been tightened when its class was made.
        if key not in ("metadata", "serialization", "default", "cls", "config") and isinstance(
            part, dict | list | tuple
        ):
            _tighten(part, owner)


class StrictModel(BaseModel):
    """A JSON body, or a part of one: unknown fields are refused, numbers must be numbers, and it cannot be changed.

    Integers without bounds of their own fit 32 bits.
    A field of a type that lets bad input through (bare `str`, `datetime`, `date` …) fails when the class is made.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        _tighten(schema, cls.__qualname__)
        return schema


class QueryModel(BaseModel):
    """The query parameters of an endpoint (`Annotated[Filter, Query()]`): text turns into numbers, unknown ones are
    refused. Use `Text`, `Code`, `Id` and `Instant` for its fields too."""

    model_config = ConfigDict(extra="forbid", frozen=True)
