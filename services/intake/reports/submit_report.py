"""Submitting reports: each stored once per (caller, key), numbered, on its trail, and announced.

Takes several at a time, because the endpoint commits in groups; each submission is answered for itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.intake.reports.report import Contents, number, submit
from services.intake.reports.store import NewReport, Origin
from services.intake.unit_of_work import IntakeUnitOfWork
from shared.change import Actor
from shared.clock import LOCAL
from shared.errors import Invalid
from shared.ids import new_id
from shared.telemetry.context import Trace


@dataclass(frozen=True, slots=True)
class Submission:
    """What one request asks: contents, who asks (`home` is their unit), under which key, and the request's trace."""

    origin: Origin
    contents: Contents
    by: Actor
    home: str | None
    reporter: bytes | None
    trace: Trace | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a submission. `repeated` when this caller had sent the same under the same key before."""

    id: UUID
    number: str
    repeated: bool


async def submit_reports(submissions: Sequence[Submission], uow: IntakeUnitOfWork) -> list[Receipt]:
    """Store what is new and answer each submission in order. Raises Invalid for contents that cannot be, and
    when a key was used before with another body."""
    tree = await uow.units()
    day = uow.now.astimezone(LOCAL).strftime("%Y%m%d")
    serials = await uow.reports.serials(len(submissions))
    new = []
    for submission, serial in zip(submissions, serials, strict=True):
        home = submission.home or tree.root or "GG"
        change = submit(
            submission.contents,
            id=new_id(),
            number=number(tree.street_of(home), day, serial),
            home=home,
            by=submission.by,
            now=uow.now,
        )
        new.append(NewReport(change, submission.origin, submission.reporter, submission.trace))
    stored = await uow.reports.add(new)
    repeated = [n.origin for n in new if n.change.after.id not in stored]
    known = await uow.reports.known(repeated) if repeated else {}
    receipts = []
    for n in new:
        report = n.change.after
        if report.id in stored:
            receipts.append(Receipt(report.id, report.number, repeated=False))
            continue
        earlier = known[n.origin.caller, n.origin.client_key]
        if earlier.body_hash != n.origin.body_hash:
            raise Invalid(
                "idempotency_key_reused",
                "该 Idempotency-Key 已用于另一份内容，请为新的民情使用新的键。",
                "This Idempotency-Key was used with another body; use a new key for a new report.",
                field="Idempotency-Key",
                data={"id": str(earlier.id), "number": earlier.number},
            )
        receipts.append(Receipt(earlier.id, earlier.number, repeated=True))
    return receipts
