"""Checklists as they are kept: drafted, published, offered where they hold, in and out as Excel."""

from typing import Any

import pytest

from shared.auth.principal import Role
from tests.registry.conftest import Registry

pytestmark = pytest.mark.anyio

STREET = {"role": Role.ADMIN, "unit": "R1-S"}
WORKER = {"role": Role.GRID_WORKER, "unit": "R1-S-01-001"}
ELSEWHERE = {"role": Role.GRID_WORKER, "unit": "R1-T"}
NIGHT = {
    "zh": "夜查表", "en": "Night check", "edition": "2026", "source": "街道办法", "inspectors": ["street"], "areas": True,
    "area": "R1-S", "questions": [{"no": "1", "group": "疏散", "text": "通道畅通", "item": "evacuation", "good": "畅通", "bad": "有问题"}],
}  # fmt: skip


async def drafted(registry: Registry, code: str, body: Any = NIGHT, **more: Any) -> Any:
    return await registry.call("PUT", f"/checklists/kept/{code}/draft", body, **{**STREET, **more})


async def codes(registry: Registry, **caller: Any) -> list[tuple[str, int]]:
    return [(one["code"], one["version"]) for one in (await registry.get("/checklists", **caller))["items"]]


async def test_a_list_is_drafted_then_published_and_offered_in_its_area_alone(registry: Registry) -> None:
    await registry.fill()
    made = await drafted(registry, "night_check")
    assert (made.status_code, made.json()["versions"], made.json()["draft"]["zh"]) == (200, [], "夜查表")
    assert "night_check" not in dict(await codes(registry, **WORKER)), "nobody inspects by a draft"
    published = await registry.call("POST", "/checklists/kept/night_check/publish", {}, **STREET, if_match="1")
    assert (published.json()["draft"], [one["version"] for one in published.json()["versions"]]) == (None, [1])
    assert ("night_check", 1) in await codes(registry, **WORKER)
    assert "night_check" not in dict(await codes(registry, **ELSEWHERE))
    nothing = await registry.call("POST", "/checklists/kept/night_check/publish", {}, **STREET, if_match="2")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "checklist_without_draft")
    trail = (await registry.get("/checklists/kept/night_check/trail"))["entries"]
    assert [entry["action"] for entry in trail] == ["draft", "publish"]


async def test_the_next_version_of_a_first_list_leaves_inspections_theirs(registry: Registry) -> None:
    await registry.fill()
    seven = (await registry.get("/checklists/kept/seven_items"))["versions"][0]
    body = {name: value for name, value in seven.items() if name not in ("code", "version", "patrol")}
    body |= {"zh": "七项检查（新）"}
    assert (await drafted(registry, "seven_items", body)).status_code == 403, "it holds everywhere"
    everywhere = {"role": Role.ADMIN, "unit": None}
    assert (await drafted(registry, "seven_items", body, **everywhere)).status_code == 200
    assert (await drafted(registry, "seven_items", body, **everywhere)).status_code == 412
    path = "/checklists/kept/seven_items"
    assert (await registry.call("POST", f"{path}/publish", {}, **everywhere, if_match="1")).status_code == 200
    assert [one["zh"] for one in (await registry.get(path))["versions"]] == ["七项检查（新）", "七项检查"]
    assert ("seven_items", 2) in await codes(registry, **WORKER)


@pytest.mark.parametrize(
    ("questions", "code"),
    [
        ([{"no": "1"}, {"no": "1"}], "checklist_question_twice"), ([{"bad": ""}], "checklist_answers_half"),
        ([{"item": "weather"}], "validation"), ([], "validation"),
    ],
)  # fmt: skip
async def test_what_can_be_no_list_is_refused(registry: Registry, questions: list[Any], code: str) -> None:
    await registry.fill()
    made = [NIGHT["questions"][0] | one for one in questions]
    refused = await drafted(registry, "night_check", NIGHT | {"questions": made})
    assert (refused.status_code, refused.json()["code"]) == (422, code)


async def test_lists_go_out_as_excel_and_come_in_as_drafts(registry: Registry) -> None:
    await registry.fill()
    out = (await registry.call("GET", "/checklists.xlsx")).content
    same = await registry.call("POST", "/checklists/import", content=out)
    assert same.json() == {"entered": 0, "changed": 0, "same": len(await codes(registry))}
    rows = "检查表代码,名称,版次,依据,检查人,题号,分组,检查内容,项目\nnew_list,新表,1,办法,派出所,1,甲,问一,用电\nnew_list,,,,,2,甲,问二,管理\n"
    await registry.call("POST", "/checklists/import", content=rows.encode())
    draft = (await registry.get("/checklists/kept/new_list"))["draft"]
    assert [one["item"] for one in draft["questions"]] == ["electricity", "management"]
