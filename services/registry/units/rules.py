"""The rules a unit obeys, one small function each in one ordered tuple. A broken rule raises Invalid or Conflict.

A new rule is one function and its name in `RULES`.
"""

import re
from datetime import date
from typing import Final

from services.registry.errors import (
    BOUNDARY_OF_DEPARTMENT,
    UNIT_CODE_INVALID,
    UNIT_COUNT_NEGATIVE,
    UNIT_EFFECTIVE_FROM_OUT_OF_RANGE,
    UNIT_FUNCTION_INVALID,
    UNIT_IN_USE,
    UNIT_ITEM_REPEATED,
    UNIT_KIND_FIXED,
    UNIT_NAME_INVALID,
    UNIT_NOT_A_DEPARTMENT,
    UNIT_PARENT_KIND_WRONG,
    UNIT_PARENT_NOT_VALID,
    UNIT_PARENT_UNKNOWN,
    UNIT_SERVES_UNKNOWN,
    UNIT_VALID_FROM_OUT_OF_RANGE,
    UNIT_VALID_TO_OUT_OF_RANGE,
)
from services.registry.units.boundary import check_boundary
from services.registry.units.kinds import PARENTS, Kind
from services.registry.units.place_rules import PLACE_RULES
from services.registry.units.rule_context import Rule, RuleContext
from services.registry.units.unit import UnitState

_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_FUNCTION: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
SHORTEST_NAME: Final = 2
"""A name of one character would be found in any text."""
LONGEST_NAME: Final = 100
EARLIEST: Final = date(1900, 1, 1)


def check(state: UnitState, context: RuleContext) -> None:
    """Raise for the first rule that is broken."""
    for rule in RULES:
        rule(state, context)


def code_has_its_form(state: UnitState, _context: RuleContext) -> None:
    if not _CODE.fullmatch(state.code):
        raise UNIT_CODE_INVALID()


def names_can_be_told_in_text(state: UnitState, _context: RuleContext) -> None:
    for field_, name in (("name", state.name), *(("aliases", alias) for alias in state.aliases)):
        if not SHORTEST_NAME <= len(name) <= LONGEST_NAME or name != name.strip():
            raise UNIT_NAME_INVALID(field=field_, least=SHORTEST_NAME, most=LONGEST_NAME)


def nothing_is_said_twice(state: UnitState, _context: RuleContext) -> None:
    for field_, values in (("aliases", state.aliases), ("functions", state.functions), ("serves", state.serves)):
        if len(set(values)) != len(values):
            raise UNIT_ITEM_REPEATED(field=field_)


def kind_stays(state: UnitState, context: RuleContext) -> None:
    if context.before is not None and context.before.kind is not state.kind:
        raise UNIT_KIND_FIXED(data={"kind": context.before.kind})


def parent_fits(state: UnitState, context: RuleContext) -> None:
    parent = context.parent_of(state)
    if state.parent is not None and parent is None:
        raise UNIT_PARENT_UNKNOWN()
    allowed = PARENTS[state.kind]
    if (parent.kind if parent else None) not in allowed:
        possible = sorted(kind.value for kind in allowed if kind is not None)
        raise UNIT_PARENT_KIND_WRONG(
            kind=state.kind, possible=possible, data={"kind": state.kind, "possible": possible}
        )


def parent_exists_then(state: UnitState, context: RuleContext) -> None:
    """A unit that has ended may keep a parent that has ended too."""
    parent = context.parent_of(state)
    if parent is None or not state.valid_on(context.today):
        return
    if not parent.valid_on(context.today) or parent.valid_from > context.effective:
        raise UNIT_PARENT_NOT_VALID(data={"valid_from": parent.valid_from, "valid_to": parent.valid_to})


def dates_are_ordered(state: UnitState, context: RuleContext) -> None:
    if not EARLIEST <= state.valid_from <= context.today:
        raise UNIT_VALID_FROM_OUT_OF_RANGE(earliest=EARLIEST)
    if state.valid_to is not None and not state.valid_from < state.valid_to <= context.today:
        raise UNIT_VALID_TO_OUT_OF_RANGE()


def takes_effect_by_today(_state: UnitState, context: RuleContext) -> None:
    if not EARLIEST <= context.effective <= context.today:
        raise UNIT_EFFECTIVE_FROM_OUT_OF_RANGE(earliest=EARLIEST)


def counts_are_possible(state: UnitState, _context: RuleContext) -> None:
    for field_, count in (("households", state.households), ("residents", state.residents)):
        if count is not None and count < 0:
            raise UNIT_COUNT_NEGATIVE(field=field_)


def boundary_can_be_drawn(state: UnitState, _context: RuleContext) -> None:
    if state.boundary is not None:
        if state.kind is Kind.DEPARTMENT:
            raise BOUNDARY_OF_DEPARTMENT()
        check_boundary(state.boundary)


def only_departments_have_functions(state: UnitState, _context: RuleContext) -> None:
    for field_, values in (("functions", state.functions), ("serves", state.serves)):
        if values and state.kind is not Kind.DEPARTMENT:
            raise UNIT_NOT_A_DEPARTMENT(field=field_)
    for function in state.functions:
        if not _FUNCTION.fullmatch(function):
            raise UNIT_FUNCTION_INVALID()


def served_areas_exist(state: UnitState, context: RuleContext) -> None:
    for code in state.serves:
        area = context.known.get(code)
        if area is None or area.kind is Kind.DEPARTMENT or not area.valid_on(context.today):
            raise UNIT_SERVES_UNKNOWN(area=code)


def an_end_leaves_nobody_behind(state: UnitState, context: RuleContext) -> None:
    if state.valid_to is not None and (context.below or context.holders):
        raise UNIT_IN_USE(data={"below": list(context.below[:20]), "posts": list(context.holders[:20])})


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
    *PLACE_RULES,
    an_end_leaves_nobody_behind,
)
