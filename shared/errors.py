"""Every error a user can meet: a stable code, a kind, and a text in Chinese and English.

The kind says what went wrong, never which HTTP status: `shared/http/problems.py` maps kind to status and
`shared/bus/consumer.py` maps kind to outcome. An error changes nothing: raise before storing.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    TOO_LARGE = "too_large"
    UNAVAILABLE = "unavailable"


class GridGovError(Exception):
    """Base of all errors meant for people.

    `code` is stable and may be relied on by clients; `zh` and `en` say what to do, not only what is wrong;
    `field` names the offending input where there is one; `data` holds facts a client may show or act on.
    """

    kind: Kind = Kind.INVALID

    def __init__(
        self, code: str, zh: str, en: str, *, field: str | None = None, data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(f"{code}: {en}")
        self.code = code
        self.zh = zh
        self.en = en
        self.field = field
        self.data = dict(data or {})


class Invalid(GridGovError):
    """The input can never be right as it is; sending it again will not help."""

    kind = Kind.INVALID


class Unauthenticated(GridGovError):
    """No valid token came with the request."""

    kind = Kind.UNAUTHENTICATED


class Forbidden(GridGovError):
    """The caller is known, and may not do this here."""

    kind = Kind.FORBIDDEN


class NotFound(GridGovError):
    """There is no such thing, or the caller may not know that there is."""

    kind = Kind.NOT_FOUND


class Conflict(GridGovError):
    """The thing changed meanwhile, or its state does not allow this; `data` says what is possible."""

    kind = Kind.CONFLICT


class TooLarge(GridGovError):
    """The input is larger than this endpoint reads."""

    kind = Kind.TOO_LARGE


class Unavailable(GridGovError):
    """A part that is needed does not answer now; the same request may succeed later."""

    kind = Kind.UNAVAILABLE
