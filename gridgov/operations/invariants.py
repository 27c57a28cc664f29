"""The invariants of the platform (docs/operations.md): those between services here, the others in each service's `audit`.

None changes anything.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from uuid import UUID

from services.dispatch import audit as dispatch
from services.intake import audit as intake
from services.manifest import SERVICES, listening
from services.registry import audit as registry
from shared.audit.evidence import CHUNK, Evidence, Violation
from shared.bus.log import Place
from shared.bus.port import Record
from shared.bus.subscriptions import Subscriptions
from shared.db.housekeeping import PROCESSED_DAYS
from shared.events.catalog import EVENTS
from shared.events.codec import TRAIL, Undecodable, decode
from shared.events.topics import TOPICS, dead_letters, owner_of
from shared.trail.entry import Head, read_head
from shared.trail.verify import not_extended, verify

_KNOWN = timedelta(days=PROCESSED_DAYS - 1)
"""How long processed_events surely remember."""


async def triaged_has_its_work_order(e: Evidence) -> AsyncIterator[Violation]:
    """4. Every report triaged longer ago than T has its work order; every work order has its report, which shows within
    T that it was opened and that it was closed."""
    triaged = await intake.triaged(e)
    e.count("triaged", len(triaged))
    orders = await dispatch.of_reports(e)
    e.count("work_orders", len(orders))
    for report_id in sorted(triaged.keys() - orders.keys()):
        yield Violation(4, f"report {triaged[report_id]} is triaged and has no work order", str(report_id))
    statuses = await intake.statuses(e, set(orders))
    for report_id, (number, shown) in sorted(orders.items()):
        if report_id not in statuses:
            yield Violation(4, f"work order {number} is for a report that is not stored", str(report_id))
        elif statuses[report_id] in _BEHIND.get(shown, ()):
            yield Violation(
                4, f"work order {number} is {shown} and its report still {statuses[report_id]}", str(report_id)
            )


_BEHIND: Mapping[str | None, tuple[str, ...]] = {
    "opened": ("received", "triaged"),
    "closed": ("received", "triaged", "dispatched", "resolved"),
}
"""What has become of a work order → the statuses in which its report has not followed."""


async def hazards_agree_with_their_orders(e: Evidence) -> AsyncIterator[Violation]:
    """10. Every hazard that was not fixed on the spot has its work order, and no work order is of another. It is closed with
    the hazard, and waits for the check as long as that waits for its re-inspection. Else it is open, with its deadline."""
    orders = await dispatch.of_hazards(e)
    hazards = await registry.of_hazards(e)
    e.count("hazards", len(hazards))
    for hazard_id, hazard in sorted(hazards.items()):
        order = orders.get(hazard_id)
        if hazard.at > e.settled or (order is not None and order.at > e.settled):
            continue
        if order is None:
            yield Violation(10, f"hazard {hazard.number} has no work order", str(hazard_id))
        elif order.stands != hazard.stands:
            what = f"hazard {hazard.number} is {hazard.stands} and its work order {order.number} {order.stands}"
            yield Violation(10, what, str(hazard_id))
        elif hazard.stands == "open" and order.due_at != hazard.due_at:
            what = (
                f"hazard {hazard.number} is due at {hazard.due_at} and its work order {order.number} at {order.due_at}"
            )
            yield Violation(10, what, str(hazard_id))
    for hazard_id in sorted(orders.keys() - hazards.keys()):
        yield Violation(10, f"work order {orders[hazard_id].number} is for a hazard that is not stored", str(hazard_id))


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


async def trails_verify(e: Evidence) -> AsyncIterator[Violation]:
    """7. Every trail chain verifies, reaches the version of what it tells of, and extends every head that was published:
    one that was rewritten or cut off consistently does not."""
    for topic in dict.fromkeys(event.topic for event in EVENTS):
        service = owner_of(topic)
        async for heads in _published_heads(e, topic):
            async with e.reading(service) as connection:
                lost = await not_extended(connection, SERVICES[service].tables.trail, heads)
            e.count("trail_heads", len(heads))
            for head in lost:
                what = f"{service}: entry #{head.seq} is not the one that was published"
                yield Violation(7, what, str(head.aggregate_id))
    for service, row in SERVICES.items():
        async with e.reading(service) as connection:
            verified = await verify(connection, row.tables, row.aggregates)
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
    for service, subscriptions in listening().items():
        committed = await e.log.committed(subscriptions.group)
        dead = await _dead(e, service)
        processed_events = SERVICES[service].tables.processed_events
        passed: dict[UUID, Record] = {}
        for topic in subscriptions.topics:
            async for record in e.log.records(topic):
                place = Place(topic, record.partition)
                if record.offset >= committed.get(place, 0) or (*place, record.offset) in dead:
                    continue
                e.count("offsets")
                event_id = _id_of(record, subscriptions)
                if event_id is None:
                    where = f"{topic}/{record.partition}/{record.offset}"
                    yield Violation(8, f"{service} passed over what it cannot read, at {where}", where)
                elif event_id != _NOBODY and e.now - record.at < _KNOWN:
                    passed.setdefault(event_id, record)
        for event_id in sorted(await e.missing(service, processed_events.c.event_id, passed)):
            record = passed[event_id]
            where = f"{record.topic}/{record.partition}/{record.offset}"
            yield Violation(8, f"{service} committed past {where} without its effect", str(event_id))


_NOBODY = UUID(int=0)


def _id_of(record: Record, subscriptions: Subscriptions) -> UUID | None:
    """The id of an event that the service remembers, _NOBODY for one that it does not, None for what is no event."""
    if subscriptions.passes_over(record):
        return _NOBODY
    try:
        envelope = decode(record, subscriptions.classes)
    except Undecodable:
        return None
    return envelope.id if envelope is not None and envelope.event.remembered else _NOBODY


async def _dead(e: Evidence, service: str) -> set[tuple[str, int, int]]:
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


_GENERAL = (
    triaged_has_its_work_order,
    hazards_agree_with_their_orders,
    versions_never_go_back,
    trails_verify,
    offsets_behind_effects,
)


async def audit(evidence: Evidence) -> list[Violation]:
    """Every violation of every invariant; what was looked at is in `evidence.checked` afterwards."""
    own = (invariant for row in SERVICES.values() for invariant in row.invariants)
    return [violation for invariant in (*own, *_GENERAL) async for violation in invariant(evidence)]
