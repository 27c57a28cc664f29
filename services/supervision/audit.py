"""What an operator asks of supervision: its trails, its reactions, whether a step was missed, doubled or taken late."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.supervision.schema import clocks, tables, units
from services.supervision.subscriptions import subscriptions
from shared.audit.evidence import Evidence, Violation
from shared.audit.examination import Question
from shared.events.supervision.clocks import ClockReminded, ClockStepped, ClockWarned
from shared.events.topics import CLOCKS
from shared.units.projection import UnitProjection
from shared.worktime.calendar import china

aggregates = {"clock": clocks}
reactions = subscriptions(UnitProjection(units), china())

_STEPS: Mapping[str, type[ClockStepped]] = {"warn": ClockWarned, "remind": ClockReminded}


async def steps_once_and_in_time(e: Evidence) -> AsyncIterator[Violation]:
    """6. Each step of each clock at most once, told when taken; none missing after due + T; none after the clock ended
    before due."""
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
    async for row in e.rows("supervision", taken):
        body = json.loads(row.body)
        step = (row.aggregate_id, _STEPS[body["action"]].type)
        e.count("steps")
        if step in taken_once:
            yield Violation(6, f"the step {body['action']} was taken twice", str(row.aggregate_id))
        taken_once.add(step)
        if step not in told and e.held_since(CLOCKS) < datetime.fromisoformat(body["at"]) <= e.settled:
            yield Violation(6, f"the step {body['action']} was taken and never told", str(row.aggregate_id))
    async for row in e.rows("supervision", _OUT_OF_TIME, settled=e.settled, within=e.within):
        yield Violation(6, f"{row.kind} clock of {row.number}: {row.what}", str(row.id))


def _step(reaches: int, verb: str, due: "sa.Column[datetime]") -> sa.Select[Any]:
    late, within = sa.bindparam("settled", type_=due.type), sa.bindparam("within", type_=sa.Interval)
    missing = (clocks.c.state == "running") & (clocks.c.level < reaches) & (due <= late)
    untimely = clocks.c.state.in_(("met", "stopped")) & (clocks.c.level >= reaches) & (clocks.c.ended_at + within < due)
    what = sa.case((missing, f"the step {verb} is missing"), else_=f"it ended before the step {verb}, which was taken")
    return sa.select(clocks.c.id, clocks.c.number, clocks.c.kind, what.label("what")).where(missing | untimely)


_OUT_OF_TIME = sa.union_all(_step(1, "warn", clocks.c.warn_at), _step(2, "remind", clocks.c.due_at))

invariants = (steps_once_and_in_time,)
questions: dict[str, Question] = {}
