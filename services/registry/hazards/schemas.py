"""What the endpoints for hazards take and give. Times are RFC 3339 in UTC, days are local."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.hazards.finding import Found
from services.registry.hazards.hazard import Criteria, Extension, Grade, Sheet, Source, SourceKind
from services.registry.hazards.items import ITEMS, Item
from services.registry.hazards.lifecycle import Action, Listing, State
from services.registry.hazards.moving import Context
from services.registry.hazards.possible import possible_for
from services.registry.hazards.reading import Row
from services.registry.hazards.wording import GRADES, LISTINGS, STATES
from shared.auth.principal import Principal
from shared.events.limits import LimitTold, told
from shared.files.attach import PhotoOut
from shared.files.public_link import StaffLinks
from shared.files.table import MOST_OF_A_THING
from shared.http.days import Day
from shared.http.types import Code, Id, LongText, MediumText, ShortText, StrictModel, Text
from shared.limits import Light, light

_PHOTOS = Annotated[tuple[Id, ...], Field(max_length=MOST_OF_A_THING)]
_REMARK = Annotated[str, Text(0, 200)]
WORDS: dict[str, Any] = {
    "measures": MediumText,
    "department": _REMARK,
    "person": _REMARK,
    "funds": _REMARK,
    "interim": Annotated[str, Text(0, 1_000)],
    "signed_by": _REMARK,
    "signature": Id,
    "result": LongText,
    "photos": _PHOTOS,
    "why": MediumText,
    "until": Day,
    "to": Code,
    "document": ShortText,
    "edition": ShortText,
    "element": MediumText,
}
"""The fields of all commands."""


class CriteriaBody(StrictModel):
    """The edition of the criteria, such as `GB 35181-2025`, and the element that makes the hazard a major one."""

    edition: ShortText
    element: MediumText


class HazardIn(StrictModel):
    """What was found, at premises or in a unit outside of any. `rectify_by` is the last day to put it right; left out,
    the default of its grade. `criteria` make it major. `photos` are files that the caller uploaded."""

    premises_id: Id | None = None
    unit: Code | None = None
    item: Item
    text: LongText
    fixed_on_spot: bool = False
    rectify_by: Day | None = None
    criteria: CriteriaBody | None = None
    photos: _PHOTOS = ()

    def found(self) -> Found:
        criteria = Criteria(self.criteria.edition, self.criteria.element) if self.criteria else None
        return Found(
            premises_id=self.premises_id,
            unit=self.unit or "",
            item=self.item,
            text=self.text,
            source=Source(SourceKind.TOLD),
            photos=self.photos,
            fixed_on_spot=self.fixed_on_spot,
            rectify_by=self.rectify_by,
            criteria=criteria,
        )


class PossibleOut(BaseModel):
    """An action that this caller may take now, what it is called, and what would follow from it."""

    action: Action
    name_zh: str
    name_en: str
    consequence_zh: str
    consequence_en: str


class ListedHazard(BaseModel):
    """A hazard in a list; names are those of today. `due_at` and `light` are of the most urgent limit that runs,
    `recheck_by` is by when the police look again."""

    id: UUID
    number: str
    street: str
    unit: str
    unit_name: str | None
    premises_id: UUID | None
    place: str | None
    source: Source
    item: Item
    item_zh: str
    text: str
    grade: Grade
    grade_zh: str
    state: State
    state_zh: str
    listing: Listing
    listing_zh: str
    found_on: date
    found_at: datetime
    due_at: datetime | None
    recheck_by: datetime | None
    light: Light
    asked: Extension | None
    order_number: str | None
    closed_at: datetime | None
    version: int


class LinkedPhotoOut(BaseModel):
    """A photo that intake keeps; both URLs are for whoever sees the hazard, and want their token or session."""

    id: UUID
    url: str
    thumbnail_url: str


class HazardOut(ListedHazard):
    """A hazard whole. `report_photos` show what was reported, `photos` what was seen here. `limits` has `rectify`,
    `recheck`, `listing`, as far as they began. For staff, people are subjects with what they are called."""

    criteria: Criteria | None
    found_by: str | None
    found_by_name: str | None
    sheet: Sheet | None
    limits: dict[str, LimitTold]
    extensions: int
    result: str | None
    rectified_by: str | None
    rectified_by_name: str | None
    asked_by_name: str | None
    failed: int
    failed_why: str | None
    transferred_to: str | None
    rechecks: int
    reported_to: str | None
    document: str | None
    listed_until: date | None
    photos: list[PhotoOut]
    report_photos: list[LinkedPhotoOut]
    possible: tuple[PossibleOut, ...]


class StationOut(BaseModel):
    """A police station by its unit's code."""

    code: str
    name: str


class StationsOut(BaseModel):
    items: list[StationOut]


_NAMED = {"unit_name", "place", "item_zh", "grade_zh", "state_zh", "listing_zh", "light"}
_PLAIN = ListedHazard.model_fields.keys() - _NAMED
_CALLED = {"found_by_name", "rectified_by_name", "asked_by_name"}
_BY = {"found_by", "rectified_by"}
_WHOLE = HazardOut.model_fields.keys() - _NAMED - _CALLED - _BY - {"limits", "photos", "report_photos", "possible"}


def listed(row: Row, now: datetime) -> ListedHazard:
    return ListedHazard(**{name: getattr(row.hazard, name) for name in _PLAIN}, **_words(row, now))


def people_in(row: Row) -> tuple[str | None, ...]:
    """The subjects whose names `shown` shows."""
    hazard = row.hazard
    return hazard.found_by, hazard.rectified_by, hazard.asked.by if hazard.asked else None


def shown(
    row: Row,
    caller: Principal,
    context: Context,
    photos: Mapping[UUID, list[PhotoOut]],
    names: Mapping[str, str],
    links: StaffLinks,
) -> HazardOut:
    """`context` is that of the caller; `photos` has those of the hazard, if any; `names` what people are called; `links`
    lead to the photos that intake keeps."""
    hazard = row.hazard
    found_by, rectified_by, asked_by = (names.get(one) if one else None for one in people_in(row))
    return HazardOut(
        **{name: getattr(hazard, name) for name in _WHOLE},
        **_words(row, context.now),
        **{name: caller.meets(getattr(hazard, name)) for name in _BY},
        found_by_name=found_by,
        rectified_by_name=rectified_by,
        asked_by_name=asked_by,
        limits={name: told(limit) for name, limit in hazard.limits.items()},
        photos=photos.get(hazard.id, []),
        report_photos=[_linked(photo, links) for photo in hazard.report_photos],
        possible=tuple(
            PossibleOut(
                action=one.action,
                name_zh=one.name.zh,
                name_en=one.name.en,
                consequence_zh=one.consequence.zh,
                consequence_en=one.consequence.en,
            )
            for one in possible_for(caller, hazard, context)
        ),
    )


def _linked(photo: UUID, links: StaffLinks) -> LinkedPhotoOut:
    url = f"/intake/linked-photos/{links.of(photo)}"
    return LinkedPhotoOut(id=photo, url=url, thumbnail_url=f"{url}/thumbnail")


def _words(row: Row, now: datetime) -> dict[str, Any]:
    hazard = row.hazard
    return {
        "unit_name": row.unit_name,
        "place": row.place,
        "item_zh": ITEMS[hazard.item][0],
        "grade_zh": GRADES[hazard.grade].zh,
        "state_zh": STATES[hazard.state].zh,
        "listing_zh": LISTINGS[hazard.listing].zh,
        "light": light(hazard.limits.values(), now),
    }
