"""An approved plan takes effect: units, their posts, and what waits for decisions on them, in one transaction.

What else units own follows in bounded batches (`owned.py`). Nothing is hidden from everybody meanwhile: a unit that ended
keeps its place in the tree, so all above it still see what it has.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from services.registry.posts.pass_on import pass_on
from services.registry.posts.store import Posts
from services.registry.proposals.store import Proposals
from services.registry.restructuring.check import Checked, check_steps
from services.registry.restructuring.errors import RESTRUCTURING_CONCERNS_OTHERS
from services.registry.restructuring.lifecycle import State
from services.registry.restructuring.plan import RESTRUCTURING, Restructuring, applied, failed
from services.registry.restructuring.store import Restructurings
from services.registry.units.kinds import TOP_DOWN, Kind
from services.registry.units.store import Units
from services.registry.units.table import successions
from services.registry.units.unit import ancestors, put
from services.registry.write_lock import alone
from shared.change import Change
from shared.clock import local_day
from shared.db.bulk import insert_rows, parameters
from shared.db.unit_of_work import UnitOfWork
from shared.errors import GridGovError
from shared.events.registry.restructuring import SuccessionTold, UnitsRestructured
from shared.failpoints import failpoint
from shared.ids import new_id

PART_BYTES: Final = 200_000
"""About so large is a part of what is published; a boundary has as much again at most. A broker takes 1,200,000."""
_AT_ONCE: Final = 100
"""Changes recorded between two turns of the loop: some 50 ms, for names are spelled in pinyin."""
_LINE: Final = ("restructuring", "unit", "rank", "number", "effective_from", "successor", "street", "boundary", "look_at", "looks")  # fmt: skip


async def apply_due(uow: UnitOfWork) -> Restructuring | None:
    """Apply the plan that is due first; it, or None where none is. One that cannot be done any more changes nothing and
    is a draft again, with the reason."""
    today = local_day(uow.now)
    if await Restructurings.of(uow).due(today) is None:
        return None
    await alone(uow)  # first of all locks, as everybody who writes
    found = await Restructurings.of(uow).due(today)
    if found is None:
        return None
    plan = (await Restructurings.of(uow).load([found]))[found]
    try:
        checked = await check_steps(plan.steps, plan.effective_from, None, uow)
        checked.require_possible()
        if others := sorted(set(checked.concerned) - set(plan.concerned)):
            raise RESTRUCTURING_CONCERNS_OTHERS(others=others[:10])
    except GridGovError as error:
        change = failed(plan, {"code": error.code, "zh": error.zh, "en": error.en}, uow.now)
    else:
        change = await _apply(plan, checked, uow)
    Restructurings.of(uow).put(change, only=("state", "applied_at", "result", "failure"))
    return change.after


async def _apply(plan: Restructuring, checked: Checked, uow: UnitOfWork) -> Change[Restructuring]:
    outcome, day, because = checked.outcome, plan.effective_from, {"restructuring": plan.number}
    lines = list(_told(checked))
    successors = {line.unit: line.successor for line in lines if line.successor != line.unit}
    posts = await _posts(successors, checked, plan, uow)
    await _waiting(successors, plan, uow)
    rows = {
        name: [getattr(line, name, None) for line in lines] for name in ("unit", "rank", "successor", "street", "boundary")
    } | {
        "restructuring": [plan.id] * len(lines), "number": [plan.number] * len(lines),
        "effective_from": [day] * len(lines), "looks": [0] * len(lines),
        "look_at": [uow.now if line.rank == 0 else None for line in lines],
    }  # fmt: skip
    if lines:
        await uow.connection.execute(
            insert_rows(successions, _LINE), parameters(successions, {n: rows[n] for n in _LINE})
        )
    codes = sorted(outcome.changed, key=lambda code: (TOP_DOWN.index(outcome.after[code].kind), code))
    versions = []
    for at, code in enumerate(codes, 1):
        before = checked.units.get(code)
        change = put(
            before, outcome.after[code], id=new_id(), effective_from=day, by=RESTRUCTURING, now=uow.now, why=plan.why,
            because=because, restructuring=plan.id,
        )  # fmt: skip
        Units.of(uow).state(change)
        versions.append((code, change.after.version))
        if at % _AT_ONCE == 0:
            await uow.write_ahead()
    for at, post in enumerate(posts, 1):
        (Posts.of(uow).add if post.after.version == 1 else Posts.of(uow).put)(post)
        if at % _AT_ONCE == 0:
            await uow.write_ahead()
    failpoint("restructuring.before_commit")
    result = {
        "units": len(codes), "ended": len({line.unit for line in lines if not outcome.after[line.unit].valid_on(day)}),
        "posts": sum(post.action != "end" for post in posts),
        "posts_ended": sum(post.action == "end" for post in posts) - sum(post.action == "appoint" for post in posts),
    }  # fmt: skip
    return applied(plan, result, tuple(_events(plan, versions, lines)), uow.now)


def _told(checked: Checked) -> Iterator[SuccessionTold]:
    """The lines as they are told and stored, each with the street in which the successor lies."""
    after, ranks = checked.outcome.after, dict[str, int]()
    for line in checked.outcome.lines:
        rank = ranks[line.unit] = ranks.get(line.unit, -1) + 1
        above = list(ancestors(after, line.successor))
        street = next((unit.code for unit in above if unit.kind is Kind.STREET), line.successor)
        yield SuccessionTold(
            unit=line.unit, rank=rank, successor=line.successor, street=street,
            boundary=dict(line.boundary) if line.boundary is not None else None,
        )  # fmt: skip


def _events(
    plan: Restructuring, versions: Sequence[tuple[str, int]], lines: Sequence[SuccessionTold]
) -> Iterator[UnitsRestructured]:
    """The whole in parts that are bounded in size. The lines of one unit stand in one part or in several: each is known
    by its rank, and none counts before the whole is there."""
    parts: list[tuple[list[tuple[str, int]], list[SuccessionTold]]] = [([], [])]
    size = 0
    for version, line in (*((one, None) for one in versions), *((None, one) for one in lines)):
        size += len(json.dumps(line.model_dump() if line else version))
        if size > PART_BYTES and any(parts[-1]):
            parts.append(([], []))
            size = 0
        if version:
            parts[-1][0].append(version)
        if line:
            parts[-1][1].append(line)
    for number, (known, told) in enumerate(parts, 1):
        yield UnitsRestructured(
            restructuring_id=plan.id, number=plan.number, part=number, parts=len(parts),
            effective_from=plan.effective_from, codes=tuple(code for code, _ in known),
            versions=tuple(version for _, version in known), successions=tuple(told),
        )  # fmt: skip


async def _posts(
    successors: Mapping[str, str], checked: Checked, plan: Restructuring, uow: UnitOfWork
) -> list[Change[Any]]:
    after, day, store = checked.outcome.after, plan.effective_from, Posts.of(uow)
    ended = {unit: after[successor] for unit, successor in successors.items() if not after[unit].valid_on(day)}
    passing = await store.from_day_on(list(ended), day)
    held = await store.from_day_on({successor.code for successor in ended.values()}, day)
    because = {"restructuring": plan.number}
    return list(pass_on(passing, ended, held, day, new_id=new_id, by=RESTRUCTURING, now=uow.now, because=because))


async def _waiting(successors: Mapping[str, str], plan: Restructuring, uow: UnitOfWork) -> None:
    """Proposals and other plans that wait for somebody: who succeeds them decides, and is concerned."""
    for proposal in await Proposals.of(uow).waiting():
        if {*proposal.concerned, proposal.decided_in} & successors.keys():
            concerned = _succeeded(proposal.concerned, successors)
            moved = replace(
                proposal, concerned=concerned, decided_in=successors.get(proposal.decided_in or "", proposal.decided_in),
                version=proposal.version + 1,
            )  # fmt: skip
            Proposals.of(uow).put(_passed(moved, plan, uow))
    for other in await Restructurings.of(uow).without_end():
        places = {*other.concerned, other.area, other.drafted_in}
        if other.id != plan.id and other.state is not State.APPLIED and places & successors.keys():
            passed = replace(
                other, concerned=_succeeded(other.concerned, successors), area=successors.get(other.area or "", other.area),
                drafted_in=successors.get(other.drafted_in or "", other.drafted_in), version=other.version + 1,
            )  # fmt: skip
            Restructurings.of(uow).put(_passed(passed, plan, uow))


def _passed(after: Any, plan: Restructuring, uow: UnitOfWork) -> Change[Any]:
    return Change(after, "succeed", RESTRUCTURING, uow.now, what={"restructuring": plan.number})


def _succeeded(units: Iterable[str], successors: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted({successors.get(code, code) for code in units}))
