"""A plan held against the registry as it would be on its day: what changes, what cannot be done, and whom it concerns.

The rules are those of every single change of a unit (`units/rules.py`), and so is who is concerned (`units/crossing.py`).
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.registry.competence import covers
from services.registry.restructuring.errors import RESTRUCTURING_HAS_TROUBLES
from services.registry.restructuring.expand import Outcome, Trouble, expand
from services.registry.restructuring.reading import around, namesakes
from services.registry.restructuring.step import Step
from services.registry.units.boundary import check_boundary
from services.registry.units.crossing import drawn_from, line_of, lowest_above
from services.registry.units.names import names_of
from services.registry.units.put_unit import Concern
from services.registry.units.rule_context import RuleContext
from services.registry.units.rules import check
from services.registry.units.store import Units
from services.registry.units.unit import Unit, UnitState
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.errors import GridGovError

_AT_ONCE: Final = 200
"""Units looked at between two turns of the loop: some 20 ms."""


@dataclass(frozen=True, slots=True)
class Checked:
    """`units` are what the registry has now, `outcome` what the plan makes of it. `area` is the lowest unit above all that
    is concerned, `concerned` whose keepers must not be passed over; `reached`: the caller reaches all of them."""

    units: Mapping[str, Unit]
    known: Mapping[str, UnitState]
    outcome: Outcome
    troubles: Sequence[Trouble]
    area: str | None
    concerned: tuple[str, ...]
    reached: bool

    def require_possible(self) -> None:
        """Raise Conflict, naming the first trouble, for a plan that cannot be done."""
        if self.troubles:
            first = self.troubles[0]
            raise RESTRUCTURING_HAS_TROUBLES(
                count=len(self.troubles), zh_why=first.error.zh, en_why=first.error.en,
                data={"step": first.step, "code": first.error.code},
            )  # fmt: skip


async def check_steps(steps: Sequence[Step], day: date, caller: Principal | None, uow: UnitOfWork) -> Checked:
    """The steps as they would be on `day`. Nothing is written; who writes afterwards holds the registry's lock. `caller`
    None: nobody's reach is asked for."""
    units = await around(uow, {code for step in steps for code in step.mentioned()}, day)
    known = {code: unit.state for code, unit in units.items()}
    outcome = await asyncio.to_thread(expand, steps, known, day)
    same = [code for code in outcome.changed if outcome.after[code] == known.get(code)]
    for code in same:
        del outcome.changed[code]
    rivals = await namesakes(uow, _new_names(outcome, known), day)
    everybody = {**rivals, **outcome.after}
    children: dict[str | None, list[str]] = {}
    for state in outcome.after.values():
        if state.valid_on(day):
            children.setdefault(state.parent, []).append(state.code)
    troubles, concerns = list(outcome.troubles), list[Concern]()
    for at, (code, step) in enumerate(outcome.changed.items()):
        if at % _AT_ONCE == 0:
            await asyncio.sleep(0)
        state, before = outcome.after[code], known.get(code)
        concerns += _placed(code, state, known, outcome.after, caller)
        try:
            if state.boundary is not None and code in outcome.drawn:
                check_boundary(state.boundary)
            near = await _near(state, outcome, uow, day)
            context = RuleContext(
                today=day, effective=day, before=before, known={**near, **everybody} if near else everybody,
                near=[outcome.after.get(one, other) for one, other in near.items()], below=children.get(code, ()),
            )  # fmt: skip
            check(state, context)
            drawing = [*_called_alike(state, before, rivals), code]
            named = RuleContext(today=day, effective=day, before=before, known=_with_lines(everybody, drawing, state))
            gone = {other for other in drawing if other in outcome.changed}
            for drawn in drawn_from(state, named):
                if drawn not in gone:
                    line = line_of(everybody, drawn)
                    concerns.append(Concern(drawn, line, caller is not None and covers(caller, line, own=True)))
        except GridGovError as error:
            troubles.append(Trouble(step, error))
    troubles.sort(key=lambda trouble: trouble.step)
    return Checked(
        units, known, outcome, troubles, lowest_above(dict.fromkeys(tuple(concern.line) for concern in concerns)),
        tuple(sorted({concern.whose for concern in concerns})), all(concern.reached for concern in concerns),
    )  # fmt: skip


def _placed(
    code: str,
    state: UnitState,
    known: Mapping[str, UnitState],
    after: Mapping[str, UnitState],
    caller: Principal | None,
) -> list[Concern]:
    """Where the unit hangs now and where it will hang: as for a single change, but named by the unit above it, for a plan
    has thousands."""
    placed = []
    if code in known:
        line = line_of(known, code)
        placed.append(Concern(line[1] if len(line) > 1 else code, line, caller is not None and covers(caller, line)))
    if code not in known or known[code].parent != state.parent:
        line = line_of(after, code)
        placed.append(Concern(state.parent or code, line, caller is not None and covers(caller, line[1:], own=True)))
    return placed


async def _near(state: UnitState, outcome: Outcome, uow: UnitOfWork, day: date) -> dict[str, UnitState]:
    """Whose boundaries the unit's own may touch, where that is not only what others' were before."""
    if state.code not in outcome.drawn:
        return {}
    return {code: unit.state for code, unit in (await Units.of(uow).around(state, day)).items() if code != state.code}


def _new_names(outcome: Outcome, known: Mapping[str, UnitState]) -> set[str]:
    """Names that nobody had whom the plan knows."""
    before = {name for code in outcome.changed if code in known for name in names_of(known[code])}
    return {name for code in outcome.changed for name in names_of(outcome.after[code])} - before


def _called_alike(state: UnitState, before: UnitState | None, rivals: Mapping[str, UnitState]) -> list[str]:
    new = set(names_of(state)) - set(names_of(before) if before else ())
    return (
        [code for code, other in rivals.items() if any(theirs in name for name in new for theirs in names_of(other))]
        if new and rivals
        else []
    )


def _with_lines(everybody: Mapping[str, UnitState], codes: Sequence[str], state: UnitState) -> dict[str, UnitState]:
    wanted = {code for one in (*codes, state.parent, *state.serves) if one for code in line_of(everybody, one)}
    return {code: everybody[code] for code in wanted} | {state.code: state}
