"""Following a report without JavaScript: a form, and the answer as a page. It reads, and changes nothing.

Whatever is shown was written by others: every text goes through `escape`. The answer to a form that is wrong is the
form again, with what to do, never a problem document.
"""

from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from html import escape
from typing import Annotated, Final
from urllib.parse import parse_qs

from fastapi import Request
from fastapi.responses import HTMLResponse

from services.intake.errors import FOLLOW_CODE_WRONG
from services.intake.feedback.deps import FeedbackDep, told
from services.intake.feedback.public_api import opened
from services.intake.feedback.schemas import FollowedOut
from services.intake.reports.deps import IntakeDep
from services.intake.reports.plain_words import Words
from shared.auth.permissions import anyone
from shared.clock import LOCAL
from shared.errors import GridGovError
from shared.http.problems import status_of
from shared.http.routes import read_body, router

routes = router(prefix="/public/follow", tags=["居民反馈 · Without an account"])

Anyone = Annotated[None, anyone()]
_FORM_BYTES: Final = 4096
_STYLE: Final = (
    "body{font:18px/1.6 system-ui,'Noto Sans CJK SC',sans-serif;max-width:40rem;margin:0 auto;padding:16px;color:#1c2126;"
    "background:#fff;overflow-wrap:anywhere}h1{font-size:1.3em}h2{font-size:1.1em;margin:1.5em 0 .3em}"
    "label{display:block;margin:12px 0 4px}img{max-width:100%;margin:8px 8px 0 0}input,textarea{font:inherit;width:100%;box-sizing:border-box;padding:8px;min-height:44px;"
    "border:1px solid #6b7680;border-radius:4px}button{font:inherit;min-height:44px;padding:8px 24px;margin-top:16px;"
    "border:0;border-radius:4px;background:#0b5cad;color:#fff}"
    ".no{border-left:4px solid #b3261e;padding:4px 12px}.en{color:#50595f;font-size:.85em}"
    "ol{padding-left:1.2em}li{margin-bottom:8px}time{color:#50595f}p{margin:.2em 0;white-space:pre-line}"
)
_POLICY: Final = (
    f"default-src 'none'; img-src 'self'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@routes.get("", response_class=HTMLResponse)
async def form(_: Anyone) -> HTMLResponse:
    """A page with a form for number and code; it needs no JavaScript · 查询进度（无需脚本的页面）。"""
    return page("办理进度", _form())


@routes.post("", response_class=HTMLResponse)
async def answered(_: Anyone, intake: IntakeDep, feedback: FeedbackDep, request: Request) -> HTMLResponse:
    """The answer to the form, as a page; the fields are `number` and `code` · 查询结果页面。"""
    number = ""
    try:
        sent = parse_qs((await read_body(request.receive, _FORM_BYTES)).decode("utf-8", "replace"), max_num_fields=8)
        number, code = (sent.get(name, [""])[0].strip()[:100] for name in ("number", "code"))
        async with intake.uow() as uow:
            row = await opened(number, code, intake, feedback, uow, request)
            found = await told(row, intake, feedback, uow)
    except ValueError:  # more fields than a form of ours has
        return page("办理进度", _form(number, FOLLOW_CODE_WRONG()), 422)
    except GridGovError as error:
        return page("办理进度", _form(number, error), status_of(error))
    return page("办理进度", _shown(found))


def page(title: str, content: str, status: int = 200) -> HTMLResponse:
    page = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>'
        f"网格通 · {title}</title><style>{_STYLE}</style></head><body><main>{content}</main></body></html>"
    )
    return HTMLResponse(page, status, headers={"content-security-policy": _POLICY})


def _form(number: str = "", error: GridGovError | None = None) -> str:
    return (
        f'<h1>查询办理进度 <span class="en" lang="en">How your report is doing</span></h1>{refused(error)}'
        '<form method="post" action="follow" accept-charset="utf-8">'
        f"{labelled('number', '编号', 'Number')}"
        f'<input id="number" name="number" value="{escape(number)}" autocomplete="off" required maxlength="100">'
        f"{labelled('code', '查询码', 'Code')}"
        '<input id="code" name="code" autocomplete="off" autocapitalize="characters" required maxlength="40">'
        '<button>查询 <span lang="en">Show</span></button></form>'
        '<p><a href="report">反映一个问题 <span lang="en">Report a problem</span></a></p>'
    )


def refused(error: GridGovError | None) -> str:
    """What is wrong, above a form."""
    return f'<div class="no" role="alert">{both(Words(error.zh, error.en))}</div>' if error else ""


def labelled(field: str, zh: str, en: str) -> str:
    return f'<label for="{field}">{zh} <span class="en" lang="en">{en}</span></label>'


def _shown(report: FollowedOut) -> str:
    parts = [f"<h1>{escape(report.number)}</h1>", both(report.state), f"<p>{escape(report.text)}</p>"]
    if report.unit:
        parts += [_head("责任单位", "Unit responsible"), f"<p>{escape(report.unit)}</p>"]
    if report.promises:
        parts.append(_head("承诺时间", "Promised"))
        late = Words("（已超过，正在督促）", " (late; it is being pressed for)")
        parts += [
            both(Words(
                f"{_time(p.due_at)} 前{p.what.zh}{late.zh if p.late else ''}",
                f"by {_time(p.due_at)} {p.what.en}{late.en if p.late else ''}",
            )) for p in report.promises
        ]  # fmt: skip
    if report.result:
        parts += [_head("办理结果", "Result"), f"<p>{escape(report.result)}</p>"]
    parts += [
        f'<img src="{escape(photo)}" alt="办理后照片 photo of the result" loading="lazy">' for photo in report.photos
    ]
    if report.may_rate:
        parts.append(
            both(Words("评价或要求重新办理，请打开回执上的链接。", "To rate it or have it reopened, use your link."))
        )
    return "".join([*parts, _head("经过", "What happened"), "<ol>", *_steps(report), "</ol>"])


def _steps(report: FollowedOut) -> Iterable[str]:
    for step in report.told:
        at = _time(datetime.fromisoformat(step.at))
        why = f"<p>{escape(step.why)}</p>" if step.why else ""
        words = both(Words(f"{step.who.zh}{step.what.zh}", f"{step.who.en} {step.what.en}"))
        yield f"<li><time>{at}</time>{words}{why}</li>"


def _head(zh: str, en: str) -> str:
    return f'<h2>{zh} <span class="en" lang="en">{en}</span></h2>'


def both(words: Words) -> str:
    return f'<p>{escape(words.zh)}</p><p class="en" lang="en">{escape(words.en)}</p>'


def _time(at: datetime) -> str:
    return at.astimezone(LOCAL).strftime("%Y-%m-%d %H:%M")
