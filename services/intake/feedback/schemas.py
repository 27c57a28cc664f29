"""What feedback takes and gives over HTTP. What is given is for the reporter: no id, no person but themselves."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import Header, Path
from pydantic import BaseModel, Field

from services.intake.feedback import progress
from services.intake.feedback.rating import Answer, FeedbackChannel, Satisfied, Solved
from services.intake.feedback.reading import Followed
from services.intake.feedback.reopening import reopen_until
from services.intake.reports.lifecycle import Status
from services.intake.reports.plain_words import Told, Words
from services.intake.reports.schemas import ToldIn
from shared.files.public_link import PublicLinks
from shared.http.types import Id, MediumText, ShortText, StrictModel
from shared.units.tree import UnitTree

Number = Annotated[ShortText, Path(description="民情编号 · the report's number")]
FollowCode = Annotated[
    str,
    Header(
        alias="Follow-Code",
        min_length=1,
        max_length=40,
        description="回执上的查询码，大小写、空格和连字符不限 · the code on the receipt; case, spaces and hyphens do not count",
    ),
]
LongKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{16,255}$",
        min_length=1,  # an empty one is told apart
        max_length=255,
        description="随机的键，如 UUID；同键同内容只生效一次 · a key drawn by chance, such as a UUID; the same key and body "
        "take effect once",
    ),
]
"""Those without an account share one name space: a key that somebody else might choose too would mix two reports."""


MOST_PHOTOS: Final = 6


class PublicReportIn(ToldIn):
    """A report without an account; its photos were sent before, under the same Upload-Key."""

    photos: Annotated[tuple[Id, ...], Field(max_length=MOST_PHOTOS)] = ()


class PublicReceiptOut(BaseModel):
    """`secret` is the code by which the report is followed with its `number`; `link` has both. Both are null while the code
    cannot be read; the report is stored."""

    number: str
    secret: str | None
    link: str | None
    repeated: bool


class RatingIn(StrictModel):
    """How it went: were you contacted, is it solved, are you satisfied."""

    contacted: bool
    solved: Solved
    satisfied: Satisfied
    words: MediumText | None = None

    def answer(self) -> Answer:
        return Answer(self.contacted, self.solved, self.satisfied, self.words)


class ReopeningIn(StrictModel):
    """Why it must go on."""

    why: MediumText


class OnBehalfIn(StrictModel):
    """Staff write down for a reporter how they were asked, and what shows it (the number of a recording)."""

    channel: FeedbackChannel | None = None
    evidence: MediumText | None = None


class HeardRatingIn(RatingIn, OnBehalfIn):
    """A rating; of staff with `channel` and `evidence`."""


class HeardReopeningIn(ReopeningIn, OnBehalfIn):
    """A reopening; of staff with `channel` and `evidence`."""


class RatingOut(BaseModel):
    contacted: bool
    solved: Solved
    satisfied: Satisfied
    words: str | None
    rated_at: datetime


class FollowedOut(BaseModel):
    """A report as its reporter follows it, in plain words. `unit` is the name of who acts; `promises` what is promised,
    what is due next first; `result` what was done; `reopen_until` is there while it may be opened again. Of a report that
    joined another one all but its own words is of that one."""

    number: str
    status: Status
    state: Words
    text: str
    address: str
    submitted_at: datetime
    unit: str | None
    promises: list[progress.Promise]
    result: str | None
    photos: list[str]
    """Where small pictures of the result are; they need no code."""
    rating: RatingOut | None
    may_rate: bool
    reopen_until: Annotated[datetime | None, Field(description="UTC")]
    told: list[Told]


def followed_out(found: Followed, tree: UnitTree, days: int, links: PublicLinks) -> FollowedOut:
    report, stands, work, rating = found.report, found.stands, found.progress, found.rating
    until = reopen_until(stands, days)
    unit = tree.get(work.unit) if work else None
    return FollowedOut(
        number=report.number,
        status=stands.status,
        state=progress.state(stands.status, work),
        text=report.contents.text,
        address=report.contents.address,
        submitted_at=report.submitted_at,
        unit=unit.name if unit else None,
        promises=progress.promises(stands.status, work, found.at),
        result=progress.result(stands.status, work),
        photos=[f"/dispatch/public/photos/{links.of(photo)}" for photo in progress.photos(stands.status, work)],
        rating=RatingOut.model_validate(rating, from_attributes=True) if rating else None,
        may_rate=stands.status is Status.CLOSED,
        reopen_until=until if until and found.at <= until else None,
        told=found.told,
    )
