"""Premises as a table: the columns of their template, import and export."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from services.registry.premises.kinds import CATEGORIES, USES
from services.registry.premises.premises import About, Premises, check
from services.registry.premises.schemas import PremisesBody
from shared.http.sheets import as_a_form, as_body
from shared.sheets.columns import YES_NO, Column
from shared.sheets.ledger import Ledger


def about_of(told: Mapping[str, Any]) -> About:
    """What a row states. Raises ValidationError."""
    said = {name: value for name, value in told.items() if name != "number" and value not in (None, "")}
    said["key_unit"] = said.get("key_unit") == "yes"
    return as_body(PremisesBody, said).about()


PREMISES: Final = Ledger(
    "场所",
    [
        Column("number", "档案号", "number", "id", synonyms=("场所编号",),
               note="新场所留空；导出的行带档案号，改名改址也认得 leave empty for new premises"),
        Column("name", "名称", "name", required=True, synonyms=("单位名称", "场所名称"), example="泉塘小学"),
        Column("category", "类别", "category", "choice", required=True, choices={zh: kind for kind, zh in CATEGORIES.items()},
               synonyms=("场所类别", "场所类型"), example="人员密集场所"),
        Column("unit", "所在网格编码", "unit", "unit", required=True,
               synonyms=("网格编码", "所属网格", "网格", "网格名称"), note="编码或名称 its code or its name", example="A7-QT-01-001"),
        Column("address", "地址", "address", required=True, synonyms=("详细地址",), example="泉塘街道某某路 1 号"),
        Column("key_unit", "重点单位", "key unit", "choice", choices=YES_NO, synonyms=("是否重点单位",)),
        Column("use", "状态", "use", "choice", choices={zh: use for use, zh in USES.items()}, synonyms=("营业状态",)),
        Column("small_kind", "九小类型", "small kind", synonyms=("九小场所类型",)),
        Column("credit_code", "统一社会信用代码", "credit code", "id", synonyms=("信用代码",), note="18 位，个体户无则留空"),
        Column("longitude", "经度", "longitude", "number", note="WGS-84"),
        Column("latitude", "纬度", "latitude", "number", note="WGS-84"),
        Column("purpose", "使用性质", "purpose"),
        Column("floor_area", "面积（平方米）", "floor area m2", "number", synonyms=("建筑面积", "面积"), example=350),
        Column("floors_above", "地上层数", "floors above", "whole"),
        Column("floors_below", "地下层数", "floors below", "whole"),
        Column("people", "最多人数", "people", "whole", synonyms=("容纳人数",)),
        Column("opens", "开始营业", "opens", "clock", note="如 09:00"),
        Column("closes", "结束营业", "closes", "clock", note="如 21:00"),
        Column("responsible", "法定代表人", "responsible", synonyms=("负责人", "消防安全责任人", "法人代表", "法人", "经营者")),
        Column("responsible_phone", "法定代表人电话", "responsible phone", "id", synonyms=("负责人电话",)),
        Column("manager", "消防安全管理人", "safety manager", synonyms=("管理人",)),
        Column("manager_phone", "消防安全管理人电话", "safety manager phone", "id", synonyms=("管理人电话",)),
    ],
    check=as_a_form(lambda told: check(about_of(told))),
)  # fmt: skip


def row_of(one: Premises) -> dict[str, Any]:
    """A file as the ledger exports it."""
    about = one.about
    # Not asdict, which copies every value: 50,000 rows are exported at once.
    said = {field.name: getattr(about, field.name) for field in fields(About)}
    return said | {"number": one.number, "key_unit": "yes" if about.key_unit else "no"}
