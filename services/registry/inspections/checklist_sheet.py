"""Checklists as a table: one row is one question; what a list says itself stands in its first row."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.registry.hazards.items import ITEMS
from services.registry.inspections.checklists import MANAGEMENT, Contents, Inspector
from services.registry.inspections.errors import CHECKLIST_HEAD_MISSING
from services.registry.inspections.kept_checklist_schemas import HeadBody, QuestionBody
from services.registry.premises.kinds import CATEGORIES
from shared.http.sheets import as_a_form
from shared.sheets.columns import YES_NO, Column
from shared.sheets.ledger import Ledger

_ZH: Final = {Inspector.UNIT: "单位自查", Inspector.STREET: "街道社区网格", Inspector.POLICE: "派出所"}
_INSPECTORS: Final = {zh: one for one, zh in _ZH.items()}
_CATEGORIES: Final = {zh: one for one, zh in CATEGORIES.items()}
_QUESTION: Final = ("no", "group", "text", "item", "good", "bad")
_HEAD: Final = ("zh", "en", "edition", "source", "certainty")


def question_of(told: Mapping[str, Any]) -> QuestionBody:
    """The question of a row. Raises ValidationError."""
    return QuestionBody.model_validate({name: told[name] for name in _QUESTION})


def head_of(told: Mapping[str, Any]) -> HeadBody | None:
    """What a row says of its list; None for one that only goes on. Raises ValidationError."""
    if not told["zh"]:
        return None
    said = {name: told[name] for name in _HEAD if told[name]}
    said |= {"en": said.get("en", told["zh"]), "areas": told["areas"] == "yes"}
    said["inspectors"] = tuple(_INSPECTORS.get(word, word) for word in told["inspectors"])
    if told["categories"]:
        listed = (word.strip() for word in told["categories"].replace(";", "；").split("；"))
        said["categories"] = tuple(_CATEGORIES.get(word, word) for word in listed if word)
    return HeadBody.model_validate(said)


def _as_a_form_would_be(told: Mapping[str, Any]) -> None:
    question_of(told)
    head = head_of(told)
    if head is None and any(told[name] for name in ("edition", "source", "inspectors")):
        raise CHECKLIST_HEAD_MISSING()


CHECKLISTS: Final = Ledger(
    "检查表",
    [
        Column("code", "检查表代码", "code", "id", required=True, note="小写字母、数字和下划线 small letters, digits, _", example="small_place_check"),
        Column("zh", "名称", "name", note="以下各列只填在该检查表的第一行 these stand in its first row", example="小场所检查"),
        Column("en", "英文名称", "English name"),
        Column("edition", "版次", "edition", example="本街道 2026 版"),
        Column("source", "依据", "source", example="消防法第16条"),
        Column("certainty", "可靠性", "certainty", "id", note="S 法规原文，W 网页，A 本地自定"),
        Column("inspectors", "检查人", "inspectors", "list", note="用顿号隔开：单位自查、街道社区网格、派出所", example="派出所"),
        Column("categories", "适用场所", "categories", note="用分号隔开；留空为所有场所 separated by ；, empty for all"),
        Column("areas", "可用于街面", "also without premises", "choice", choices=YES_NO),
        Column("area", "适用区域编码", "area", "unit", note="留空为全部区域 empty for everywhere"),
        Column("no", "题号", "number", "id", required=True, example="1"),
        Column("group", "分组", "group", required=True, example="疏散"),
        Column("text", "检查内容", "question", required=True, example="出口、通道畅通，不占堵封"),
        Column("item", "项目", "item", "choice", required=True,
               choices={zh: item.value for item, (zh, _) in ITEMS.items()} | {"管理": MANAGEMENT}, example="疏散"),
        Column("good", "合格的说法", "what passes", example="畅通"),
        Column("bad", "不合格的说法", "what fails", note="两者都不填：用文字作答 neither: answered in words", example="有问题"),
    ],
    key=("code", "no"),
    check=as_a_form(_as_a_form_would_be),
)  # fmt: skip


def rows_of(code: str, area: str | None, contents: Contents) -> Iterator[dict[str, Any]]:
    """A list as the ledger exports it, question by question."""
    head: dict[str, Any] = {name: getattr(contents, name) for name in _HEAD} | {
        "area": area, "areas": "yes" if contents.areas else "no",
        "inspectors": [_ZH[one] for one in sorted(contents.inspectors)],
        "categories": "；".join(CATEGORIES[one] for one in sorted(contents.categories or ())),
    }  # fmt: skip
    for question in contents.questions:
        yield {"code": code, **head, **{name: getattr(question, name) for name in _QUESTION}}
        head = {}
