"""Photos without an account: bound to the draft by a key, a few of each, and from a form without JavaScript too."""

import re

import httpx2
import pytest

from shared.ids import new_id
from tests.intake.conftest import Intake
from tests.intake.feedback.conftest import BODY, Resident
from tests.shared.files.pictures import picture

pytestmark = pytest.mark.anyio
PHOTO = picture(size=(640, 480))
KEY = "k" * 32


async def uploaded(intake: Intake, content: bytes = PHOTO, key: str = KEY) -> httpx2.Response:
    headers = {"upload-key": key, "content-type": "application/octet-stream", "x-forwarded-for": "203.0.113.7"}
    return await intake.client.post("/public/photos", content=content, headers=headers)


async def report(intake: Intake, photo: str, key: str | None) -> httpx2.Response:
    headers = {"idempotency-key": str(new_id()), **({"upload-key": key} if key else {})}
    return await intake.client.post("/public/reports", json={**BODY, "photos": [photo]}, headers=headers)


async def test_only_who_has_the_drafts_key_sends_its_photos(intake: Intake) -> None:
    photo = (await uploaded(intake)).json()["id"]
    for key in (None, "x" * 32):
        assert (await report(intake, photo, key)).json()["code"] == "photo_unknown"
    sent = await report(intake, photo, KEY)
    assert sent.status_code == 201, sent.text
    resident = Resident(intake, sent.json()["number"])
    shown = await intake.get(f"/reports/{await resident.id}")
    assert [one["id"] for one in shown["photos"]] == [photo]


async def test_a_draft_and_an_address_are_bounded(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [await uploaded(intake) for _ in range(19)]
    assert [answer.status_code for answer in answers[:-1]] == [201] * 18
    assert answers[-1].json()["code"] == "files_too_many"
    monkeypatch.setattr(intake.service.api.state.feedback.photos, "_ahead", 0.0)
    assert (await uploaded(intake, key="y" * 32)).status_code == 429
    assert (await uploaded(intake, b"no photo at all", "z" * 32)).status_code in (422, 429)


async def test_the_result_is_shown_with_photos_that_need_no_code(intake: Intake) -> None:
    resident = Resident(intake)
    await resident.report()
    photo = new_id()
    await intake.triage_by_rule(await resident.id)
    await resident.work("open", "accept", "start")
    assert (await resident.seen())["photos"] == []
    await resident.work("resolve", result="已修好", result_photos=(photo,), limits={})
    (link,) = (await resident.seen())["photos"]
    prefix, _, seal = link.rpartition("/")
    assert prefix == "/dispatch/public/photos"
    assert str(photo) not in link
    assert intake.service.api.state.feedback.links.opened(seal) == photo


async def test_a_form_without_scripts_sends_words_and_photos_once(intake: Intake) -> None:
    page = await intake.client.get("/public/report")
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page.text)
    assert key is not None
    told = {"key": key[1], "text": "路边井盖不见了 <b>", "address": "东门", "name": "", "phone": "13812345678"}
    photos = [("photos", ("a.jpg", PHOTO, "image/jpeg")), ("photos", ("b.jpg", b"no photo", "image/jpeg"))]
    answers = [await intake.client.post("/public/report", data=told, files=photos) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201], answers[0].text
    assert "有 1 张照片没有收下" in answers[0].text
    number, code = re.findall(r"<strong>([^<]+)</strong>", answers[0].text)
    assert re.findall(r"<strong>([^<]+)</strong>", answers[1].text) == [number, code]
    resident = Resident(intake, number, code)
    assert (await resident.seen())["text"] == told["text"]
    assert len((await intake.get(f"/reports/{await resident.id}"))["photos"]) == 1
    empty = await intake.client.post("/public/report", data={**told, "text": " "}, files=photos[:1])
    assert (empty.status_code, "请写明是什么问题" in empty.text, "13812345678" in empty.text) == (422, True, True)
