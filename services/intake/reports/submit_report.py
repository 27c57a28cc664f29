"""Submitting reports: each stored once per (caller, key), numbered, on its trail, and announced.

Takes several at a time, because the endpoint commits in groups; each submission is answered for itself, a refusal too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.intake.errors import KEY_REUSED, REPORT_NOT_FOUND
from services.intake.reports.report import Contents, Report, join, number, submit
from services.intake.reports.store import Known, Reports
from services.intake.schema import files
from shared.change import Actor, Change
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.errors import GridGovError
from shared.files.attach import Claims
from shared.files.table import Thing
from shared.ids import new_id
from shared.origin import Origin
from shared.telemetry.context import Trace
from shared.units.projection import UnitProjection


@dataclass(frozen=True, slots=True)
class Submission:
    """What one request asks: contents, who asks (`home` is their unit), under which key, and the request's trace.
    `reporter` is already sealed, and so is `follow_code`, where one is to be given. `photos` are files that
    `uploader` uploaded. `same_as`: it says what that report says, which the caller was shown."""

    origin: Origin
    contents: Contents
    by: Actor
    home: str | None
    reporter: bytes | None
    follow_code: bytes | None
    trace: Trace | None
    photos: tuple[UUID, ...] = ()
    same_as: UUID | None = None
    uploader: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a submission. `repeated` when this caller had sent the same under the same key before; `follow_code`
    is the one that was stored then, sealed."""

    id: UUID
    number: str
    version: int
    repeated: bool
    follow_code: bytes | None


async def submit_reports(
    submissions: Sequence[Submission], uow: UnitOfWork, *, projection: UnitProjection
) -> list[Receipt | GridGovError]:
    """Store what is new and answer each submission in order: a receipt, or why it is refused (a photo that is not theirs,
    a key that was used before with another body). A refusal changes nothing and concerns no other submission."""
    tree, store = await projection.tree(uow.connection), Reports.of(uow)
    claims = await Claims.of(uow, files, (photo for one in submissions for photo in one.photos))
    day = local_day(uow.now)
    # A token may name a unit that ended a few minutes ago.
    passing = await projection.succeeded(uow, tree, (submission.home for submission in submissions))
    homes = [passing.home(submission.home or tree.root or "GG") for submission in submissions]
    serials = await store.serials(map(tree.street_of, homes), day)
    # Looked up when nobody else numbers here: what is there already takes no number.
    seen = set(await store.known(submission.origin for submission in submissions))
    joined = {submission.same_as for submission in submissions if submission.same_as}
    firsts = await store.load(joined) if joined else {}
    made: list[Change[Report] | GridGovError | None] = []
    for submission, home in zip(submissions, homes, strict=True):
        street, origin = tree.street_of(home), submission.origin
        if (origin.caller, origin.client_key) in seen:
            made.append(None)
            continue
        try:
            change = submit(
                submission.contents,
                id=new_id(),
                number=number(street, f"{day:%Y%m%d}", serials.next(street)),
                home=home,
                street=street,
                by=submission.by,
                now=uow.now,
                photos=submission.photos,
            )
            first = _first(submission, firsts)
            also, change = join(first, change) if first else (None, change)
            claims.take(submission.photos, Thing(store.kind, change.after.id, store.kind), submission.uploader)
        except GridGovError as refused:
            made.append(refused)
            continue
        serials.take(street)
        seen.add((origin.caller, origin.client_key))
        store.add(
            change,
            trace=submission.trace,
            caller=origin.caller,
            client_key=origin.client_key,
            body_hash=origin.body_hash,
            reporter=submission.reporter,
            follow_code=submission.follow_code,
        )
        if also:
            store.put(also, only=("joined",))
            firsts[also.after.id] = also.after
        made.append(change)
    stored = await store.flush()
    await store.give_back(serials)
    await claims.write(stored)
    repeated = [s.origin for s, one in zip(submissions, made, strict=True) if _id(one) not in stored]
    known = await store.known(repeated) if repeated else {}
    return [_answer(s, one, stored, known) for s, one in zip(submissions, made, strict=True)]


def _first(submission: Submission, firsts: Mapping[UUID, Report]) -> Report | None:
    """The report that says the same. Raises NotFound where there is none."""
    if submission.same_as is None:
        return None
    return REPORT_NOT_FOUND.unless(firsts.get(submission.same_as))


def _id(made: Change[Report] | GridGovError | None) -> UUID | None:
    return made.after.id if isinstance(made, Change) else None


def _answer(
    submission: Submission,
    made: Change[Report] | GridGovError | None,
    stored: set[UUID],
    known: dict[tuple[str, str], Known],
) -> Receipt | GridGovError:
    if isinstance(made, Change) and made.after.id in stored:
        report = made.after
        return Receipt(report.id, report.number, report.version, repeated=False, follow_code=submission.follow_code)
    origin = submission.origin
    earlier = known.get((origin.caller, origin.client_key))
    if isinstance(made, GridGovError) and (earlier is None or earlier.body_hash != origin.body_hash):
        return made
    # Sent before under this key it was accepted, and is again: what was right then is not wrong now.
    assert earlier is not None  # why else was it not stored
    if earlier.body_hash != origin.body_hash:
        return KEY_REUSED(data={"id": str(earlier.id), "number": earlier.number})
    return Receipt(earlier.id, earlier.number, earlier.version, repeated=True, follow_code=earlier.follow_code)
