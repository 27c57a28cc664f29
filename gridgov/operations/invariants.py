"""The invariants 1–8 of the platform (reliability.md §1), one function each. None changes anything."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from gridgov.operations.evidence import CHUNK, Evidence, Violation, chunks
from gridgov.operations.parts import aggregates_of, reactions, tables_of
from services.dispatch.work_orders.table import work_orders
from services.intake.schema import reports
from services.supervision.clocks.table import clocks
from services.supervision.schema import tables as supervision
from shared.bus.log import Place
from shared.bus.port import Record
from shared.db.housekeeping import PROCESSED_DAYS
from shared.events.base import Event
from shared.events.catalog import EVENTS
from shared.events.codec import TRAIL, Undecodable, decode
from shared.events.dispatch.work_orders import WorkOrderOpened
from shared.events.intake.reports import ReportSubmitted
from shared.events.supervision.clocks import ClockReminded, ClockStepped, ClockWarned
from shared.events.topics import CLOCKS, REPORTS, SERVICES, TOPICS, WORK_ORDERS, dead_letters
from shared.trail.entry import Head, read_head
from shared.trail.verify import not_extended, verify

Invariant = Callable[[Evidence], AsyncIterator[Violation]]

KEPT = {topic.name: timedelta(days=topic.retention_days) - timedelta(hours=1) for topic in TOPICS}
"""How long a topic surely holds what was published to it; nothing older is asked for."""
KNOWN = timedelta(days=PROCESSED_DAYS - 1)
"""How long an processed_events surely remembers."""
_OF_REPORT, _REPORTS = work_orders.c.source_id, work_orders.c.source_kind == "report"
TRIAGED = ("triaged", "dispatched", "resolved", "closed")
_STEPS: Mapping[str, type[ClockStepped]] = {"warn": ClockWarned, "remind": ClockReminded}


async def acknowledged_is_stored(e: Evidence) -> AsyncIterator[Violation]:
    """1. What was answered 201 is stored, under the key and number that the answer named."""
    query = sa.select(reports.c.id, reports.c.number, reports.c.client_key).where(
        reports.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(sa.Uuid)))
    )
    for chunk in chunks(e.acked or ()):
        async with e.reading("intake") as connection:
            rows = await connection.execute(query, {"ids": [acked.id for acked in chunk]})
            stored = {row.id: row for row in rows}
        e.count("acked", len(chunk))
        for acked in chunk:
            row = stored.get(acked.id)
            if row is None:
                yield Violation(1, f"report {acked.number} was acknowledged and is not stored", str(acked.id))
            elif acked.number is not None and row.number != acked.number:
                yield Violation(1, f"acknowledged as {acked.number} and stored as {row.number}", str(acked.id))
            elif acked.key is not None and row.client_key != acked.key:
                yield Violation(1, f"report {row.number} is stored under another key than acknowledged", str(acked.id))


async def one_of_each(e: Evidence) -> AsyncIterator[Violation]:
    """2. One report per client key, one work order per report: in the answers, in the tables and in what was told."""
    answered: dict[str, UUID] = {}
    for acked in e.acked or ():
        if acked.key is not None and answered.setdefault(acked.key, acked.id) != acked.id:
            yield Violation(2, f"one key was answered with this report and with {answered[acked.key]}", str(acked.id))
    ids = sa.func.array_agg(reports.c.id).label("ids")
    twice = sa.select(ids).group_by(reports.c.caller, reports.c.client_key).having(sa.func.count() > 1)
    async for row in e.rows("intake", twice):
        yield Violation(2, f"one client key has {len(row.ids)} reports", str(min(row.ids)))
    numbers = sa.func.array_agg(work_orders.c.number).label("numbers")
    several = sa.select(_OF_REPORT, numbers).where(_REPORTS).group_by(_OF_REPORT).having(sa.func.count() > 1)
    async for row in e.rows("dispatch", several):
        yield Violation(
            2, f"the report has {len(row.numbers)} work orders: {', '.join(row.numbers)}", str(row.source_id)
        )
    told: dict[UUID, UUID] = {}
    async for _, event in e.published(WORK_ORDERS, WorkOrderOpened):
        for report_id in event.report_ids:
            if (first := told.setdefault(report_id, event.work_order_id)) != event.work_order_id:
                what = f"two work orders were told of: {first} and {event.work_order_id}"
                yield Violation(2, what, str(report_id))
    e.count("work_orders_told", len(told))


async def submitted_once(e: Evidence) -> AsyncIterator[Violation]:
    """3. Every report has exactly one report.submitted id, in the topic or on its way there; and none is of no report."""
    told: dict[UUID, UUID] = {}
    async for event_id, event in e.published(REPORTS, ReportSubmitted):
        if (first := told.setdefault(event.report_id, event_id)) != event_id:
            yield Violation(3, f"told as submitted under two event ids: {first} and {event_id}", str(event.report_id))
    e.count("reports_told", len(told))
    # Committed before the reading above began, and young enough to be in the topic still.
    due = sa.select(reports.c.id, reports.c.number).where(
        reports.c.submitted_at <= e.settled, reports.c.submitted_at > e.now - KEPT[REPORTS]
    )
    async for row in e.rows("intake", due):
        e.count("reports")
        if row.id not in told:
            yield Violation(3, f"report {row.number} was never told as submitted", str(row.id))
    for report_id in sorted(await e.missing("intake", reports.c.id, told)):
        yield Violation(3, "told as submitted, and not stored", str(report_id))


async def triaged_has_its_work_order(e: Evidence) -> AsyncIterator[Violation]:
    """4. Every report triaged longer ago than T has its work order; every work order has its report, which shows within
    T that it was opened and that it was closed."""
    query = sa.select(reports.c.id, reports.c.number).where(
        reports.c.status.in_(TRIAGED), reports.c.triaged_at <= e.settled
    )
    triaged = {row.id: row.number async for row in e.rows("intake", query)}
    e.count("triaged", len(triaged))
    for report_id in sorted(await e.missing("dispatch", _OF_REPORT, triaged)):
        yield Violation(4, f"report {triaged[report_id]} is triaged and has no work order", str(report_id))
    shown = sa.case((work_orders.c.closed_at <= e.settled, "closed"), (work_orders.c.opened_at <= e.settled, "opened"))
    orders = sa.select(_OF_REPORT, work_orders.c.number, shown.label("shown")).where(_REPORTS)
    owners = {row.source_id: row async for row in e.rows("dispatch", orders)}
    e.count("work_orders", len(owners))
    statuses = await e.values("intake", reports.c.id, reports.c.status, owners)
    for report_id, order in sorted(owners.items()):
        if report_id not in statuses:
            yield Violation(4, f"work order {order.number} is for a report that is not stored", str(report_id))
        elif statuses[report_id] in _BEHIND.get(order.shown, ()):
            what = f"work order {order.number} is {order.shown} and its report still {statuses[report_id]}"
            yield Violation(4, what, str(report_id))


_BEHIND: Mapping[str | None, tuple[str, ...]] = {
    "opened": ("received", "triaged"),
    "closed": ("received", "triaged", "dispatched", "resolved"),
}
"""What has become of a work order → the statuses in which its report has not followed."""


async def versions_never_go_back(e: Evidence) -> AsyncIterator[Violation]:
    """5. Told for the first time, the versions of one aggregate come in order. Told again (the same id) they need not."""
    for topic in TOPICS:
        newest: dict[str, int] = {}
        seen: set[UUID] = set()
        kinds = [event for event in EVENTS if event.topic == topic.name]
        async for event_id, event in e.told(topic.name, *kinds):
            if event_id in seen:
                continue
            seen.add(event_id)
            # A clock's steps are keyed by its work order, so that both clocks of one keep one order.
            aggregate, version = str(getattr(event, "clock_id", event.key)), int(getattr(event, "version", 0))
            if version < (before := newest.get(aggregate, 0)):
                yield Violation(5, f"{topic.name}: version {version} is told after version {before}", aggregate)
            newest[aggregate] = max(version, before)
        e.count("events", len(seen))


async def steps_once_and_in_time(e: Evidence) -> AsyncIterator[Violation]:
    """6. Each step of each clock at most once, told when taken; none missing after due + T; none of a clock that had ended
    before the step was due."""
    told: dict[tuple[UUID, str], UUID] = {}
    async for event_id, event in e.published(CLOCKS, *_STEPS.values()):
        if told.setdefault((event.clock_id, event.type), event_id) != event_id:
            yield Violation(6, f"{event.type} was told under two event ids", str(event.clock_id))
    e.count("steps_told", len(told))
    trail = supervision.trail
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
        if step not in told and e.now - KEPT[CLOCKS] < datetime.fromisoformat(body["at"]) <= e.settled:
            yield Violation(6, f"the step {body['action']} was taken and never told", str(row.aggregate_id))
    ended = await e.values("supervision", clocks.c.id, clocks.c.ended_at, due)
    for clock_id, steps in due.items():
        for verb, instant in steps.items():
            if (end := ended.get(clock_id)) is not None and end < instant:
                yield Violation(6, f"it ended before the step {verb} was due, which was taken", str(clock_id))
    async for row in e.rows("supervision", _MISSING, settled=e.settled):
        yield Violation(6, f"{row.name} clock of {row.number}: the step {row.verb} is missing", str(row.id))


def _missing(reaches: int, verb: str, due: "sa.Column[datetime]") -> sa.Select[Any]:
    late = sa.bindparam("settled", type_=due.type)
    return sa.select(clocks.c.id, clocks.c.number, clocks.c.name, sa.literal(verb).label("verb")).where(
        clocks.c.state == "running", clocks.c.level < reaches, due <= late
    )


_MISSING = sa.union_all(_missing(1, "warn", clocks.c.warn_at), _missing(2, "remind", clocks.c.due_at))


async def trails_verify(e: Evidence) -> AsyncIterator[Violation]:
    """7. Every trail chain verifies, reaches the version of what it tells of, and extends every head that was published:
    one that was rewritten or cut off consistently does not."""
    for topic in dict.fromkeys(event.topic for event in EVENTS):
        service = topic.split(".")[1]
        async for heads in _published_heads(e, topic):
            async with e.reading(service) as connection:
                lost = await not_extended(connection, tables_of(service).trail, heads)
            e.count("trail_heads", len(heads))
            for head in lost:
                what = f"{service}: entry #{head.seq} is not the one that was published"
                yield Violation(7, what, str(head.aggregate_id))
    for service in SERVICES:
        async with e.reading(service) as connection:
            verified = await verify(connection, tables_of(service), aggregates_of(service))
        e.count("trail_entries", verified.entries)
        for bad in verified.violations:
            yield Violation(7, f"{service}: {bad.kind} #{bad.seq}: {bad.problem}", str(bad.aggregate_id))


async def _published_heads(e: Evidence, topic: str) -> AsyncIterator[set[Head]]:
    """The heads of trails that the events of `topic` tell of, some thousands at a time."""
    heads: set[Head] = set()
    async for record in e.records(topic):
        if (head := read_head(record.headers.get(TRAIL, ""))) is not None:
            heads.add(head)
        if len(heads) == CHUNK:
            yield heads
            heads = set()
    if heads:
        yield heads


async def offsets_behind_effects(e: Evidence) -> AsyncIterator[Violation]:
    """8. What lies below a group's committed offset has taken effect there (its processed_events), or is among its dead letters."""
    for service, subscriptions in reactions().items():
        committed = await e.log.committed(subscriptions.group)
        buried = await _buried(e, service)
        processed_events = tables_of(service).processed_events
        passed: dict[UUID, Record] = {}
        for topic in subscriptions.topics:
            async for record in e.log.records(topic):
                place = Place(topic, record.partition)
                if record.offset >= committed.get(place, 0) or (*place, record.offset) in buried:
                    continue
                e.count("offsets")
                event_id = _id_of(record, subscriptions.classes)
                if event_id is None:
                    where = f"{topic}/{record.partition}/{record.offset}"
                    yield Violation(8, f"{service} passed over what it cannot read, at {where}", where)
                elif event_id != _NOBODY and e.now - record.at < KNOWN:
                    passed.setdefault(event_id, record)
        for event_id in sorted(await e.missing(service, processed_events.c.event_id, passed)):
            record = passed[event_id]
            where = f"{record.topic}/{record.partition}/{record.offset}"
            yield Violation(8, f"{service} committed past {where} without its effect", str(event_id))


_NOBODY = UUID(int=0)


def _id_of(record: Record, classes: Mapping[str, type[Event]]) -> UUID | None:
    """The id of an event that the service remembers, _NOBODY for one that it does not, None for what is no event."""
    try:
        envelope = decode(record, classes)
    except Undecodable:
        return None
    return envelope.id if envelope is not None and envelope.event.remembered else _NOBODY


async def _buried(e: Evidence, service: str) -> set[tuple[str, int, int]]:
    """Where the dead letters of a service, and those on their way, came from."""
    topic, found = dead_letters(service), set()

    def note(headers: Mapping[str, str]) -> None:
        try:
            found.add((headers["dead_topic"], int(headers["dead_partition"]), int(headers["dead_offset"])))
        except (KeyError, ValueError):
            return  # too large for the bus, so it never had a place; or a stranger's

    async for record in e.waiting(topic):
        note(record.headers)
    async for record in e.log.records(topic):
        note(record.headers)
    return found


INVARIANTS: Mapping[int, Invariant] = {
    1: acknowledged_is_stored,
    2: one_of_each,
    3: submitted_once,
    4: triaged_has_its_work_order,
    5: versions_never_go_back,
    6: steps_once_and_in_time,
    7: trails_verify,
    8: offsets_behind_effects,
}


async def audit(evidence: Evidence) -> list[Violation]:
    """Every violation of every invariant; what was looked at is in `evidence.checked` afterwards."""
    return [violation for invariant in INVARIANTS.values() async for violation in invariant(evidence)]
