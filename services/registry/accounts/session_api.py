"""Signing in and out over HTTP. The answer sets two cookies that no script reads: the token, which every service takes as
it takes a bearer token, and the secret by which this browser renews it here."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import Request, Response

from services.registry.accounts.change_password import ChangePassword
from services.registry.accounts.deps import Access, AccessDep
from services.registry.accounts.session import Device
from services.registry.accounts.session_schemas import (
    ChooseBody,
    LinkBody,
    PasswordBody,
    SessionOut,
    SignInBody,
    of_program,
    shown,
)
from services.registry.accounts.sessions import View, choose_post, current, leave, renew, view_of
from services.registry.accounts.sign_in import From, Opened
from services.registry.deps import Reader
from shared.auth.cookie import TOKEN_COOKIE, cookie_of, refuse_foreign
from shared.auth.permissions import anyone
from shared.http.routes import router

SECRET_COOKIE: Final = "__Host-gridgov-session"  # noqa: S105 - its name

Anyone = Annotated[None, anyone()]

routes = router(tags=["登录 · Session"])


@routes.post("/session")
async def sign_in(body: SignInBody, request: Request, response: Response, access: AccessDep, _: Anyone) -> SessionOut:
    """Sign in with user name or phone, and password · 登录。"""
    refuse_foreign(dict(request.scope["headers"]))
    opened = await access.sign_in.by_password(body.user, body.password, _from(access, request, body.device))
    return await _opened(access, opened, response)


@routes.post("/session/link")
async def sign_in_by_link(
    body: LinkBody, request: Request, response: Response, access: AccessDep, _: Anyone
) -> SessionOut:
    """Sign in with the code of a link, which is good once · 用一次性链接登录。"""
    refuse_foreign(dict(request.scope["headers"]))
    opened = await access.sign_in.by_link(body.code, _from(access, request, body.device))
    return await _opened(access, opened, response)


@routes.get("/session")
async def who_am_i(caller: Reader, access: AccessDep) -> SessionOut:
    """Who I am, my posts, and the one in which I act · 当前登录。"""
    if caller.session is None:
        return of_program(caller)
    async with access.uow() as uow:
        return shown(await current(uow, caller), caller.expires_at)


@routes.put("/session/post")
async def choose(
    body: ChooseBody, request: Request, response: Response, caller: Reader, access: AccessDep
) -> SessionOut:
    """Act in another of my posts · 切换岗位。"""
    async with access.uow() as uow:
        view = await choose_post(uow, caller, body.post)
    return _give(access, view, response, _secret(request))


@routes.put("/session/password")
async def change_password(
    body: PasswordBody, request: Request, response: Response, caller: Reader, access: AccessDep
) -> SessionOut:
    """Choose another password; my other sessions end · 修改密码。"""
    view = await ChangePassword(access.uow, access.passwords)(caller, body.old, body.new)
    return _give(access, view, response, _secret(request))


@routes.post("/session/renewal")
async def renewal(request: Request, response: Response, access: AccessDep, _: Anyone) -> SessionOut:
    """The next token of this browser's session; 401 when that has ended · 续期。"""
    refuse_foreign(dict(request.scope["headers"]))
    secret = _secret(request)
    async with access.uow() as uow:
        view = await renew(uow, secret)
    return _give(access, view, response, secret)


@routes.delete("/session", status_code=204)
async def sign_out(request: Request, response: Response, access: AccessDep, _: Anyone) -> None:
    """Sign out; without a session nothing happens · 退出登录。"""
    refuse_foreign(dict(request.scope["headers"]))
    async with access.uow() as uow:
        await leave(uow, _secret(request))
    for name in (TOKEN_COOKIE, SECRET_COOKIE):
        response.delete_cookie(name, secure=True, httponly=True, samesite="strict")


def _from(access: Access, request: Request, device: Device) -> From:
    return From(device, access.address(request))


def _secret(request: Request) -> str | None:
    return cookie_of(request.scope["headers"], SECRET_COOKIE)


async def _opened(access: Access, opened: Opened, response: Response) -> SessionOut:
    async with access.uow() as uow:
        view = await view_of(uow, opened.account, opened.session)
    return _give(access, view, response, opened.secret)


def _give(access: Access, view: View, response: Response, secret: str | None) -> SessionOut:
    """The answer with the cookies. The token's stays as long as the session, so that one past its time is told apart
    from none."""
    session, post = view.session, view.post
    life = session.token_life(view.now)
    out = shown(view, view.now + life)
    token = access.signer.issue(
        view.account.person,
        out.role,
        unit=post.unit if post else None,
        device=session.label,
        session=session.id,
        premises=post.premises_id if post else None,
        lifetime=life,
    )
    _set(response, TOKEN_COOKIE, token, session.until, view.now)
    if secret is not None:
        _set(response, SECRET_COOKIE, secret, session.until, view.now)
    return out


def _set(response: Response, name: str, value: str, until: datetime, now: datetime) -> None:
    age = int((until - now).total_seconds())
    response.set_cookie(name, value, max_age=age, path="/", secure=True, httponly=True, samesite="strict")
