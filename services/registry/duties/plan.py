"""The plan of a duty (职责计划): who bears it, what counts, how often, and where that is written. Pure.

Several plans may state one duty: for other bearers, or for an area that sets its own. A bearer owes it by one of them:
of those that fit, the one of the nearest area, and there the one with the lowest rank. One that is off owes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry.duties.kinds import Act, Bearer, Period
from services.registry.errors import PLAN_BEARER_MIXED, PLAN_WEEKDAY_WRONG
from services.registry.premises.kinds import Category
from services.registry.units.kinds import Kind
from shared.change import Actor, Change


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan says.

    `kinds` and `function` say which units bear it; `categories`, `key_units` and `purposes` which premises: those of a
    category (none named: of any), only key units or only others, and with one of these words in their purpose (in their
    name, where no purpose is stated). `counts` are the acts that fulfil it, none: only by hand, with evidence. `below`:
    what units under the bearer do counts, too. `watched`: supervision is told of every run, and reminds. `basis` is where
    it is written, `certainty` how sure that is (S seen in the source, W seen on web pages, A the area's own).
    """

    name: str
    bearer: Bearer
    period: Period
    kinds: tuple[Kind, ...] = ()
    function: str = ""
    categories: tuple[Category, ...] = ()
    key_units: bool | None = None
    purposes: tuple[str, ...] = ()
    counts: tuple[Act, ...] = ()
    below: bool = False
    weekday: int | None = None
    watched: bool = False
    on: bool = True
    rank: int = 100
    basis: str = ""
    certainty: str = "A"


@dataclass(frozen=True, slots=True)
class Plan:
    """`duty` is the code of what is owed, such as `fire_check`; `variant` tells its plans of one area apart; `area` is the
    code of the unit in and below which it holds, None for everywhere."""

    id: UUID
    duty: str
    variant: str
    area: str | None
    terms: Terms
    version: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """What of a unit or a premises decides about its duties. `line` is its unit and all above it, nearest first."""

    bearer: Bearer
    line: Sequence[str] = ()
    kind: Kind | None = None
    functions: Sequence[str] = ()
    category: Category | None = None
    key_unit: bool = False
    purpose: str = ""


def owed(candidate: Candidate, plans: Iterable[Plan]) -> dict[str, Plan]:
    """By duty, the plan by which `candidate` owes it."""
    chosen: dict[str, Plan] = {}
    # Farther areas and higher ranks first, so that what is nearer replaces them.
    for plan in sorted(plans, key=lambda plan: _order(candidate, plan), reverse=True):
        if _fits(candidate, plan):
            chosen[plan.duty] = plan
    return {duty: plan for duty, plan in chosen.items() if plan.terms.on}


def _order(candidate: Candidate, plan: Plan) -> tuple[int, int, str]:
    distance = candidate.line.index(plan.area) if plan.area in candidate.line else len(candidate.line)
    return distance, plan.terms.rank, plan.variant


def _fits(candidate: Candidate, plan: Plan) -> bool:
    terms = plan.terms
    if terms.bearer is not candidate.bearer or (plan.area is not None and plan.area not in candidate.line):
        return False
    if candidate.bearer is Bearer.UNIT:
        return candidate.kind in terms.kinds and (not terms.function or terms.function in candidate.functions)
    return (
        (not terms.categories or candidate.category in terms.categories)
        and terms.key_units in (None, candidate.key_unit)
        and (not terms.purposes or any(word in candidate.purpose for word in terms.purposes))
    )


def check(terms: Terms) -> None:
    """Raise Invalid for what cannot be a plan."""
    if (terms.period is Period.WEEKDAY) != (terms.weekday is not None):
        raise PLAN_WEEKDAY_WRONG()
    of_units = bool(terms.kinds or terms.function)
    of_premises = bool(terms.categories or terms.purposes or terms.key_units is not None)
    if terms.bearer is Bearer.UNIT and (of_premises or not terms.kinds or terms.period is Period.TWO_HOURS):
        raise PLAN_BEARER_MIXED()
    if terms.bearer is Bearer.PREMISES and of_units:
        raise PLAN_BEARER_MIXED()


def make(plan: Plan, *, by: Actor, now: datetime, why: str | None) -> Change[Plan]:
    """A new plan. Raises Invalid."""
    check(plan.terms)
    return Change(plan, "plan", by, now, why, {"duty": plan.duty, "variant": plan.variant, "area": plan.area})


def restate(before: Plan, terms: Terms, *, by: Actor, now: datetime, why: str | None) -> Change[Plan]:
    """The plan with other terms; the duties follow it. Raises Invalid."""
    check(terms)
    after = replace(before, terms=terms, version=before.version + 1)
    return Change(after, "restate", by, now, why, _differing(before.terms, terms))


def _differing(before: Terms, after: Terms) -> dict[str, Any]:
    names = [field.name for field in fields(Terms) if getattr(before, field.name) != getattr(after, field.name)]
    return {name: [getattr(before, name), getattr(after, name)] for name in names}
