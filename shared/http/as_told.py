"""Optional fields that must not cost the rest: what cannot be read is kept as it was told, and the reader decides.

    category: Annotated[str | Unread, AsTold(ShortText)] | None = None

In the document the field is what is wanted (`ShortText`); only the handler sees that it may be `Unread`.
"""

import json
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pydantic import GetCoreSchemaHandler, ValidationError, ValidatorFunctionWrapHandler
from pydantic_core import CoreSchema, core_schema

from shared.http.types import unforbidden

T = TypeVar("T")
_MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Unread:
    """What was told and could not be read: text as it is, anything else as JSON; without what cannot be stored."""

    told: str


@dataclass(frozen=True, slots=True)
class AsTold:
    """Reads `wanted`, and where that fails keeps what was told."""

    wanted: Any

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(_read, handler.generate_schema(self.wanted))


def readable(told: T | Unread | None) -> T | None:
    """What could be read; None for the rest."""
    return None if isinstance(told, Unread) else told


def _read(value: Any, wanted: ValidatorFunctionWrapHandler) -> Any:
    try:
        return wanted(value)
    except ValidationError:
        told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return Unread(unforbidden(told)[:_MOST])
