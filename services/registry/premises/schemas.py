"""What the endpoints for premises take and give."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from services.registry.premises.credit_code import plain_code
from services.registry.premises.kinds import CATEGORIES, USES, Category, Use
from services.registry.premises.premises import About, Premises
from services.registry.premises.reading import Counts, Listed
from shared.http.phones import plain_phone
from shared.http.types import Code, Latitude, Longitude, MediumText, ShortText, StrictModel, Text

Remark = Annotated[str, Text(0, 100)]
Phone = Annotated[str, Text(0, 40), AfterValidator(plain_phone)]
CreditCode = Annotated[str, Field(pattern=r"^([0-9A-Z]{18})?$"), BeforeValidator(plain_code)]
"""Unified social credit code (GB 32100); blanks, hyphens and small letters are how people type it."""
Floors = Annotated[int, Field(ge=0, le=200)]
ClockTime = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$")]
"""A local time of day such as 09:00, or nothing."""
Weekdays = Annotated[
    tuple[Annotated[int, Field(ge=1, le=7)], ...],
    Field(max_length=7),
    AfterValidator(lambda days: tuple(sorted(set(days)))),
]
"""Days of the week, Monday 1; in their order, each once."""


class PremisesBody(StrictModel):
    """All that is known of the place; what is left out is not known. The point is WGS-84, the area m². `closed_on` are the
    weekdays on which it stays closed; a daily or two-hourly duty is not owed then."""

    name: ShortText
    category: Category
    unit: Code
    address: MediumText
    key_unit: bool = False
    use: Use = Use.OPEN
    small_kind: Remark = ""
    credit_code: CreditCode = ""
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    purpose: Remark = ""
    floor_area: Annotated[float, Field(ge=0, le=10_000_000, allow_inf_nan=False)] | None = None
    floors_above: Floors | None = None
    floors_below: Floors | None = None
    people: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    opens: ClockTime = ""
    closes: ClockTime = ""
    closed_on: Weekdays = ()
    responsible: Remark = ""
    responsible_phone: Phone = ""
    manager: Remark = ""
    manager_phone: Phone = ""

    def about(self) -> About:
        return About(**{name: getattr(self, name) for name in PremisesBody.model_fields})


class PremisesIn(PremisesBody):
    """`why` goes on the trail."""

    why: MediumText | None = None


class PremisesOut(BaseModel):
    """One file; `category_zh` and `use_zh` in words."""

    id: UUID
    number: str
    street: str
    name: str
    category: Category
    category_zh: str
    unit: str
    address: str
    key_unit: bool
    use: Use
    use_zh: str
    small_kind: str
    credit_code: str
    longitude: float | None
    latitude: float | None
    purpose: str
    floor_area: float | None
    floors_above: int | None
    floors_below: int | None
    people: int | None
    opens: str
    closes: str
    closed_on: list[int]
    responsible: str
    responsible_phone: str
    manager: str
    manager_phone: str
    version: int


class ListedPremises(BaseModel):
    """`due_on` is the local day by which the first thing in the file is due: maintenance, service, a certificate.
    `initials` are those of the name in pinyin: by them it is found on a phone without a network."""

    id: UUID
    number: str
    name: str
    initials: str
    category: Category
    category_zh: str
    unit: str
    unit_name: str
    address: str
    key_unit: bool
    use: Use
    use_zh: str
    longitude: float | None
    latitude: float | None
    manager: str
    manager_phone: str
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PremisesCounts(Counts):
    """How many files there are: by category, of key units, with something due within a month or overdue already."""

    files: int


def counted(found: Counts) -> PremisesCounts:
    return PremisesCounts(files=sum(found.by_category.values()), **asdict(found))


def shown(one: Premises) -> PremisesOut:
    return PremisesOut(
        id=one.id, number=one.number, street=one.street, version=one.version, **asdict(one.about), **_words(one)
    )


def listed(found: Listed) -> ListedPremises:
    one, about = found.premises, found.premises.about
    return ListedPremises(
        id=one.id, number=one.number, name=about.name, initials=found.initials, category=about.category, unit=about.unit,
        unit_name=found.unit_name, address=about.address, key_unit=about.key_unit, use=about.use,
        longitude=about.longitude, latitude=about.latitude, manager=about.manager,
        manager_phone=about.manager_phone, due_on=found.due_on, **_words(one),
    )  # fmt: skip


def _words(one: Premises) -> dict[str, str]:
    return {"category_zh": CATEGORIES[one.about.category], "use_zh": USES[one.about.use]}
