"""Every error as RFC 9457 problem+json, in Chinese and English, with the correlation id and without inner details.

One table maps kind to status, a second one maps the codes whose status is narrower than their kind.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shared.errors import GridGovError, Kind, Unavailable
from shared.http import problem_texts
from shared.telemetry import context

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = 2

STATUS_OF_KIND: Final[Mapping[Kind, int]] = {
    Kind.INVALID: 422,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.TOO_LARGE: 413,
    Kind.UNAVAILABLE: 503,
}

STATUS_OF_CODE: Final[Mapping[str, int]] = {
    "version_mismatch": 412,  # If-Match names another version than the stored one
    "if_match_required": 428,
    "rate_limited": 429,
    "sign_in_crowded": 429,
    "files_too_many": 429,
    "tus_version": 412,
    "upload_stalled": 408,
    "upload_type": 415,
    "upload_header": 400,
    "body_timeout": 408,
    "body_length": 400,
    "content_type": 415,
    "content_encoding": 415,
    "uri_too_long": 414,
    "headers_too_large": 431,
    "json_encoding": 400,
    "json_syntax": 400,
    "json_depth": 400,
    "json_number": 400,
    "json_text": 400,
    "json_duplicate_key": 400,
    "path_invalid": 400,
    "query_invalid": 400,
    "header_repeated": 400,
    "header_invalid": 400,
}

_LONGEST_FIELD: Final = 200


TRANSIENT: Final = Unavailable.row(
    "unavailable", "系统暂时繁忙，请稍后用同样的内容重试", "a part is not answering now; send the same again shortly"
)
"""Trouble that passes by itself."""


def status_of(error: GridGovError) -> int:
    return STATUS_OF_CODE.get(error.code) or STATUS_OF_KIND[error.kind]


def prefers_english(accept_language: str | None) -> bool:
    """True when English is wanted more than Chinese; Chinese where neither is named (RFC 9110 §12.5.4)."""
    wanted = {"zh": 0.0, "en": 0.0}
    for part in (accept_language or "")[:200].lower().split(","):
        tag, _, weight = part.strip().partition(";")
        language = tag.strip()[:2]
        if language in wanted and tag.strip()[2:3] in ("", "-"):
            try:
                quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
            except ValueError:
                quality = 0.0
            wanted[language] = max(wanted[language], quality)
    return wanted["en"] > wanted["zh"]


def problem(
    status: int,
    code: str,
    zh: str,
    en: str,
    *,
    english: bool = False,
    field: str | None = None,
    errors: list[dict[str, Any]] | None = None,
    data: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer for one problem. `title` is in the caller's language; both languages are always there."""
    body: dict[str, Any] = {
        "type": f"urn:gridgov:problem:{code}",
        "title": en if english else zh,
        "title_zh": zh,
        "title_en": en,
        "status": status,
        "code": code,
        "correlation_id": context.correlation_id(),
    }
    if errors:
        body["detail"] = "; ".join(f"{e['field']}: {e['en' if english else 'zh']}" for e in errors)
        body["errors"] = errors
        field = field or errors[0]["field"]
    if field:
        body["field"] = field[:_LONGEST_FIELD]
    if data:
        body["data"] = dict(data)
    return Response(
        # A field may be named after a key with a lone surrogate in it.
        json.dumps(body, ensure_ascii=False, default=str, separators=(",", ":")).encode("utf-8", "replace"),
        status_code=status,
        headers={"content-language": "en" if english else "zh", "vary": "Accept-Language", **(headers or {})},
        media_type=MEDIA_TYPE,
    )


def of_error(error: GridGovError, accept_language: str | None = None) -> Response:
    """The answer for one of our own errors."""
    headers: dict[str, str] = {}
    data = dict(error.data)
    status = status_of(error)
    if status == 401:
        # RFC 6750 §3.1: no error code when no token came.
        came = error.code != "token_missing"
        headers["www-authenticate"] = 'Bearer realm="gridgov"' + (', error="invalid_token"' if came else "")
    if status in (429, 503):
        headers["retry-after"] = str(data.pop("retry_after", RETRY_AFTER_SECONDS))
    if status == 408:
        headers["connection"] = "close"  # the rest of the body is not waited for
    return problem(
        status,
        error.code,
        error.zh,
        error.en,
        english=prefers_english(accept_language),
        field=error.field,
        data=data,
        headers=headers,
    )


def of_validation(error: RequestValidationError, accept_language: str | None = None) -> Response:
    """422 with each field named; what came in is not repeated."""
    fields = problem_texts.fields(error.errors())
    count = len(error.errors())
    things = "1 thing needs" if count == 1 else f"{count} things need"
    return problem(
        422,
        "validation",
        f"有 {count} 处填写有误，请按提示修改",
        f"{things} correcting; see each field",
        english=prefers_english(accept_language),
        errors=fields,
    )


def of_http(error: HTTPException, accept_language: str | None = None) -> Response:
    """The framework's own errors: no such route, method not allowed, unreadable form."""
    code, zh, en = problem_texts.HTTP.get(error.status_code, problem_texts.HTTP_OTHER)
    return problem(error.status_code, code, zh, en, english=prefers_english(accept_language), headers=error.headers)


def of_transient(accept_language: str | None = None) -> Response:
    """503 for trouble that passes by itself."""
    return of_error(TRANSIENT(), accept_language)


def of_defect(accept_language: str | None = None) -> Response:
    """500: says nothing about the inside but the correlation id to ask about."""
    return problem(
        500,
        "internal",
        "系统出错，请把 correlation_id 告诉管理员",
        "something broke; give the correlation_id to the administrator",
        english=prefers_english(accept_language),
    )


async def handle(request: Request, error: Exception) -> Response:
    """The exception handler of all services, for our errors, validation errors and the framework's."""
    language = request.headers.get("accept-language")
    if isinstance(error, GridGovError):
        return of_error(error, language)
    if isinstance(error, RequestValidationError):
        return of_validation(error, language)
    if isinstance(error, HTTPException):
        return of_http(error, language)
    raise error


PROBLEM_SCHEMA: Final[Mapping[str, Any]] = {
    "title": "Problem",
    "description": "错误说明（RFC 9457）· What went wrong and what to do (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "title_zh", "title_en", "status", "code", "correlation_id"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:gridgov:problem:validation"]},
        "title": {"type": "string"},
        "title_zh": {"type": "string"},
        "title_en": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "field": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "in", "code", "zh", "en"],
                "properties": {key: {"type": "string"} for key in ("field", "in", "code", "zh", "en")},
            },
        },
        "correlation_id": {"type": ["string", "null"]},
        "data": {"type": "object"},
    },
}
