"""The fire-safety file over HTTP: written, corrected, struck out; what is due; one workbook."""

import io
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from shared.auth.principal import Role
from tests.registry.conftest import Registry
from tests.registry.premises.test_premises_api import BODY, OFFICE, WORKER, enter
from tests.shared.files.pictures import picture
from tests.support.tus import begun, uploaded
from tests.support.workbooks import edited, rows_of

PDF = b"%PDF-1.7\n" + b"1 0 obj\n" * 200 + b"startxref\n0\n%%EOF\n"
pytestmark = pytest.mark.anyio

POWDER = {"item": "extinguishers", "values": {"type": "干粉", "count": 4, "made_on": "2021-12-01", "place": "大厅"}}
ELSEWHERE = {"role": Role.LEADER, "unit": "R1-S-02"}


async def write(registry: Registry, premises_id: str, body: Any = POWDER) -> Any:
    answer = await registry.call("POST", f"/premises/{premises_id}/file", body, **WORKER)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_an_extinguisher_is_due_until_it_is_serviced(registry: Registry) -> None:
    await registry.fill()
    made = await enter(registry)
    entry = await write(registry, made["id"])
    assert (entry["due_on"], entry["due_zh"]) == ("2026-12-01", "灭火器维修或报废")
    [due] = (await registry.get("/premises/file-due", **OFFICE))["items"]
    assert (due["number"], due["name"], due["id"]) == (made["number"], BODY["name"], entry["id"])
    serviced = {"values": POWDER["values"] | {"serviced_on": "2026-11-17"}, "why": "送修"}
    done = await registry.call("PUT", f"/premises/file/{entry['id']}", serviced, **WORKER, if_match="1")
    assert (done.status_code, done.json()["due_on"]) == (200, "2028-11-17")
    assert (await registry.get("/premises/file-due", **OFFICE))["items"] == []


async def test_what_was_struck_out_stays_readable_and_cannot_be_changed(registry: Registry) -> None:
    await registry.fill()
    made = await enter(registry)
    entry = await write(registry, made["id"])
    path = f"/premises/file/{entry['id']}"
    assert (await registry.call("POST", f"{path}/strike-out", {}, **WORKER, if_match="1")).status_code == 200
    assert (await registry.get(f"/premises/{made['id']}/file", **WORKER))["entries"] == []
    [kept] = (await registry.get(f"/premises/{made['id']}/file?struck_out=true", **WORKER))["entries"]
    assert kept["struck_out_on"] == "2026-11-18"
    again = await registry.call("PUT", path, {"values": POWDER["values"] | {"count": 2}}, **WORKER, if_match="2")
    assert (again.status_code, again.json()["code"]) == (409, "file_entry_struck_out")


async def test_a_file_is_seen_by_whoever_sees_the_premises(registry: Registry) -> None:
    await registry.fill()
    made = await enter(registry)
    entry = await write(registry, made["id"])
    for path in (
        f"/premises/{made['id']}/file",
        f"/premises/file/{entry['id']}",
        f"/premises/file/{entry['id']}/trail",
    ):
        assert (await registry.call("GET", path, **OFFICE)).status_code == 200
        assert (await registry.call("GET", path, **ELSEWHERE)).status_code == 404
    assert (await registry.get("/premises/file-due", **ELSEWHERE))["items"] == []
    refused = await registry.call("PUT", f"/premises/file/{entry['id']}", {"values": {}}, **ELSEWHERE, if_match="1")
    assert refused.status_code == 404


async def test_a_pdf_of_an_entry_is_kept_as_it_came_and_downloaded_by_whoever_sees_it(registry: Registry) -> None:
    await registry.fill()
    made = await enter(registry)
    who = {"authorization": f"Bearer {registry.token(**WORKER)}"}
    told = {**who, "upload-metadata": f"filename {b64encode('图纸/验收意见书.pdf'.encode()).decode()}"}
    file, photo = await uploaded(registry.client, told, PDF), await uploaded(registry.client, who, picture())
    wrong = await registry.call("POST", f"/premises/{made['id']}/file", POWDER | {"documents": [photo]}, **WORKER)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "document_of_photo")
    entry = await write(registry, made["id"], POWDER | {"documents": [file]})
    assert [(one["name"], one["bytes"]) for one in entry["documents"]] == [("验收意见书.pdf", len(PDF))]
    [shown] = (await registry.get(f"/premises/{made['id']}/file", **OFFICE))["entries"]
    assert shown["documents"] == entry["documents"]
    path = f"/files/{file}/document"
    answer = await registry.call("GET", path, **OFFICE)
    assert (answer.content, answer.headers["content-type"]) == (PDF, "application/pdf")
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E9%AA%8C")
    assert answer.headers["x-content-type-options"] == "nosniff"
    for other, caller in ((path, ELSEWHERE), (f"/files/{file}", OFFICE), (f"/files/{photo}/document", WORKER)):
        assert (await registry.call("GET", other, **caller)).status_code == 404
    cut = await begun(registry.client, who, 600, PDF[:600])
    assert (cut.status_code, cut.json()["code"]) == (422, "document_unreadable")


async def test_the_whole_file_is_one_workbook(registry: Registry) -> None:
    await registry.fill()
    made = await enter(registry)
    await write(registry, made["id"])
    answer = await registry.call("GET", f"/premises/{made['id']}/file.xlsx", **WORKER)
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames[0] == "基本信息" and len(book.sheetnames) == 18
    assert [cell.value for cell in book["灭火器"][2]][:3] == ["干粉", "大厅", 4]


async def test_an_unknown_item_says_which_there_are(registry: Registry) -> None:
    await registry.fill()
    made = await enter(registry)
    answer = await registry.call("POST", f"/premises/{made['id']}/file", {"item": "lifts", "values": {}}, **WORKER)
    assert (answer.status_code, answer.json()["code"]) == (422, "file_item_unknown")
    assert "extinguishers" in answer.json()["data"]["possible"]


async def test_a_file_is_read_as_it_stood_on_a_past_day(registry: Registry) -> None:
    await registry.fill()
    made = await enter(registry)
    path, first = f"/premises/{made['id']}", registry.clock.now().date()
    entry = await write(registry, made["id"])
    registry.clock.advance(timedelta(days=5))
    body = {"values": POWDER["values"] | {"count": 9}}
    await registry.call("PUT", f"/premises/file/{entry['id']}", body, **WORKER, if_match="1")
    registry.clock.advance(timedelta(days=5))
    await registry.call("POST", f"/premises/file/{entry['id']}/strike-out", {}, **WORKER, if_match="2")

    async def counts(days: int) -> list[int]:
        then = (first + timedelta(days=days)).isoformat()
        entries = (await registry.get(f"{path}/file?as_of={then}", **WORKER))["entries"]
        return [one["values"]["count"] for one in entries]

    assert [await counts(days) for days in (0, 4, 5, 9, 10)] == [[4], [4], [9], [9], []]


async def test_the_list_says_what_is_due_first_and_finds_what_is_due_before_a_day(registry: Registry) -> None:
    await registry.fill()
    made = await enter(registry)
    await enter(registry, name="老王饭店")
    await write(registry, made["id"])
    listed = (await registry.get("/premises", **OFFICE))["items"]
    assert [one["due_on"] for one in listed] == ["2026-12-01", None]
    for day, found in (("2026-12-01", []), ("2026-12-02", [made["id"]])):
        page = await registry.get(f"/premises?due_before={day}", **OFFICE)
        assert [one["id"] for one in page["items"]] == found
    counted = await registry.get("/premises/counts", **OFFICE)
    assert (counted["files"], counted["due_soon"], counted["overdue"]) == (2, 1, 0)
    await registry.call("PUT", f"/premises/{made['id']}", BODY | {"use": "closed"}, **OFFICE, if_match="1")
    assert (await registry.get("/premises/counts", **OFFICE))["due_soon"] == 0


async def test_a_file_has_nine_basic_and_nine_management_sections_and_every_item_lies_in_one(
    registry: Registry,
) -> None:
    told = await registry.get("/premises/file-items", **OFFICE)
    assert [(one["part"], one["number"]) for one in told["sections"]] == [
        *(("basic", n) for n in range(1, 10)), *(("management", n) for n in range(1, 10))]  # fmt: skip
    placed = [item for section in told["sections"] for item in section["items"]]
    assert placed == [item["code"] for item in told["items"]]


async def test_a_streets_extinguishers_are_one_table_in_and_out(registry: Registry) -> None:
    await registry.fill()
    made = await enter(registry)
    for _ in range(2):
        await write(registry, made["id"])
    out = await registry.call("GET", "/premises/extinguishers.xlsx?due_before=2027-01-01", **OFFICE)
    assert [(row["场所档案号"], row["场所名称"]) for row in rows_of(out.content)] == [
        (made["number"], BODY["name"])
    ] * 2
    serviced = edited(out.content, 2, {"上次维修": "2026-11-17"})
    answer = await registry.call("POST", "/premises/extinguishers/import", content=serviced, **OFFICE)
    assert answer.json() == {"entered": 0, "changed": 1, "same": 1}
    assert len((await registry.get("/premises/file-due?before=2027-01-01", **OFFICE))["items"]) == 1


@pytest.mark.parametrize(
    ("name", "number", "said"),
    [("长" * 1_001, "1", "姓名：最多 1000 个字符，现在有 1001 个"), ("王强", "长" * 1_001, "证号：最多 1000 个字符")],
)
async def test_a_bad_text_of_a_table_is_refused_once_at_its_column(
    registry: Registry, name: str, number: str, said: str
) -> None:
    await registry.fill()
    made = await enter(registry)
    content = f"场所档案号,姓名,工种,证号\n{made['number']},{name},电工,{number}\n".encode()
    answer = await registry.call("POST", "/premises/certificates/import", content=content, **OFFICE)
    why = answer.text.rpartition("row 2：")[2]
    assert why.startswith(said)
    assert "；" not in why, "one reason"


async def test_a_value_that_is_neither_text_nor_whole_is_refused_at_its_field(registry: Registry) -> None:
    await registry.fill()
    path = f"/premises/{(await enter(registry))['id']}/file"
    for value in (1.5, True, 2**31, None):
        body = {"item": "certificates", "values": {"name": value, "trade": "电工"}}
        answer = await registry.call("POST", path, body, **OFFICE)
        assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [("values.name", "text_or_whole")]
