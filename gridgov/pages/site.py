"""`/app/…` over HTTP: the built pages, conditional and compressed; or, where none were built, how to build them."""

from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from gridgov.pages.built import HEADERS, Asset, BuiltPages
from gridgov.pages.front_page import page
from shared.http import problems

_PREFIX: Final = "/app"


def pages_site(built: BuiltPages) -> ASGIApp:
    """An ASGI app for `/app` and all below it, at whatever prefix it is mounted."""

    async def site(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await _answer(Request(scope), built)(scope, receive, send)

    return site


def _answer(request: Request, built: BuiltPages) -> Response:
    english = problems.prefers_english(request.headers.get("accept-language"))
    if request.method not in ("GET", "HEAD"):
        refused = problems.problem(405, "method_not_allowed", "此处只能读取", "this can only be read", english=english)
        refused.headers["allow"] = "GET, HEAD"
        return refused
    path = request.scope["path"].removeprefix(request.scope.get("root_path", "")).removeprefix(_PREFIX).lstrip("/")
    if not built.look() or not path:
        return front(built)
    if path in built.entries:
        return RedirectResponse(f"{_PREFIX}/{path}/", status_code=308)
    asset = built.find(path)
    if asset is None and "text/html" in request.headers.get("accept", ""):
        return front(built, missing=True)
    if asset is None:
        return problems.problem(
            404, "no_such_path", "没有这个页面，请检查地址", "there is no such page", english=english
        )
    return _given(asset, request)


def _given(asset: Asset, request: Request) -> Response:
    if request.headers.get("if-none-match") == asset.headers["etag"]:
        return Response(status_code=304, headers=dict(asset.headers))
    if asset.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, headers={**asset.headers, "content-encoding": "gzip"})
    return Response(asset.plain, headers=dict(asset.headers))


def front(built: BuiltPages, *, missing: bool = False) -> Response:
    """The front page: where things are; 503 below `/app/` would only hide it. With 404 for a person whose page is `missing`."""
    built.look()
    policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    return HTMLResponse(
        page(built.entries, missing=missing),
        404 if missing else 200,
        headers={**HEADERS, "content-security-policy": policy},
    )
