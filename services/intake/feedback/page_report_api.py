"""Reporting without JavaScript: a form with photos, and the receipt as a page.

The form carries a key drawn by chance: who sends it twice has one report. A photo that cannot be taken costs nobody the
report, and the receipt says so.
"""

import secrets
from collections.abc import AsyncIterator, Mapping
from html import escape
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException

from services.intake.errors import FORM_INCOMPLETE
from services.intake.feedback.deps import Feedback, FeedbackDep
from services.intake.feedback.page_api import Anyone, both, labelled, page, refused
from services.intake.feedback.public_api import public_origin, take_public
from services.intake.feedback.schemas import MOST_PHOTOS, PublicReportIn
from services.intake.feedback.upload_api import keep_photo
from services.intake.reports.api import follow_of
from services.intake.reports.deps import Intake, IntakeDep
from services.intake.reports.plain_words import Words
from services.intake.reports.schemas import FollowOut, ReporterIn
from shared.errors import GridGovError
from shared.files.api import Files, FilesDep
from shared.http.problems import status_of
from shared.http.routes import router
from shared.http.server.concurrency_limit import step_out

routes = router(prefix="/public/report", tags=["居民反馈 · Without an account"])

MOST_BYTES: Final = 40_000_000
"""Six photos of a phone, as they are: without JavaScript nothing makes them smaller."""
_FIELDS: Final = ("text", "address", "name", "phone", "key")
_MOST_TEXT: Final = 40_000
_KEEP_BOTH: Final = Words("请记下编号和查询码，查询码不能找回。", "Write down both: the code cannot be found again.")
_NO_CODE: Final = Words(
    "请记下编号。查询码暂时无法显示：请稍后刷新本页（不会重复登记），或凭编号拨打 12345。",
    "Write down the number. The code cannot be shown now: reload this page later (it is not entered twice), or call 12345.",
)


@routes.get("", response_class=HTMLResponse)
async def form(_: Anyone) -> HTMLResponse:
    """A page with a form to report by; it needs no JavaScript · 上报（无需脚本的页面）。"""
    return page("反映问题", _form({}))


@routes.post("", response_class=HTMLResponse, openapi_extra={"requestBody": {"content": {"multipart/form-data": {}}}})
async def sent(_: Anyone, intake: IntakeDep, feedback: FeedbackDep, files: FilesDep, request: Request) -> HTMLResponse:
    """The receipt, as a page; the fields are `text`, `address`, `name`, `phone` and `photos` · 上报回执页面。"""
    told: dict[str, str] = {}
    try:
        feedback.take_report(intake.network.caller(request))
        _bounded(request)
        step_out(request.scope)
        async with request.form(max_files=MOST_PHOTOS, max_fields=len(_FIELDS) + 3, max_part_size=_MOST_TEXT) as given:
            told = {name: value.strip() for name in _FIELDS if isinstance(value := given.get(name), str)}
            body = _body(told)
            photos, lost = await _photos(given, told["key"], intake, feedback, files, request)
        origin = public_origin(told["key"], {name: value for name, value in told.items() if value})
        receipt = await take_public(body.model_copy(update={"photos": photos}), origin, told["key"], intake)
    except MultiPartException:
        return page("反映问题", _form(told, FORM_INCOMPLETE()), 422)
    except GridGovError as error:
        return page("反映问题", _form(told, error), status_of(error))
    return page("已收到", _receipt(receipt.number, follow_of(receipt, origin, request, intake), lost), 201)


def _bounded(request: Request) -> None:
    """A form says how large it is: what is larger is refused before it comes. Raises Invalid."""
    length = request.headers.get("content-length", "")
    whole = length.isascii() and length.isdigit() and int(length[:12]) <= MOST_BYTES
    if not whole or not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise FORM_INCOMPLETE()


def _body(told: Mapping[str, str]) -> PublicReportIn:
    reporter = {name: told[name] for name in ("name", "phone") if told.get(name)}
    try:
        if not 16 <= len(told["key"]) <= 100 or not told["key"].isalnum():
            raise FORM_INCOMPLETE()
        return PublicReportIn(
            text=told["text"],
            address=told.get("address") or None,
            reporter=ReporterIn(**reporter) if reporter else None,
        )
    except (KeyError, ValidationError):
        raise FORM_INCOMPLETE() from None


async def _photos(
    given: FormData, key: str, intake: Intake, feedback: Feedback, files: Files, request: Request
) -> tuple[tuple[Any, ...], int]:
    """The photos that could be taken, and how many could not."""
    taken, lost = [], 0
    for photo in given.getlist("photos"):
        if not isinstance(photo, UploadFile) or not photo.size:
            continue  # an empty field of a form
        try:
            feedback.take_photo(intake.network.caller(request))
            taken.append(await keep_photo(files, key, photo.size, _content(photo)))
        except GridGovError:
            lost += 1
    return tuple(taken), lost


async def _content(photo: UploadFile) -> AsyncIterator[bytes]:
    while piece := await photo.read(256 * 1024):
        yield piece


def _form(told: Mapping[str, str], error: GridGovError | None = None) -> str:
    key = told.get("key") or secrets.token_hex(16)
    return (
        f'<h1>反映一个问题 <span class="en" lang="en">Report a problem</span></h1>{refused(error)}'
        '<form method="post" action="report" enctype="multipart/form-data" accept-charset="utf-8">'
        f'<input type="hidden" name="key" value="{escape(key)}">'
        f"{labelled('text', '什么问题？', 'What is it?')}"
        f'<textarea id="text" name="text" required rows="4" maxlength="10000">{escape(told.get("text", ""))}</textarea>'
        f"{labelled('address', '在哪里？', 'Where is it?')}"
        f'<input id="address" name="address" maxlength="1000" value="{escape(told.get("address", ""))}">'
        f"{labelled('photos', f'照片（选填，最多 {MOST_PHOTOS} 张）', f'Photos (optional, {MOST_PHOTOS} at most)')}"
        '<input id="photos" name="photos" type="file" accept="image/*" multiple>'
        f"{labelled('name', '称呼（选填）', 'Name (optional)')}"
        f'<input id="name" name="name" maxlength="100" value="{escape(told.get("name", ""))}">'
        f"{labelled('phone', '电话（选填）', 'Telephone (optional)')}"
        f'<input id="phone" name="phone" type="tel" maxlength="40" value="{escape(told.get("phone", ""))}">'
        '<button>提交 <span lang="en">Send</span></button></form>'
    )


def _receipt(number: str, follow: FollowOut | None, lost: int) -> str:
    gone = Words(
        f"有 {lost} 张照片没有收下（不是照片、已损坏或太大），其余内容已登记。",
        f"{lost} of the photos could not be taken (no photo, damaged or too large); all else was.",
    )
    return "".join(
        [
            '<h1>已收到 <span class="en" lang="en">Received</span></h1>',
            both(_KEEP_BOTH if follow else _NO_CODE),
            f"<h2>编号 Number</h2><p><strong>{escape(number)}</strong></p>",
            f"<h2>查询码 Code</h2><p><strong>{escape(follow.secret)}</strong></p>" if follow else "",
            both(gone) if lost else "",
            '<p><a href="follow">查询办理进度 <span lang="en">See how it is doing</span></a></p>',
        ]
    )
