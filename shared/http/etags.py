"""Versions on the wire: an aggregate's version is its ETag, and changing it needs If-Match (RFC 9110 §13.1.1).

So of two people acting at once the second gets a clear 412 instead of overwriting the first.
"""

import re
from typing import Annotated, Final

from fastapi import Depends, Header, Response

from shared.errors import Conflict, Invalid

IF_MATCH: Final = '^"[1-9][0-9]{0,8}"$'
"""The form, for the OpenAPI document."""
_ETAG: Final = re.compile(r'(?:W/)?"([1-9][0-9]{0,8})"')


IF_MATCH_REQUIRED: Final = Conflict.row(
    "if_match_required",
    "请带上 If-Match（读取时得到的 ETag），以免覆盖别人的修改",
    "send If-Match with the ETag you read, so that nobody's change is overwritten",
    field="If-Match",
)
IF_MATCH_INVALID: Final = Invalid.row(
    "if_match_invalid",
    '修改请带 If-Match（读取时得到的 ETag，如 "3"），新建请带 If-None-Match: * 或都不带',
    'to change send If-Match with the ETag you read, e.g. "3"; to create send If-None-Match: * or neither',
    field="If-Match",
)
_IfMatch = Annotated[
    str | None, Header(alias="If-Match", description='读到的 ETag，如 "3" · the ETag you read, e.g. "3"')
]
_IfNoneMatch = Annotated[
    str | None, Header(alias="If-None-Match", description="新建时：* 或不带 · to create: * or nothing")
]


def answer(response: Response, version: int) -> None:
    """Tell the version that the answer shows: the ETag that the next change must send."""
    response.headers["ETag"] = f'"{version}"'


def _version(if_match: str) -> int:
    match = _ETAG.fullmatch(if_match.strip())
    if match is None:
        raise IF_MATCH_INVALID()
    return int(match[1])


async def _expected(if_match: _IfMatch = None) -> int:
    if if_match is None:
        raise IF_MATCH_REQUIRED()
    return _version(if_match)


async def _seen(if_match: _IfMatch = None, if_none_match: _IfNoneMatch = None) -> int | None:
    if if_match is None and if_none_match in (None, "*"):
        return None
    if if_match is None or if_none_match is not None:
        raise IF_MATCH_INVALID()
    return _version(if_match)


ExpectedVersion = Annotated[int, Depends(_expected)]
"""The version the caller has seen, from If-Match. Missing: 428; malformed: 422."""
SeenVersion = Annotated[int | None, Depends(_seen)]
"""The version that a PUT changes; None where it creates."""
