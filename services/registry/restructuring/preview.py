"""A plan before it takes effect: figures, what cannot be done, and what will move where."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.registry.posts.store import Posts
from services.registry.restructuring.check import Checked, check_steps
from services.registry.restructuring.figures import Figure, by_kind, by_label
from services.registry.restructuring.following import following
from services.registry.restructuring.owned import OWNED
from services.registry.restructuring.plan import Restructuring
from services.registry.restructuring.reading import sums
from services.registry.units.unit import UnitState
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Moving:
    """What one unit owns by kind (`unit`: those below it, `post`, `premises` …), and who takes it over."""

    unit: UnitState
    ends: bool
    successors: Sequence[UnitState]
    owned: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Preview:
    """`moving` has every unit with a successor, by code; `owned` the sums."""

    checked: Checked
    kinds: Sequence[Figure]
    labels: Sequence[Figure]
    moving: Sequence[Moving]
    owned: Mapping[str, int]


async def preview(plan: Restructuring, caller: Principal, uow: UnitOfWork) -> Preview:
    """What the plan would do, were it applied as things stand now."""
    day = plan.effective_from
    checked = await check_steps(plan.steps, day, caller, uow)
    known, after = checked.known, checked.outcome.after
    lines: dict[str, list[str]] = {}
    for line in checked.outcome.lines:
        lines.setdefault(line.unit, []).append(line.successor)
    owned = await _owned(known, list(lines), day, uow)
    moving = [
        Moving(
            known[code], not after[code].valid_on(day), [after[to] for to in lines[code] if to in after], owned[code]
        )
        for code in sorted(lines)
    ]
    totals = Counter[str]()
    for counts in owned.values():
        totals.update(counts)
    before = await sums(uow, checked.area, day)
    kinds = by_kind(before, checked.outcome, known, checked.area, day)
    return Preview(checked, kinds, by_label(plan.steps, checked.outcome, known, day), moving, totals)


async def _owned(
    known: Mapping[str, UnitState], units: Sequence[str], day: date, uow: UnitOfWork
) -> dict[str, Counter[str]]:
    """By unit how many things of each kind it owns."""
    owned = {code: Counter[str]() for code in units}
    for unit in known.values():
        if unit.parent in owned and unit.valid_on(day):
            owned[unit.parent]["unit"] += 1
    for post in await Posts.of(uow).from_day_on(units, day):
        owned[post.unit]["post"] += 1
    for one in OWNED:
        for code, count in (await one.counts(uow, units)).items():
            owned[code][one.kind] += count
    for kind, counts in (await following(uow, units)).items():
        for code, count in counts.items():
            owned[code][kind] += count
    return owned
