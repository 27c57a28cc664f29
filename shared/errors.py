"""Every error a user can meet: a stable code, a kind, and a text in Chinese and English.

The kind says what went wrong, never which HTTP status: `shared/http/problems.py` maps kind to status and
`shared/bus/consumer.py` maps kind to outcome. An error changes nothing: raise before storing.

Each code is one row, beside the others of its service or part, with its two texts; calling the row gives the exception:

    POST_ENDED = Conflict.row("post_ended", "该任职已于 {day} 结束", "this post ended on {day}")
    raise POST_ENDED(day=post.valid_to, data={"valid_to": post.valid_to})
    post = POST_NOT_FOUND.unless(posts.get(id))
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Self, TypeVar

T = TypeVar("T")
E_co = TypeVar("E_co", bound="GridGovError", covariant=True)
_CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")


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

    @classmethod
    def row(cls, code: str, zh: str, en: str, *, field: str | None = None) -> "ErrorRow[Self]":
        """The row of a code of this kind. `{name}` in a text stands for a fact that the call gives."""
        return ErrorRow(cls, code, zh, en, field)


@dataclass(frozen=True, slots=True)
class ErrorRow(Generic[E_co]):
    """One code with its texts, as code and catalogue of errors (docs) share it."""

    error: type[E_co]
    code: str
    zh: str
    en: str
    field: str | None = None

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise ValueError(f"{self.code}: a code is small letters, digits and single underscores")

    def __call__(self, *, field: str | None = None, data: Mapping[str, Any] | None = None, **facts: object) -> E_co:
        """The exception. A fact that is a list is enumerated in the manner of each language."""
        zh = self.zh.format(**{name: _listed(fact, "、", "无") for name, fact in facts.items()})
        en = self.en.format(**{name: _listed(fact, ", ", "nothing") for name, fact in facts.items()})
        return self.error(self.code, zh, en, field=field or self.field, data=data)

    def unless(self, found: T | None, *, field: str | None = None) -> T:
        """What was found; raises where that is nothing."""
        if found is None:
            raise self(field=field)
        return found


def _listed(fact: object, separator: str, nothing: str) -> object:
    if not isinstance(fact, (list, tuple)):
        return fact
    return separator.join(map(str, fact)) or nothing


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

    @classmethod
    def of(cls, thing: str, zh: str, en: str) -> "ErrorRow[Self]":
        """The row of a kind of thing. `thing` is the word in error codes; `zh` stands after 没有, such as 这条隐患."""
        return cls.row(
            f"{thing}_not_found", f"没有{zh}，或您无权查看", f"there is no such {en}, or it is not yours to see"
        )


class Conflict(GridGovError):
    """The thing changed meanwhile, or its state does not allow this; `data` says what is possible."""

    kind = Kind.CONFLICT


class TooLarge(GridGovError):
    """The input is larger than this endpoint reads."""

    kind = Kind.TOO_LARGE


class Unavailable(GridGovError):
    """A part that is needed does not answer now; the same request may succeed later."""

    kind = Kind.UNAVAILABLE


OUTSIDE_REACH = Forbidden.row(
    "outside_reach", "该单位不在您的管辖范围内。", "That unit is outside your part of the tree."
)
VERSION_MISMATCH = Conflict.row(
    "version_mismatch",
    "这条记录刚被别人改过，请查看最新内容后再操作",
    "somebody changed this meanwhile; read it again, then act",
)


def require_version(expected: int, stored: int, **data: Any) -> None:
    """Raise Conflict when the caller has seen another version than the stored one."""
    if expected != stored:
        raise VERSION_MISMATCH(data={"expected": expected, "current": stored, **data})
