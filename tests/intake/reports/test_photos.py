"""Photos on reports: uploaded in pieces, attached once, seen by whoever sees the report, gone when nobody wants them."""

import asyncio
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from PIL import Image

from services.intake.schema import files
from shared.auth.principal import Role
from shared.files import uploads
from shared.files.image import Photo
from shared.files.store import photo_of
from shared.files.tidy import FilesHousekeeping
from shared.ids import new_id
from tests.intake.conftest import Intake
from tests.shared.files.pictures import picture, told
from tests.support.asgi import Sent, send
from tests.support.city import ELSEWHERE, STREET
from tests.support.tus import CHUNK, TUS, begun, how_far, uploaded, went_on

pytestmark = pytest.mark.anyio
PHOTO = picture(size=(1000, 800), exif=told(zone="+08:00"))


@pytest.fixture
def resident(intake: Intake) -> dict[str, str]:
    return intake.caller(Role.RESIDENT, STREET, "resident-1")


async def sent(intake: Intake, who: dict[str, str], key: str, *photos: str) -> Any:
    body = {"text": "路边井盖不见了", "photos": photos}
    return await intake.client.post("/reports", json=body, headers={**who, "idempotency-key": key})


async def rows(intake: Intake) -> list[sa.RowMapping]:
    return await intake.content(files)


def store(intake: Intake) -> Any:
    return intake.service.api.state.files.store


async def names(intake: Intake) -> list[str]:
    return [name async for page in store(intake).pages() for name in page]


async def test_a_photo_comes_with_the_report_and_is_shown_with_it(intake: Intake, resident: dict[str, str]) -> None:
    first, second = [await uploaded(intake.client, resident, PHOTO) for _ in range(2)]
    answer = await sent(intake, resident, "with-photos", second, first)
    assert answer.status_code == 201, answer.text
    report = await intake.get(f"/reports/{answer.json()['id']}")
    assert [photo["id"] for photo in report["photos"]] == [second, first]
    shown = report["photos"][0]
    assert (shown["width"], shown["height"], shown["use"]) == (1000, 800, "report")
    assert shown["taken_at"] == "2026-11-28T01:30:00Z"
    assert shown["url"] == f"/intake/files/{second}"
    page = await intake.get("/reports", id=answer.json()["id"])
    assert page["items"][0]["photos"] == report["photos"]
    assert (await intake.trail(report["id"]))[0]["what"]["photos"] == [second, first]

    image = await intake.client.get(f"/files/{second}", headers=resident)
    assert image.status_code == 200 and Image.open(BytesIO(image.content)).size == (1000, 800)
    assert image.headers["content-type"] == "image/jpeg"
    assert image.headers["content-disposition"].startswith("inline")
    assert image.headers["cache-control"].startswith("private")
    assert image.headers["x-content-type-options"] == "nosniff"
    assert image.headers["content-security-policy"].startswith("default-src 'none'")
    small = await intake.client.get(f"/files/{second}/thumbnail", headers=resident)
    assert Image.open(BytesIO(small.content)).size == (320, 256)


async def test_an_upload_goes_on_where_it_was_broken_off(intake: Intake, resident: dict[str, str]) -> None:
    answer = await begun(intake.client, resident, len(PHOTO))
    assert answer.status_code == 201 and answer.headers["tus-resumable"] == "1.0.0"
    assert answer.headers["upload-expires"].endswith("GMT")
    file = answer.headers["location"].rpartition("/")[2]
    headers = tuple(
        (n.encode(), v.encode()) for n, v in {**resident, **TUS, "content-type": CHUNK, "upload-offset": "0"}.items()
    )

    broken = Sent("PATCH", f"/files/{file}", headers=headers, chunks=[PHOTO[:700], b""])

    lost = await send(_disconnecting(intake.service.api), broken)
    assert lost.status == 0 or lost.status >= 400
    far = await how_far(intake.client, resident, file)
    assert (far.status_code, far.headers["upload-offset"], far.headers["upload-length"]) == (
        200,
        "700",
        str(len(PHOTO)),
    )
    assert far.headers["cache-control"] == "no-store"

    wrong = await went_on(intake.client, resident, file, 0, PHOTO)
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["data"]) == (409, "upload_offset", {"received": 700})
    done = await went_on(intake.client, resident, file, 700, PHOTO[700:])
    assert (done.status_code, done.headers["upload-offset"]) == (204, str(len(PHOTO)))
    assert (await intake.client.get(f"/files/{file}", headers=resident)).status_code == 200
    assert sorted(await names(intake)) == [f"{file}/photo.jpg", f"{file}/thumbnail.jpg"]


def _disconnecting(app: Any) -> Any:
    """The first part of a body arrives; then the connection is gone."""

    async def broken(scope: Any, receive: Any, answer: Any) -> None:
        came = 0

        async def parts() -> Any:
            nonlocal came
            came += 1
            return await receive() if came == 1 else {"type": "http.disconnect"}

        await app(scope, parts, answer)

    return broken


async def test_two_who_send_the_same_part_at_once_do_not_spoil_it(intake: Intake, resident: dict[str, str]) -> None:
    file = (await begun(intake.client, resident, len(PHOTO))).headers["location"].rpartition("/")[2]
    answers = await asyncio.gather(*(went_on(intake.client, resident, file, 0, PHOTO) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [204, 409, 409, 409]
    assert (await intake.client.get(f"/files/{file}", headers=resident)).status_code == 200


async def test_a_crash_before_the_photo_was_made_is_made_good_by_who_asks_how_far_it_came(
    intake: Intake, resident: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(self: Any, file: Any, photo: Photo) -> None:
        raise ConnectionError("as if the process were gone")

    monkeypatch.setattr(uploads.Uploads, "_ready", crash)
    file = (await begun(intake.client, resident, len(PHOTO))).headers["location"].rpartition("/")[2]
    assert (await went_on(intake.client, resident, file, 0, PHOTO)).status_code >= 500
    (row,) = await rows(intake)
    assert row["ready_at"] is None and row["received"] == row["length"]
    assert (await sent(intake, resident, "too-early", file)).json()["code"] == "photo_unfinished"
    monkeypatch.undo()
    assert (await how_far(intake.client, resident, file)).headers["upload-offset"] == str(len(PHOTO))
    assert (await sent(intake, resident, "now", file)).status_code == 201
    assert sorted(await names(intake)) == [f"{file}/photo.jpg", f"{file}/thumbnail.jpg"]


async def test_what_is_no_photo_is_refused_at_its_first_bytes_and_leaves_nothing(
    intake: Intake, resident: dict[str, str]
) -> None:
    answer = await begun(intake.client, resident, 10_000, b"MZ" + bytes(2000))
    assert (answer.status_code, answer.json()["code"]) == (422, "photo_type")
    broken = await begun(intake.client, resident, 2000, PHOTO[:2000])
    assert (broken.status_code, broken.json()["code"]) == (422, "photo_unreadable")
    assert (await rows(intake), await names(intake)) == ([], [])


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"tus-resumable": "0.2.2"}, 412, "tus_version"),
        ({"upload-length": ""}, 400, "upload_header"),
        ({"upload-length": "-1"}, 400, "upload_header"),
        ({"upload-length": "0"}, 400, "upload_header"),
        ({"upload-length": "٣"}, 400, "upload_header"),
        ({"upload-length": "999999999"}, 413, "file_too_large"),
        ({"content-type": "image/jpeg"}, 415, "upload_type"),
    ],
)
async def test_a_bad_beginning_is_refused_with_what_is_wrong(
    intake: Intake, resident: dict[str, str], headers: dict[str, str], status: int, code: str
) -> None:
    said = {**resident, **TUS, "upload-length": "10", **headers}
    raw = tuple((name.encode(), value.encode()) for name, value in said.items())
    answer = await send(intake.service.api, Sent("POST", "/files", headers=raw))
    assert (answer.status, answer.json()["code"]) == (status, code)
    assert answer.headers["tus-resumable"] == "1.0.0"
    assert ("tus-version" in answer.headers) == (status == 412)


async def test_more_than_was_announced_is_refused(intake: Intake, resident: dict[str, str]) -> None:
    file = (await begun(intake.client, resident, 100)).headers["location"].rpartition("/")[2]
    answer = await went_on(intake.client, resident, file, 0, PHOTO)
    assert (answer.status_code, answer.json()["code"]) == (413, "upload_too_long")


async def test_what_this_server_can_is_told(intake: Intake, resident: dict[str, str]) -> None:
    answer = await intake.client.options("/files", headers=resident)
    assert answer.status_code == 204
    assert answer.headers["tus-extension"] == "creation,creation-with-upload,termination,expiration"
    assert answer.headers["tus-max-size"] == str(20 * 1024 * 1024)


async def test_nobody_keeps_more_than_so_many_that_belong_to_nothing(
    intake: Intake, resident: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_LOOSE", 2)
    for _ in range(2):
        await begun(intake.client, resident, 10)
    assert (await begun(intake.client, resident, 10)).status_code == 429
    other = intake.caller(Role.RESIDENT, STREET, "resident-2")
    assert (await begun(intake.client, other, 10)).status_code == 201


async def test_only_the_uploader_has_a_photo_until_it_belongs_to_a_report(
    intake: Intake, resident: dict[str, str]
) -> None:
    file = await uploaded(intake.client, resident, PHOTO)
    for other in (
        intake.caller(Role.RESIDENT, STREET, "resident-2"), intake.caller(Role.INTAKE_CLERK, STREET), intake.caller(Role.ADMIN),
    ):  # fmt: skip
        assert (await intake.client.get(f"/files/{file}", headers=other)).status_code == 404
        assert (await how_far(intake.client, other, file)).status_code == 404
        assert (await went_on(intake.client, other, file, 0, PHOTO)).status_code == 404
        assert (await intake.client.delete(f"/files/{file}", headers={**other, **TUS})).status_code == 404
        refused = await sent(intake, other, f"steals-{other['authorization'][-9:]}", file)
        assert (refused.status_code, refused.json()["code"]) == (422, "photo_unknown")
    assert (await intake.client.get(f"/files/{file}", headers=resident)).status_code == 200


async def test_a_photo_of_a_report_is_seen_by_who_sees_the_report(intake: Intake, resident: dict[str, str]) -> None:
    file = await uploaded(intake.client, resident, PHOTO)
    assert (await sent(intake, resident, "seen", file)).status_code == 201
    seen = {
        name: (await intake.client.get(f"/files/{file}/thumbnail", headers=who)).status_code
        for name, who in {
            "reporter": resident,
            "clerk": intake.caller(Role.INTAKE_CLERK, STREET),
            "admin": intake.caller(Role.ADMIN),
            "neighbour": intake.caller(Role.RESIDENT, STREET, "resident-2"),
            "elsewhere": intake.caller(Role.INTAKE_CLERK, ELSEWHERE),
            "nowhere": intake.caller(Role.LEADER),
        }.items()
    }
    assert seen == {"reporter": 200, "clerk": 200, "admin": 200, "neighbour": 404, "elsewhere": 404, "nowhere": 404}


async def test_the_same_report_again_answers_the_same_and_a_photo_belongs_to_one_report(
    intake: Intake, resident: dict[str, str]
) -> None:
    file = await uploaded(intake.client, resident, PHOTO)
    answers = await asyncio.gather(*(sent(intake, resident, "again", file) for _ in range(4)))
    answers.append(await sent(intake, resident, "again", file))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    other = await sent(intake, resident, "another", file)
    assert (other.status_code, other.json()["code"], other.json()["field"]) == (422, "photo_attached", "photos")
    assert (await intake.counts())["reports"] == 1
    assert (await intake.client.delete(f"/files/{file}", headers={**resident, **TUS})).json()["code"] == "file_attached"


async def test_two_reports_at_once_with_one_photo_one_has_it(intake: Intake, resident: dict[str, str]) -> None:
    file = await uploaded(intake.client, resident, PHOTO)
    answers = await asyncio.gather(*(sent(intake, resident, f"race-{n}", file) for n in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, *([422] * 5)]
    assert (await intake.counts())["reports"] == 1


@pytest.mark.parametrize("case", ["unknown", "twice", "unfinished", "ten"])
async def test_a_report_with_a_photo_that_cannot_be_is_not_stored(
    intake: Intake, resident: dict[str, str], case: str
) -> None:
    file = await uploaded(intake.client, resident, PHOTO)
    match case:
        case "unknown":
            photos, code = [file, str(uuid4())], "photo_unknown"
        case "twice":
            photos, code = [file, file], "photo_attached"
        case "unfinished":
            half = (await begun(intake.client, resident, 10)).headers["location"].rpartition("/")[2]
            photos, code = [file, half], "photo_unfinished"
        case _:
            photos, code = [str(uuid4()) for _ in range(10)], "validation"
    answer = await sent(intake, resident, "bad", *photos)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await intake.counts())["reports"] == 0
    assert (await sent(intake, resident, "good", file)).status_code == 201


async def test_an_upload_that_is_given_up_leaves_nothing(intake: Intake, resident: dict[str, str]) -> None:
    file = await uploaded(intake.client, resident, PHOTO)
    assert (await intake.client.delete(f"/files/{file}", headers={**resident, **TUS})).status_code == 204
    assert (await how_far(intake.client, resident, file)).status_code == 404
    assert (await rows(intake), await names(intake)) == ([], [])


async def test_after_a_day_what_belongs_to_nothing_goes_and_what_belongs_to_a_report_stays(
    intake: Intake, resident: dict[str, str]
) -> None:
    kept, loose = [await uploaded(intake.client, resident, PHOTO) for _ in range(2)]
    await sent(intake, resident, "kept", kept)
    half = (await begun(intake.client, resident, 5000, PHOTO[:3000])).headers["location"].rpartition("/")[2]
    await store(intake).put(photo_of(new_id()), b"of a row that was never committed")
    await store(intake).put(f"{kept}/left.part", b"of a crash after it was ready")
    tidy = FilesHousekeeping(intake.uow, files, store(intake))
    await tidy.expire()
    assert {str(row["id"]) for row in await rows(intake)} == {kept, loose, half}
    intake.clock.advance(timedelta(hours=25))
    await tidy.expire()
    assert [str(row["id"]) for row in await rows(intake)] == [kept]
    await tidy.sweep()
    assert len(await names(intake)) == 4, "what came just now is left alone"
    intake.clock.set(datetime.now(UTC) + timedelta(hours=25))  # ids are of the system's clock
    await tidy.sweep()
    assert sorted(await names(intake)) == [f"{kept}/photo.jpg", f"{kept}/thumbnail.jpg"]
