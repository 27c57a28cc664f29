"""Routes whose bodies and queries are read strictly, before anything is validated.

Every router is made by `router()`. A body is `application/json`, bounded in bytes and time; a query parameter is one
the endpoint declares, and there once unless it is a list.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Final, get_args
from urllib.parse import unquote_plus

from fastapi import APIRouter, params
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive

from shared.auth.permissions import permissions_of
from shared.errors import Invalid, TooLarge
from shared.http import problems
from shared.http.json_body import parse_json
from shared.http.types import StrictModel

BODY_BYTES: Final = 64 * 1024
"""Default limit; `@router.post(…, max_body_size=…)` states another one."""
BODY_SECONDS: Final = 10.0
_ANY_ERROR: Final = {
    "description": "错误 · Error",
    "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _ReadRequest(Request):
    """A request whose body has been read and parsed."""

    read: bytes
    value: Any

    async def body(self) -> bytes:
        return self.read

    async def json(self) -> Any:
        return self.value


class StrictRoute(APIRoute):
    """See the module. An endpoint with a form states its `max_body_size` itself."""

    body_bytes: int

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        # Read by get_route_handler, which the base class calls while it is made.
        self.body_bytes = options.get("max_body_size") or BODY_BYTES
        super().__init__(path, endpoint, **options)
        if self._takes_form() and options.get("max_body_size") is None:
            raise TypeError(f"{path}: an endpoint that takes a form must state max_body_size")
        if (
            self.body_field is not None
            and not self._takes_form()
            and not _is_strict(self.body_field.field_info.annotation)
        ):
            raise TypeError(f"{path}: a JSON body must be one StrictModel, or a list of them")

    def _takes_form(self) -> bool:
        return self.body_field is not None and isinstance(self.body_field.field_info, params.Form)

    def get_route_handler(self) -> _Handler:
        inner = super().get_route_handler()
        takes_json = self.body_field is not None and not self._takes_form()
        known = dict(_query_parameters(self.dependant))
        body_bytes = self.body_bytes
        permissions = tuple(permissions_of(self.dependant))

        async def handle(request: Request) -> Response:
            # First of all, whatever the order of the endpoint's parameters: a stranger learns nothing else.
            for permission in permissions:
                await permission(request)
            query = request.scope["query_string"]
            if query:
                _check_query(query, known)
            if takes_json:
                request = await _read_json(request, body_bytes)
            return await inner(request)

        return handle


def router(
    *, prefix: str = "", tags: list[str] | None = None, route_class: type[StrictRoute] = StrictRoute
) -> APIRouter:
    """A router of strict routes, each with all that its document says: an app takes them as they are."""
    return APIRouter(prefix=prefix, tags=list(tags or []), route_class=route_class, responses={"default": _ANY_ERROR})


def _is_strict(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, StrictModel):
        return True
    parts = [part for part in get_args(annotation) if part is not type(None)]
    return bool(parts) and all(_is_strict(part) for part in parts)


def _query_parameters(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """Name of each query parameter of an endpoint and its dependencies, and whether it may be there repeatedly."""
    for parameter in dependant.query_params:
        kind = parameter.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for name, field in kind.model_fields.items():
                yield field.alias or name, _is_list(field.annotation)
        else:
            yield parameter.alias, _is_list(kind)
    for below in dependant.dependencies:
        yield from _query_parameters(below)


def _is_list(annotation: Any) -> bool:
    origin = getattr(annotation, "__origin__", annotation)
    if origin in (list, set, tuple, frozenset):
        return True
    return any(_is_list(part) for part in getattr(annotation, "__args__", ()) if part is not annotation)


def _check_query(query: bytes, known: dict[str, bool]) -> None:
    seen: set[str] = set()
    errors = []
    for part in query.decode("ascii", "replace").split("&"):
        name = unquote_plus(part.partition("=")[0])
        if not part:
            continue
        repeatable = known.get(name)
        if repeatable is None:
            errors.append({"type": "query_unknown", "loc": ("query", name)})
        elif name in seen and not repeatable:
            errors.append({"type": "query_repeated", "loc": ("query", name)})
        seen.add(name)
    if errors:
        raise RequestValidationError(errors)


async def _read_json(request: Request, limit: int) -> Request:
    headers = dict(request.scope["headers"])
    content_type = headers.get(b"content-type", b"")
    encoding = headers.get(b"content-encoding", b"")
    declared = _length(headers[b"content-length"]) if b"content-length" in headers else None
    if declared is not None and declared > limit:
        raise _too_large(limit)
    if encoding and encoding.strip().lower() != b"identity":
        raise Invalid("content_encoding", "请求体不要压缩，请去掉 Content-Encoding", "send the body uncompressed")
    body = await read_body(request.receive, limit)
    if declared is not None and declared != len(body):
        raise Invalid(
            "body_length", "Content-Length 与实际长度不符", "Content-Length does not match the body that came"
        )
    made = _ReadRequest(request.scope, request.receive)
    made.read = body
    made.value = None
    if body:
        if content_type != b"application/json" and not _is_json(content_type):
            raise Invalid(
                "content_type",
                "请求体必须是 JSON，请设置 Content-Type: application/json",
                "the body must be JSON; set Content-Type: application/json",
            )
        made.value = parse_json(body)
    return made


async def read_body(receive: Receive, limit: int) -> bytes:
    """The whole body; raises when it grows over `limit` bytes or is not there after BODY_SECONDS."""
    body = b""
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                body = message.get("body", b"")
                size += len(body)
                if size > limit:
                    raise _too_large(limit)
                if not message.get("more_body", False):
                    break
                chunks.append(body)
    except TimeoutError:
        raise Invalid(
            "body_timeout",
            f"{BODY_SECONDS:g} 秒内没有收完请求体，请检查网络后重试",
            f"the body did not arrive within {BODY_SECONDS:g} seconds; check the connection and send it again",
        ) from None
    return b"".join((*chunks, body)) if chunks else body


def _length(value: bytes) -> int:
    if not value.isdigit() or len(value) > 15:
        raise Invalid("header_invalid", "Content-Length 不是有效的数字", "Content-Length is no valid number")
    return int(value)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(
        "body_too_large",
        f"内容超过 {limit // 1024} KiB，请缩小后重试",
        f"the body is larger than {limit // 1024} KiB; send less",
        data={"limit_bytes": limit},
    )


def _is_json(content_type: bytes) -> bool:
    kind, _, parameters = content_type.lower().partition(b";")
    charset = parameters.strip().removeprefix(b"charset=").strip(b'" ')
    return kind.strip() == b"application/json" and charset in (b"", b"utf-8", b"utf8")
