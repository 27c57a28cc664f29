"""A plan as a table: one row per unit that is there now, of a split one per part."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from services.registry.restructuring.errors import RESTRUCTURING_ROWS_DIFFER
from services.registry.restructuring.preview import Preview
from services.registry.restructuring.schemas import Label
from services.registry.restructuring.step import Part, Step, StepKind
from services.registry.units.kinds import Kind
from services.registry.units.schemas import Count, Name
from services.registry.units.sheet import KINDS
from shared.errors import GridGovError
from shared.http.sheets import as_a_form, as_body
from shared.http.types import Code, StrictModel
from shared.sheets.columns import YES_NO, Column
from shared.sheets.ledger import Ledger
from shared.sheets.rows import Row

ACTIONS: Final[Mapping[str, str]] = {
    "合并": StepKind.MERGE,
    "拆分": StepKind.SPLIT,
    "移交": StepKind.MOVE,
    "更名": StepKind.RENAME,
    "撤销": StepKind.DISSOLVE,
    "不变": StepKind.KEEP,
}
_SAYS: Final = ("name", "kind", "parent", "households", "residents")
"""What a row may say of the unit that comes out, by its name in a Part."""


class _Words(StrictModel):
    """What a row may say: as a step of a form."""

    code: Code
    new_code: Code | None = None
    parent: Code | None = None
    name: Name | None = None
    households: Count | None = None
    residents: Count | None = None
    label: Label = ""


PLAN: Final = Ledger(
    "调整方案",
    [
        Column("code", "单位编码", "code", "unit", required=True, synonyms=("编码", "原编码", "原单位编码", "原网格编码"), example="A7-QT-01-001",
               instead="unit_name"),
        Column("unit_name", "现名称", "present name", synonyms=("原名称",), note="没有编码时按名称查找 read where there is no code"),
        Column("action", "操作", "action", "choice", required=True, choices=ACTIONS, synonyms=("调整方式", "调整类型"), example="合并"),
        Column("new_code", "新编码", "new code", "unit", synonyms=("去向编码", "承接编码"), example="A7-QT-01-021",
               note="合并、撤销：承接单位；拆分：每个新单位一行 merger, dissolution: the successor; split: a row per part"),
        Column("name", "新名称", "new name", example="某某社区第21网格"),
        Column("kind", "类型", "kind", "choice", choices=KINDS, synonyms=("单位类型",), note="不填则与原单位相同 as it was where empty"),
        Column("parent", "新上级编码", "new parent", "unit", synonyms=("上级编码",), note="不填则不变 as it was where empty"),
        Column("main", "主单位", "main", "choice", choices=YES_NO, note="拆分时承接没有坐标的事项 of a split, takes what has no point"),
        Column("households", "户数", "households", "whole", note="不填则为合计 the sum where empty"),
        Column("residents", "人数", "residents", "whole", synonyms=("人口",)),
        Column("label", "类别", "label", example="村民小组", note="用于分类统计 groups units in the figures"),
        Column("posts", "任职数", "posts", note="仅供参考 for information"),
        Column("premises", "场所数", "premises", note="仅供参考 for information"),
    ],
    check=as_a_form(lambda told: as_body(_Words, told)),
)  # fmt: skip


@dataclass(slots=True)
class Told:
    """A step that rows tell of, and these rows."""

    step: Step
    rows: list[Row] = field(default_factory=list)


def steps_of(rows: Sequence[Row]) -> tuple[list[Told], list[tuple[Row, GridGovError]]]:
    """The steps that the rows tell of, in their order; and the rows that contradict others."""
    told: dict[tuple[str, str], Told] = {}
    refused: list[tuple[Row, GridGovError]] = []
    for number, row in enumerate(rows):
        said = row.values
        kind = StepKind(said["action"])
        name = said["new_code"] if kind in _GROUPED else said["code"] if kind is StepKind.SPLIT else None
        key = (kind, str(name) if name else f"row {number}")
        found = told.get(key)
        try:
            step = _with(found.step if found else None, kind, said)
        except GridGovError as error:
            refused.append((row, error))
            continue
        if found is None:
            found = told[key] = Told(step)
        found.step = step
        found.rows.append(row)
    return list(told.values()), refused


_GROUPED: Final = (StepKind.MERGE, StepKind.DISSOLVE)


def _with(step: Step | None, kind: StepKind, said: Mapping[str, Any]) -> Step:
    """The step, with what one more row says."""
    code, label = said["code"], said.get("label") or ""
    if step is None:
        step = Step(kind, (), label=label)
    if kind in (StepKind.KEEP, StepKind.MOVE, StepKind.RENAME):
        return replace(step, units=(code,), parent=said.get("parent") or None, name=said.get("name") or "")
    part = Part(
        said.get("new_code") or "", said.get("name") or "", Kind(said["kind"]) if said.get("kind") else None,
        said.get("parent") or None, said.get("households"), said.get("residents"),
    )  # fmt: skip
    if kind is StepKind.SPLIT:
        main = part.code if said.get("main") == "yes" else step.main
        return replace(step, units=(code,), into=(*step.into, part), main=main)
    before = step.into[0] if step.into else Part(part.code)
    return replace(step, units=(*step.units, code), into=(_agreed(before, part),))


def _agreed(one: Part, other: Part) -> Part:
    """What both say, where neither contradicts the other."""
    values: dict[str, Any] = {}
    for name in _SAYS:
        left, right = getattr(one, name), getattr(other, name)
        if left not in (None, "") and right not in (None, "") and left != right:
            raise RESTRUCTURING_ROWS_DIFFER(field=name)
        values[name] = right if left in (None, "") else left
    return replace(one, **values)


def rows_of(steps: Sequence[Step], found: Preview) -> Iterator[dict[str, Any]]:
    """A plan as the ledger exports it, with what each unit owns."""
    owned = {one.unit.code: one.owned for one in found.moving}
    known = found.checked.known
    for step in steps:
        for code in step.units:
            counts = owned.get(code, {})
            row = {
                "code": code, "unit_name": known[code].name if code in known else "", "action": step.kind,
                "label": step.label, "posts": counts.get("post"), "premises": counts.get("premises"),
                "parent": step.parent, "name": step.name,
            }  # fmt: skip
            parts = step.into or (None,)
            for part in parts:
                if part is None:
                    yield row
                    continue
                yield row | {name: getattr(part, name) for name in _SAYS} | {
                    "new_code": part.code, "main": "yes" if part.code == step.main else None,
                }  # fmt: skip
