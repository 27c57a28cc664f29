"""What intake's API takes and gives. Times are RFC 3339; instants are given in UTC."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel, Field

from services.intake.places.coordinates import System
from services.intake.places.coordinates import Told as ToldPoint
from services.intake.reports.lifecycle import Status
from services.intake.reports.plain_words import Told, Words
from services.intake.reports.report import Channel, DoubtfulTime, ReviewReason, Same
from services.intake.reports.reporter import Reporter
from services.intake.reports.reporter_store import ReporterSeal
from services.intake.reports.store import Reports
from shared.auth.principal import Principal, Role
from shared.errors import Unavailable
from shared.files.attach import PhotoOut
from shared.files.table import MOST_OF_A_THING
from shared.http.as_told import AsTold, Unread
from shared.http.types import (
    Id,
    Latitude,
    Longitude,
    LongText,
    MediumText,
    QueryModel,
    ShortText,
    StrictModel,
    ToldInstant,
    ToldText,
)
from shared.personal_data import masked


class PointIn(StrictModel):
    """A position in the coordinate system that is declared; China's maps use GCJ-02, satellites WGS-84.

    Without one it is what the operator said of the client or channel, else unknown: then the place found is only as fine
    as all systems agree on.
    """

    longitude: Longitude
    latitude: Latitude
    system: System | None = None


class ReporterIn(StrictModel):
    """Who reports, if they want to say. Stored encrypted, shown masked. A phone may be written in any way."""

    name: ToldText | None = None
    phone: ToldText | None = None
    anonymous: bool = False

    def reporter(self) -> Reporter:
        return Reporter(self.name or None, self.phone or None, anonymous=self.anonymous)


class ToldIn(StrictModel):
    """What anybody may tell, with an account or without. Of the optional fields none costs the report: what cannot be read
    (an unknown category, a point out of range, too long a title) is kept as told and marked (`unread`)."""

    text: LongText
    category: Annotated[str | Unread, AsTold(ShortText)] | None = None
    point: Annotated[PointIn | Unread, AsTold(PointIn)] | None = None
    address: Annotated[str | Unread, AsTold(MediumText)] | None = None
    occurred_at: Annotated[datetime | Unread, AsTold(ToldInstant)] | None = None
    recorded_at: Annotated[datetime | Unread, AsTold(ToldInstant)] | None = None
    reporter: ReporterIn | None = None


class ReportIn(ToldIn):
    """A report as somebody tells it who has signed in."""

    channel: Channel = Channel.RESIDENT
    title: Annotated[str | Unread, AsTold(ShortText)] | None = None
    photos: Annotated[tuple[Id, ...], Field(max_length=MOST_OF_A_THING)] = ()
    """Files that the sender uploaded to `/intake/files`, in the order in which they are shown."""


class JoinedIn(StrictModel):
    """That one saw the same, and what there is to add: nothing of it is needed."""

    text: LongText | None = None
    channel: Channel = Channel.RESIDENT
    point: Annotated[PointIn | Unread, AsTold(PointIn)] | None = None
    occurred_at: Annotated[datetime | Unread, AsTold(ToldInstant)] | None = None
    recorded_at: Annotated[datetime | Unread, AsTold(ToldInstant)] | None = None
    reporter: ReporterIn | None = None
    photos: Annotated[tuple[Id, ...], Field(max_length=MOST_OF_A_THING)] = ()

    def report(self) -> ReportIn:
        return ReportIn.model_construct(**{**dict(self), "text": self.text or ""})


class FollowOut(BaseModel):
    """How a reporter follows it without an account: by number and `secret`, or by `link`. Sending the same report again
    under the same key gives the same."""

    secret: str
    link: str


class ReceiptOut(BaseModel):
    """`number` is what people quote; `repeated` is true when the same had been sent under the same key before. `follow` is
    there where a reporter was named: hand it over to them. It is null too while its key is missing; the report is stored."""

    id: UUID
    number: str
    repeated: bool
    follow: FollowOut | None = None


class ReporterOut(BaseModel):
    """Masked by default. `phone` is in its one form where it can be read, `phone_told` as it was told when unmasked;
    `phone_unread` marks one that nobody could read. `unreadable` says in plain words why nothing of it can be shown, and what must be done."""

    name: str | None = None
    phone: str | None = None
    phone_told: str | None = None
    phone_unread: bool = False
    anonymous: bool | None = None
    unreadable: Words | None = None


class ClaimOut(BaseModel):
    """Who of the desk is looking at it, and until when that counts."""

    by: str
    until: datetime


class ReportOut(BaseModel):
    """A report and where it stands."""

    id: UUID
    number: str
    status: Status
    street: str
    channel: Channel
    title: str
    text: str
    address: str
    longitude: float | None
    latitude: float | None
    point_radius: float | None
    """Metres by which the point may be off, where its coordinate system is not known."""
    point_system: System | None
    """The coordinate system in which the point was taken."""
    home: str
    unit: str | None
    place_method: str | None
    place_confidence: float | None
    category: str | None
    category_confidence: float | None
    category_model: str | None
    review_reasons: list[ReviewReason]
    work_order: str | None
    hazard_id: UUID | None
    """The hazard of the registry that it was made."""
    joined: int
    """How many others say the same, each with a report of their own."""
    same_as: Same | None
    """Of a duplicate: the report that it joined, where its work order is."""
    reporter: ReporterOut | None
    photos: list[PhotoOut]
    occurred_at: datetime | None
    recorded_at: datetime | None
    doubtful_times: list[DoubtfulTime]
    """Which of the two were told by a clock that must be wrong."""
    unread: dict[str, str]
    """The optional fields that could not be read (`category`, `point`, `title` …), each as it was told."""
    submitted_at: datetime
    triaged_at: datetime | None
    claim: ClaimOut | None
    """Who is looking at it just now; not for residents."""
    version: int


class RevealIn(StrictModel):
    """Why the reporter's name and phone, or the whole words, are needed; it goes on the trail."""

    why: MediumText


class NearbyQuery(QueryModel):
    """A place in WGS-84, and how far around it to look, in metres."""

    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    radius: Annotated[int, Field(ge=1, le=2_000)] = 200


class NearbyOut(BaseModel):
    """An open report near a point: enough to see that it is the same thing, nothing of who told it. `joined`: how many
    others said the same."""

    id: UUID
    number: str
    status: Status
    category: str | None
    distance: int
    joined: int
    submitted_at: datetime


class NearbyList(BaseModel):
    """Nearest first; at most 20."""

    items: list[NearbyOut]


class QueuesOut(BaseModel):
    """How many reports of the caller's part of the tree wait for a person, and who looks at them."""

    needs_review: int
    unclaimed: int
    mine: int


class WordsOut(BaseModel):
    """What was told, whole, with the personal data in it."""

    title: str
    text: str
    address: str


class ToldTrail(BaseModel):
    """What a resident sees of a trail: plain words, oldest first."""

    told: list[Told]


def shown(
    row: sa.RowMapping, seal: ReporterSeal, photos: Mapping[UUID, list[PhotoOut]], caller: Principal, now: datetime
) -> ReportOut:
    """Personal data in the words are masked for everybody but who wrote them."""
    report = Reports.codec.of(row)
    told, place, category = report.contents, report.place, report.category
    words = str if row["caller"] == caller.subject else masked
    return ReportOut(
        id=report.id,
        number=report.number,
        status=report.status,
        street=report.street,
        channel=told.channel,
        title=words(told.title),
        text=words(told.text),
        address=words(told.address),
        longitude=told.longitude,
        latitude=told.latitude,
        point_radius=told.point_radius,
        point_system=ToldPoint.read(told.declared_point).system if told.declared_point else None,
        home=report.home,
        unit=place.unit if place else None,
        place_method=place.method if place else None,
        place_confidence=place.confidence if place else None,
        category=category.name if category else None,
        category_confidence=category.confidence if category else None,
        category_model=category.model if category else None,
        review_reasons=list(report.review_reasons),
        work_order=report.work_order,
        hazard_id=report.hazard_id,
        joined=report.joined,
        same_as=report.same_as,
        reporter=_masked(row, seal),
        photos=photos.get(report.id, []),
        occurred_at=told.occurred_at,
        recorded_at=told.recorded_at,
        doubtful_times=list(report.doubtful_times),
        unread={field: words(told_as) for field, told_as in told.unread.items()},
        submitted_at=report.submitted_at,
        triaged_at=report.triaged_at,
        claim=_claim(row, caller, now),
        version=report.version,
    )


def _claim(row: sa.RowMapping, caller: Principal, now: datetime) -> ClaimOut | None:
    until = row["claimed_until"]
    if until is None or until <= now or caller.role is Role.RESIDENT:
        return None
    return ClaimOut(by=row["claimed_by"], until=until)


def reporter_of(row: sa.RowMapping, seal: ReporterSeal) -> Reporter | None:
    """Who reported; None where nobody left a name. Raises Unavailable where that cannot be read."""
    if row["reporter"] is None:
        return None
    return seal.opened(row["id"], row["reporter"], row["caller"], row["client_key"])


def reporter_out(reporter: Reporter) -> ReporterOut:
    """Unmasked."""
    return ReporterOut(
        name=reporter.name,
        phone=reporter.number or reporter.phone,
        phone_told=reporter.phone,
        phone_unread=reporter.unread,
        anonymous=reporter.anonymous,
    )


def _masked(row: sa.RowMapping, seal: ReporterSeal) -> ReporterOut | None:
    """A reporter that cannot be read spoils nothing else."""
    try:
        reporter = reporter_of(row, seal)
    except Unavailable as error:
        return ReporterOut(unreadable=Words(error.zh, error.en))
    if reporter is None:
        return None
    hidden = reporter.masked()
    return ReporterOut(name=hidden.name, phone=hidden.phone, phone_unread=reporter.unread, anonymous=hidden.anonymous)
