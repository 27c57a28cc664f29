"""Inspections as a table: the columns of their template, import and export."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from services.registry.hazards.items import ITEM_WORDS, ITEMS
from services.registry.inspections.answers import RESULTS
from services.registry.inspections.errors import INSPECTION_PLACE_UNKNOWN
from services.registry.inspections.inspection import KINDS
from shared.http.sheets import as_a_form
from shared.http.types import ShortText, StrictModel, Text
from shared.sheets.columns import YES_NO, Column
from shared.sheets.ledger import Ledger


class _Words(StrictModel):
    """How long the words of a row may be: as those of a form."""

    inspector: ShortText
    companions: Annotated[str, Text(0, 1_000)]
    remark: Annotated[str, Text(0, 1_000)]


_SIGNS: Final = {"√": "ok", "✓": "ok", "×": "failed", "✗": "failed", "x": "failed", "无": "not_applicable"}
"""How results are marked on paper."""


def _as_a_form_would_be(values: Mapping[str, Any]) -> None:
    if not (values["premises_number"] or values["unit"]):
        raise INSPECTION_PLACE_UNKNOWN(field="premises_number")
    _Words(**{name: values[name] for name in _Words.model_fields})


INSPECTIONS: Final = Ledger(
    "检查",
    [
        Column("number", "检查编号", "number", "id", note="新检查留空；导出的行带编号，不会重复导入 leave empty for new ones"),
        Column("premises_number", "场所档案号", "premises number", "premises", synonyms=("场所编号", "档案号"),
               example="S1-C000123", instead="premises", note="档案号或场所名称；街面检查无场所时留空，填写单位编码 number or name"),
        Column("premises", "场所名称", "premises", synonyms=("被检查单位", "受检单位", "检查对象"), note="没有档案号时按名称查找 read where there is no number"),
        Column("unit", "单位编码", "unit", "unit", synonyms=("网格编码", "所属网格", "网格"), note="编码或名称；有场所时可不填 code or name"),
        Column("made_at", "检查时间", "made at", "instant", required=True, synonyms=("时间", "检查日期"), example="2026-03-05 09:30"),
        Column("at_night", "夜间", "at night", "choice", choices=YES_NO),
        Column("kind", "检查类型", "kind", "choice", required=True, choices={zh: kind for kind, (zh, _) in KINDS.items()},
               example="日常检查"),
        Column("inspector", "检查人", "inspector", "person", required=True, note="登录标识，或有账号者的姓名；其他人写在参加人员中", example="wg001"),
        Column("inspector_name", "检查人姓名", "inspector's name", note="仅供查看"),
        Column("companions", "参加人员", "companions"),
        Column("checklist", "检查表", "checklist", note="导入的检查按七项登记"),
        *(
            Column(item, zh, en, "choice", choices={words: result for result, words in RESULTS.items()}, also=_SIGNS,
                   synonyms=tuple(word for word, meant in ITEM_WORDS.items() if meant == item))
            for item, (zh, en) in ITEMS.items()
        ),
        Column("findings", "发现隐患数", "findings", "whole", note="仅供查看；隐患在隐患台账中登记"),
        Column("remark", "备注", "remark"),
    ],
    check=as_a_form(_as_a_form_would_be),
)  # fmt: skip


def row_of(line: Mapping[Any, Any], checklist: str, names: Mapping[str, str]) -> dict[str, Any]:
    """An inspection as the ledger exports it: a line of the reader, what its checklist is called, and by subject what
    inspectors are called."""
    return {
        **{name: line[name] for name in ("number", "unit", "made_at", "kind", "inspector", "companions", "findings", "remark")},
        "premises_number": line["place_number"], "premises": line["place"], "at_night": "yes" if line["at_night"] else "no",
        "inspector_name": names.get(line["inspector"]), "checklist": checklist, **line["results"],
    }  # fmt: skip
