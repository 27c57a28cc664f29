"""People's facts as a table, in and out; and the composition of a staff as one to print."""

from collections.abc import Mapping
from typing import Any, Final

from services.registry.composition.facts import EDUCATIONS, GENDERS
from services.registry.composition.reading import Person
from services.registry.composition.schemas import CompositionOut, FactsBody
from services.registry.posts.roles import ZH
from shared.http.sheets import as_a_form, as_body
from shared.sheets.columns import Column
from shared.sheets.ledger import Ledger
from shared.sheets.write import Heading, Page, workbook_bytes


def body_of(told: Mapping[str, Any]) -> FactsBody:
    """The row as a PUT would say it. Raises ValidationError."""
    return as_body(FactsBody, told)


_FOR_INFORMATION: Final = "仅供参考，导入时不读 for information, not read"
PEOPLE: Final = Ledger(
    "人员情况",
    [
        Column("person", "人员标识", "person", "person", required=True, synonyms=("工号", "人员"), example="P00016",
               instead="name", note="登录标识，或有账号者的姓名 the subject the person signs in with, or a name"),
        Column("name", "姓名", "name", note="没有人员标识时按姓名查找 read where there is no subject"),
        Column("unit", "单位编码", "unit", "id", note=_FOR_INFORMATION),
        Column("roles", "岗位", "roles", "list", note=_FOR_INFORMATION),
        Column("born", "出生年月", "born", "month", synonyms=("出生日期", "出生年份"), example="1985-06",
               note="年、年月或日期 a year, a month or a day"),
        Column("gender", "性别", "gender", "choice", choices={zh: one for one, zh in GENDERS.items()}, example="女"),
        Column("education", "学历", "education", "choice", choices={zh: one for one, zh in EDUCATIONS.items()},
               also={"大学本科": "bachelor", "大学": "bachelor", "大学专科": "college", "专科": "college", "中专": "secondary",
                     "硕士": "postgraduate", "硕士研究生": "postgraduate", "博士": "postgraduate", "博士研究生": "postgraduate"},
               synonyms=("文化程度",), example="大专"),
        Column("version", "版本", "version", "whole", note="导出时的版本；他人改过则拒绝 refused if changed since"),
    ],
    key=("person",),
    check=as_a_form(body_of),
)  # fmt: skip


def row_of(person: Person, name: str | None) -> dict[str, Any]:
    """A person as the ledger exports them."""
    facts = {field: getattr(person.facts, field) for field in ("born", "gender", "education")}
    told = {"person": person.person, "name": name, "unit": person.unit, "version": person.version}
    return {**told, **facts, "roles": tuple(ZH[role] for role in person.roles)}


def composition_workbook(found: CompositionOut, unit_name: str) -> bytes:
    """One sheet: whose staff, on which day, the totals, and a count for each kind."""
    parts = (
        ("岗位 role", found.by_role),
        ("年龄 age", found.by_age),
        ("性别 gender", found.by_gender),
        ("学历 education", found.by_education),
    )
    totals = (
        ("总数 total", "人数 people", found.people),
        ("总数 total", "任职数 posts", found.posts),
        ("总数 total", "兼任多岗人数 with several posts", found.concurrent),
        ("总数 total", f"平均年龄（{found.aged} 人）average age", found.average_age),
    )
    rows = [*totals, *((part, count.zh, count.people) for part, counts in parts for count in counts)]
    headings = [
        Heading("单位 unit"), Heading("日期 day"), Heading("分类 by"), Heading("项目 kind"), Heading("人数 people"),
    ]  # fmt: skip
    return workbook_bytes([Page("队伍构成", headings, [(unit_name, found.as_of, *row) for row in rows])])
