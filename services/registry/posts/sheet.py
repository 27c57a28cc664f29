"""Posts as a table: the columns of their template, import and export. A person stands in it by their subject."""

from collections.abc import Mapping
from typing import Any, Final

from services.registry.posts.reading import Listed
from services.registry.posts.roles import HELD_IN, ZH
from services.registry.posts.schemas import PostBody
from shared.http.sheets import as_a_form, as_body
from shared.sheets.columns import Column
from shared.sheets.ledger import Ledger

_ROLES: Final[Mapping[str, str]] = {ZH[role]: role for role in HELD_IN}


def body_of(told: Mapping[str, Any]) -> PostBody:
    """The row as a POST would say it. Raises ValidationError."""
    return as_body(PostBody, told)


POSTS: Final = Ledger(
    "任职",
    [
        Column("person", "人员标识", "person", "person", required=True, synonyms=("工号", "人员"), example="P00016",
               instead="name", note="登录标识，或有账号者的姓名 the subject the person signs in with, or a name"),
        Column("name", "姓名", "name", note="没有人员标识时按姓名查找 read where there is no subject"),
        Column("role", "岗位", "role", "choice", required=True, choices=_ROLES, example="网格员", synonyms=("角色", "职务")),
        Column("unit", "单位编码", "unit", "unit", required=True, synonyms=("单位", "网格编码", "网格"), example="A7-QT-01-001",
               instead="unit_name", note="编码或名称 its code or its name"),
        Column("unit_name", "单位名称", "unit name", note="没有编码时按名称查找 read where there is no code"),
        Column("premises", "场所档案号", "number of the premises", "premises", synonyms=("档案号",), instead="premises_name",
               note="只有消防安全管理人填 of a safety manager only"),
        Column("premises_name", "场所名称", "name of the premises", note="没有档案号时按名称查找 read where there is no number"),
        Column("valid_from", "任职日期", "valid from", "date", synonyms=("开始日期",), example="2026-01-01",
               note="不填为今天 today where empty"),
        Column("valid_to", "离任日期", "valid to", "date", synonyms=("结束日期",), note="离任的第一天 the first day without it"),
    ],
    key=("person", "role", "unit", "premises", "valid_from"),
    check=as_a_form(body_of),
)  # fmt: skip


def row_of(one: Listed, name: str | None) -> dict[str, Any]:
    """A post as the ledger exports it."""
    post = one.post
    return {
        "person": post.person, "name": name, "role": post.role, "unit": post.unit, "unit_name": one.unit_name,
        "premises": one.premises_number, "premises_name": one.premises_name, "valid_from": post.valid_from,
        "valid_to": post.valid_to,
    }  # fmt: skip
