"""What an operator asks of supervision: its trails, its reactions, whether a step was missed, doubled or taken late."""

import json
from collections.abc import AsyncIterator, Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.supervision.clocks.store import Clocks
from services.supervision.clocks.table import clocks
from services.supervision.schema import tables, units
from services.supervision.subscriptions import subscriptions
from shared.audit.evidence import Evidence, Violation
from shared.audit.examination import Question
from shared.events.supervision.clocks import ClockReminded, ClockStepped, ClockWarned
from shared.events.topics import CLOCKS
from shared.units.projection import UnitProjection

aggregates = {Clocks.kind: Clocks.codec.table}
reactions = subscriptions(UnitProjection(units))

_STEPS: Mapping[str, type[ClockStepped]] = {"warn": ClockWarned, "remind": ClockReminded}


async def steps_once_and_in_time(e: Evidence) -> AsyncIterator[Violation]:
    """6. Each step of each clock at most once, told when taken; none missing after due + T; none of a clock of which its
    owner knew before the step was due that it had ended."""
    told: dict[tuple[UUID, str], UUID] = {}
    async for event_id, event in e.published(CLOCKS, *_STEPS.values()):
        if told.setdefault((event.clock_id, event.type), event_id) != event_id:
            yield Violation(6, f"{event.type} was told under two event ids", str(event.clock_id))
    e.count("steps_told", len(told))
    trail = tables.trail
    taken = sa.select(trail.c.aggregate_id, trail.c.body).where(
        sa.or_(*(trail.c.body.startswith(f'{{"action":"{verb}"') for verb in _STEPS))
    )
    taken_once: set[tuple[UUID, str]] = set()
    due: dict[UUID, dict[str, datetime]] = {}
    async for row in e.rows("supervision", taken):
        body = json.loads(row.body)
        step = (row.aggregate_id, _STEPS[body["action"]].type)
        e.count("steps")
        if step in taken_once:
            yield Violation(6, f"the step {body['action']} was taken twice", str(row.aggregate_id))
        taken_once.add(step)
        due.setdefault(row.aggregate_id, {})[body["action"]] = datetime.fromisoformat(body["what"]["due_at"])
        if step not in told and e.held_since(CLOCKS) < datetime.fromisoformat(body["at"]) <= e.settled:
            yield Violation(6, f"the step {body['action']} was taken and never told", str(row.aggregate_id))
    ended = await e.values("supervision", clocks.c.id, clocks.c.ended_at, due)
    early = {
        one for one, end in ended.items() if end is not None and any(end < instant for instant in due[one].values())
    }
    known = await _end_known(e, early)
    for clock_id in early:
        for verb, instant in due[clock_id].items():
            if known.get(clock_id, ended[clock_id]) < instant:
                yield Violation(6, f"it ended before the step {verb} was due, which was taken", str(clock_id))
    async for row in e.rows("supervision", _MISSING, settled=e.settled):
        yield Violation(6, f"{row.name} clock of {row.number}: the step {row.verb} is missing", str(row.id))


async def _end_known(e: Evidence, ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Since when the owner knew that these clocks had ended: what was done by a phone without a net it heard later."""
    trail, found = tables.trail, dict[UUID, datetime]()
    query = sa.select(trail.c.aggregate_id, trail.c.body).where(
        trail.c.aggregate_id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid)))
    )
    async for row in e.rows("supervision", query.order_by(trail.c.aggregate_id, trail.c.seq), ids=list(ids)):
        body = json.loads(row.body)
        if body["action"] == "stop" or "ended_at" in body["what"]:
            found[row.aggregate_id] = datetime.fromisoformat(body["at"])
    return found


def _missing(reaches: int, verb: str, due: "sa.Column[datetime]") -> sa.Select[Any]:
    late = sa.bindparam("settled", type_=due.type)
    return sa.select(clocks.c.id, clocks.c.number, clocks.c.name, sa.literal(verb).label("verb")).where(
        clocks.c.state == "running", clocks.c.level < reaches, due <= late
    )


_MISSING = sa.union_all(_missing(1, "warn", clocks.c.warn_at), _missing(2, "remind", clocks.c.due_at))


invariants = (steps_once_and_in_time,)
questions: dict[str, Question] = {}
