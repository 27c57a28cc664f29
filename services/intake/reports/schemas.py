"""What intake's API takes and gives. Times are RFC 3339; instants are given in UTC."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from services.intake.places.coordinates import System
from services.intake.reports.lifecycle import Status
from services.intake.reports.report import Channel, ReviewReason
from shared.http.types import (
    Code,
    Id,
    Instant,
    Latitude,
    Longitude,
    LongText,
    MediumText,
    QueryModel,
    ShortText,
    StrictModel,
)


class PointIn(StrictModel):
    """A position in the coordinate system that is declared; China's maps use GCJ-02, satellites WGS-84."""

    longitude: Longitude
    latitude: Latitude
    system: System = System.WGS84


class ReporterIn(StrictModel):
    """Who reports, if they want to say. Stored encrypted, shown masked."""

    name: ShortText | None = None
    phone: Annotated[str, Field(pattern=r"^\+?[0-9]{5,15}$", max_length=16)] | None = None
    anonymous: bool = False


class ReportIn(StrictModel):
    """A report as somebody tells it."""

    text: LongText
    channel: Channel = Channel.RESIDENT
    title: ShortText | None = None
    category: ShortText | None = None
    point: PointIn | None = None
    address: MediumText | None = None
    occurred_at: Instant | None = None
    recorded_at: Instant | None = None
    reporter: ReporterIn | None = None


class ReceiptOut(BaseModel):
    """`number` is what people quote; `repeated` is true when the same had been sent under the same key before."""

    id: UUID
    number: str
    repeated: bool


class ReporterOut(BaseModel):
    """Masked by default."""

    name: str | None
    phone: str | None
    anonymous: bool


class ReportOut(BaseModel):
    """A report and where it stands."""

    id: UUID
    number: str
    status: Status
    channel: Channel
    title: str
    text: str
    address: str
    longitude: float | None
    latitude: float | None
    home: str
    unit: str | None
    place_method: str | None
    place_confidence: float | None
    category: str | None
    category_confidence: float | None
    category_model: str | None
    review_reasons: list[ReviewReason]
    work_order: str | None
    reporter: ReporterOut | None
    occurred_at: datetime | None
    submitted_at: datetime
    triaged_at: datetime | None
    version: int


class ReportPage(BaseModel):
    """`next` is the cursor of the following page, null at the end."""

    items: list[ReportOut]
    next: str | None = None


class TriageIn(StrictModel):
    """A person's decision: `triage` with unit and category, or `reject` with why (and who is competent)."""

    decision: Literal["triage", "reject"] = "triage"
    unit: Code | None = None
    category: ShortText | None = None
    why: MediumText | None = None

    @model_validator(mode="after")
    def _complete(self) -> "TriageIn":
        if self.decision == "triage" and not (self.unit and self.category):
            raise ValueError("triage needs unit and category")
        if self.decision == "reject" and not self.why:
            raise ValueError("reject needs why")
        return self


class RevealIn(StrictModel):
    """Why the reporter's name and phone are needed; it goes on the trail."""

    why: MediumText


class ListQuery(QueryModel):
    """By ids (up to 90), by number or its last six digits, or by status, oldest first."""

    id: Annotated[list[Id], Field(default_factory=list, max_length=90)]
    number: Annotated[str, Field(max_length=100, pattern=r"^[A-Za-z0-9-]+$")] | None = None
    status: Status | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    after: Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9_=-]+$")] | None = None
