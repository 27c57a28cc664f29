"""Versions on the wire: an aggregate's version is its ETag, and changing it needs If-Match (RFC 9110 §13.1.1).

So of two people acting at once the second gets a clear 412 instead of overwriting the first.
"""

import re
from typing import Annotated, Final

from fastapi import Depends, Header

from shared.errors import Conflict, Invalid

IF_MATCH: Final = '^"[1-9][0-9]{0,8}"$'
"""The form, for the OpenAPI document."""
_ETAG: Final = re.compile(r'(?:W/)?"([1-9][0-9]{0,8})"')


def etag(version: int) -> str:
    """The ETag header of `version`."""
    return f'"{version}"'


async def _expected(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description='读到的 ETag，如 "3" · the ETag you read, e.g. "3"',
        ),
    ] = None,
) -> int:
    if if_match is None:
        raise Conflict(
            "if_match_required",
            "请带上 If-Match（读取时得到的 ETag），以免覆盖别人的修改",
            "send If-Match with the ETag you read, so that nobody's change is overwritten",
            field="If-Match",
        )
    match = _ETAG.fullmatch(if_match.strip())
    if match is None:
        raise Invalid(
            "if_match_invalid",
            'If-Match 应是读取时得到的 ETag，如 "3"',
            'If-Match must be the ETag you read, e.g. "3"',
            field="If-Match",
        )
    return int(match[1])


ExpectedVersion = Annotated[int, Depends(_expected)]
"""The version the caller has seen, from If-Match. Missing: 428; malformed: 422."""


def check_version(expected: int, stored: int) -> None:
    """Raise Conflict (412) when the caller has seen another version than the stored one."""
    if expected != stored:
        raise Conflict(
            "version_mismatch",
            "这条记录刚被别人改过，请刷新后再操作",
            "somebody changed this meanwhile; read it again, then act",
            data={"expected": expected, "current": stored},
        )
