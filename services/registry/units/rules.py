"""The rules a unit obeys, one small function each in one ordered tuple. A broken rule raises Invalid or Conflict.

A new rule is one function and its name in `RULES`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from services.registry.units.boundary import check_boundary
from services.registry.units.kinds import PARENTS, Kind
from services.registry.units.unit import Facts
from shared.errors import Conflict, Invalid

CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_FUNCTION: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
SHORTEST_NAME: Final = 2
"""A name of one character would be found in any text."""
LONGEST_NAME: Final = 100
EARLIEST: Final = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Around:
    """What the rules look at beside the unit itself.

    `effective` is the local day from which the facts hold; `before` the unit's state until now; `known` holds at least
    its parent and the areas it serves, by code; `below` the codes of the units that hang under it and `holders` the ids
    of the posts held in it, from the day of its end on.
    """

    today: date
    effective: date
    before: Facts | None = None
    known: Mapping[str, Facts] = field(default_factory=dict)
    below: Sequence[str] = ()
    holders: Sequence[str] = ()


Rule = Callable[[Facts, Around], None]


def check(facts: Facts, around: Around) -> None:
    """Raise for the first rule that is broken."""
    for rule in RULES:
        rule(facts, around)


def code_has_its_form(facts: Facts, _around: Around) -> None:
    if not CODE.fullmatch(facts.code):
        raise Invalid(
            "unit_code",
            "单位编码只能用字母、数字和连字符，最多 64 个字符",
            "a unit's code is made of letters, digits and hyphens, 64 at most",
            field="code",
        )


def names_can_be_told_in_text(facts: Facts, _around: Around) -> None:
    for field_, name in (("name", facts.name), *(("aliases", alias) for alias in facts.aliases)):
        if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or name != name.strip():
            raise Invalid(
                "unit_name",
                f"名称和别名应为 {SHORTEST_NAME} 到 {LONGEST_NAME} 个字，前后不留空格",
                f"names and aliases have {SHORTEST_NAME} to {LONGEST_NAME} characters and no space around them",
                field=field_,
            )


def nothing_is_said_twice(facts: Facts, _around: Around) -> None:
    for field_, values in (("aliases", facts.aliases), ("functions", facts.functions), ("serves", facts.serves)):
        if len(set(values)) != len(values):
            raise Invalid(
                "unit_repeated", "同一项写了两次，请保留一个", "one of these is there twice; keep one", field=field_
            )


def kind_stays(facts: Facts, around: Around) -> None:
    if around.before is not None and around.before.kind is not facts.kind:
        raise Invalid(
            "unit_kind_fixed",
            "单位的类型不能更改，请新建一个单位并停用这个",
            "a unit's kind cannot change; register a new unit and end this one",
            field="kind",
            data={"kind": around.before.kind},
        )


def parent_fits(facts: Facts, around: Around) -> None:
    allowed = PARENTS[facts.kind]
    parent = around.known.get(facts.parent) if facts.parent is not None else None
    if facts.parent is not None and parent is None:
        raise Invalid(
            "unit_parent_unknown", "没有这个上级单位，请先登记上级", "there is no such parent; register it first",
            field="parent",
        )  # fmt: skip
    kind = parent.kind if parent else None
    if kind not in allowed:
        possible = sorted(kind.value for kind in allowed if kind is not None)
        raise Invalid(
            "unit_parent_kind",
            f"{facts.kind} 的上级类型应为：{'、'.join(possible) or '无'}",
            f"a {facts.kind} hangs under: {', '.join(possible) or 'nothing'}",
            field="parent",
            data={"kind": facts.kind, "possible": possible},
        )


def parent_exists_then(facts: Facts, around: Around) -> None:
    """A unit that has ended may keep a parent that has ended too."""
    parent = around.known.get(facts.parent) if facts.parent is not None else None
    if parent is None or not facts.valid_on(around.today):
        return
    if not parent.valid_on(around.today) or parent.valid_from > around.effective:
        raise Invalid(
            "unit_parent_not_valid",
            "上级单位在生效期间不存在，请核对上级或生效日期",
            "the parent does not exist from that day on; check the parent or the dates",
            field="parent",
            data={"valid_from": parent.valid_from, "valid_to": parent.valid_to},
        )


def dates_are_ordered(facts: Facts, around: Around) -> None:
    if not EARLIEST <= facts.valid_from <= around.today:
        raise Invalid(
            "unit_valid_from",
            f"有效期应从 {EARLIEST} 至今天之间开始；暂不支持将来才生效的单位",
            f"validity begins between {EARLIEST} and today; units of the future are not there yet",
            field="valid_from",
        )
    if facts.valid_to is not None and not facts.valid_from < facts.valid_to <= around.today:
        raise Invalid(
            "unit_valid_to",
            "停用日期应晚于开始日期且不晚于今天；暂不支持将来才停用",
            "a unit ends after it began and not after today; ends in the future are not there yet",
            field="valid_to",
        )


def takes_effect_by_today(_facts: Facts, around: Around) -> None:
    if not EARLIEST <= around.effective <= around.today:
        raise Invalid(
            "unit_effective_from",
            f"生效日期应在 {EARLIEST} 至今天之间；暂不支持将来才生效的变更，请到当日再办理",
            f"a change takes effect between {EARLIEST} and today; changes of the future are not there yet, make it then",
            field="effective_from",
        )


def counts_are_possible(facts: Facts, _around: Around) -> None:
    for field_, count in (("households", facts.households), ("residents", facts.residents)):
        if count is not None and count < 0:
            raise Invalid(
                "unit_count", "户数和人数不能为负", "households and residents cannot be negative", field=field_
            )


def boundary_can_be_drawn(facts: Facts, _around: Around) -> None:
    check_boundary(facts.boundary)


def only_departments_have_functions(facts: Facts, _around: Around) -> None:
    for field_, values in (("functions", facts.functions), ("serves", facts.serves)):
        if values and facts.kind is not Kind.DEPARTMENT:
            raise Invalid(
                "unit_not_a_department",
                "只有职能部门才有职责和服务区域",
                "only departments have functions and areas that they serve",
                field=field_,
            )
    for function in facts.functions:
        if not _FUNCTION.fullmatch(function):
            raise Invalid(
                "unit_function",
                "职责名只能用小写字母、数字和下划线，如 fire_safety",
                "a function is named in lower-case letters, digits and underscores, e.g. fire_safety",
                field="functions",
            )


def served_areas_exist(facts: Facts, around: Around) -> None:
    for code in facts.serves:
        area = around.known.get(code)
        if area is None or area.kind is Kind.DEPARTMENT or not area.valid_on(around.today):
            raise Invalid(
                "unit_serves_unknown",
                f"没有服务区域 {code}，请从单位树中选择区域",
                f"there is no area {code} to serve; choose one from the unit tree",
                field="serves",
            )


def an_end_leaves_nobody_behind(facts: Facts, around: Around) -> None:
    if facts.valid_to is not None and (around.below or around.holders):
        raise Conflict(
            "unit_in_use",
            "该单位还有下级单位或任职，请先调整它们再停用",
            "units hang under it or posts are held in it; move or end them first",
            field="valid_to",
            data={"below": list(around.below[:20]), "posts": list(around.holders[:20])},
        )


RULES: Final[tuple[Rule, ...]] = (
    code_has_its_form,
    names_can_be_told_in_text,
    nothing_is_said_twice,
    kind_stays,
    dates_are_ordered,
    takes_effect_by_today,
    parent_fits,
    parent_exists_then,
    counts_are_possible,
    boundary_can_be_drawn,
    only_departments_have_functions,
    served_areas_exist,
    an_end_leaves_nobody_behind,
)
