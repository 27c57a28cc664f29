"""Following without JavaScript: a form, the answer, and nothing of what was written becomes markup."""

import re
from base64 import b64encode
from hashlib import sha256
from urllib.parse import urlencode

import httpx2
import pytest

from tests.intake.feedback.conftest import Resident
from tests.intake.feedback.test_misuse import HOSTILE

pytestmark = pytest.mark.anyio
FORM = {"content-type": "application/x-www-form-urlencoded"}


async def posted(resident: Resident, content: bytes | str) -> httpx2.Response:
    headers = {**FORM, "x-forwarded-for": resident.address}
    return await resident.intake.client.post("/public/follow", content=content, headers=headers)


async def test_the_form_comes_under_a_policy_that_lets_nothing_else_in(resident: Resident) -> None:
    page = await resident.intake.client.get("/public/follow")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    style = re.search(r"<style>(.*)</style>", page.text, re.DOTALL)
    assert style is not None
    policy = page.headers["content-security-policy"]
    assert f"'sha256-{b64encode(sha256(style[1].encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "form-action 'self'" in policy
    assert "unsafe" not in policy
    assert "<script" not in page.text


async def test_number_and_code_as_people_type_them_show_the_progress(resident: Resident) -> None:
    await resident.intake.triage_by_rule(await resident.id)
    await resident.work("open")
    told = urlencode({"number": f" {resident.number.lower()} ", "code": resident.secret.lower().replace("-", " ")})
    page = await posted(resident, told)
    assert page.status_code == 200
    for words in (resident.number, "泉塘街道城建办", "责任单位接单", "2026-11-18 14:00 前", "您提交了民情。"):
        assert words in page.text
    assert resident.secret not in page.text
    await resident.work("resolve", "close", result="已修好 & <b>加固</b>", state="closed", limits={})
    page = await posted(resident, told)
    assert "已修好 &amp; &lt;b&gt;加固&lt;/b&gt;" in page.text


@pytest.mark.parametrize(
    "content, status, words",
    [
        (b"", 404, "编号或查询码不对"),
        (b"number=A7-1&code=22222-22222", 404, "编号或查询码不对"),
        (b"number=%FF%FE%00&code=%00", 404, "编号或查询码不对"),
        (b"number[]=1&code=" + b"x" * 300, 404, "编号或查询码不对"),
        (urlencode({"number": '"><script>alert(1)</script>', "code": "x"}).encode(), 404, "&gt;&lt;script&gt;"),
        (b"&".join(b"a=1" for _ in range(50)), 422, "编号或查询码不对"),
        (b"number=" + b"9" * 5000, 413, "请缩小后重试"),
        (b'{"number": 1}', 404, "编号或查询码不对"),
    ],
)
async def test_what_is_wrong_is_answered_with_the_form_and_what_to_do(
    resident: Resident, content: bytes, status: int, words: str
) -> None:
    page = await posted(resident, content)
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert words in page.text
    assert "<form" in page.text
    assert "<script" not in page.text


async def test_hostile_text_is_shown_as_text(resident: Resident) -> None:
    await resident.report(text=HOSTILE)
    page = await posted(resident, urlencode({"number": resident.number, "code": resident.secret}))
    assert "<script" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;&#x27;&lt;/p&gt; 👩‍👩‍👧‍👦" in page.text


async def test_who_guesses_here_is_stopped_too(resident: Resident) -> None:
    wrong = urlencode({"number": resident.number, "code": "22222-22222"})
    statuses = [(await posted(resident, wrong)).status_code for _ in range(21)]
    assert statuses == [404] * 20 + [429]
    page = await posted(resident, wrong)
    assert "操作太频繁" in page.text
    assert f'value="{resident.number}"' in page.text
