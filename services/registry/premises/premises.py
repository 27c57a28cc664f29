"""One premises (场所) and what is known of it. Pure.

The same place is not entered twice: it is known by its social credit code and name, or without a code by name and
address, within its street. What is stated replaces all that was stated before.
"""

import unicodedata
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.registry.errors import (
    PREMISES_CREDIT_CODE_INVALID,
    PREMISES_HOURS_HALF,
    PREMISES_PLACE_UNKNOWN,
    PREMISES_POINT_HALF,
)
from services.registry.premises.credit_code import is_credit_code
from services.registry.premises.kinds import Category, Use
from shared.change import Actor, Change
from shared.units.passing import Succession


@dataclass(frozen=True, slots=True)
class About:
    """What is stated of a place. `unit` is the grid, community or building it lies in; the point is WGS-84; the area is
    in m²; `opens` and `closes` are local times such as 09:00, for what must be done while it is open."""

    name: str
    category: Category
    unit: str
    address: str
    key_unit: bool = False
    """Listed by the fire brigade as 消防安全重点单位 (公安部令第61号 art. 13), whatever its category."""
    use: Use = Use.OPEN
    small_kind: str = ""
    credit_code: str = ""
    longitude: float | None = None
    latitude: float | None = None
    purpose: str = ""
    floor_area: float | None = None
    floors_above: int | None = None
    floors_below: int | None = None
    people: int | None = None
    opens: str = ""
    closes: str = ""
    responsible: str = ""
    responsible_phone: str = ""
    manager: str = ""
    manager_phone: str = ""


@dataclass(frozen=True, slots=True)
class Premises:
    """`number` is the file's number for ever; `street` the street that the place lies in, where there is one."""

    id: UUID
    number: str
    street: str
    about: About
    version: int

    @property
    def key(self) -> str:
        return known_by(self.street, self.about)


PERSONAL: Final = frozenset({"responsible", "responsible_phone", "manager", "manager_phone"})
"""Names and phones: they stand in no trail."""


def known_by(street: str, about: About) -> str:
    """By what the same place is recognised, however it is typed."""
    told = (about.credit_code, about.name) if about.credit_code else (about.name, about.address)
    return "|".join((street, *("".join(unicodedata.normalize("NFKC", text).casefold().split()) for text in told)))


def check(about: About) -> None:
    """Raise Invalid for what cannot be true of a place by itself."""
    if about.credit_code and not is_credit_code(about.credit_code):
        raise PREMISES_CREDIT_CODE_INVALID()
    if (about.longitude is None) != (about.latitude is None):
        raise PREMISES_POINT_HALF()
    if bool(about.opens) != bool(about.closes):
        raise PREMISES_HOURS_HALF()


def enter(
    id: UUID, number: str, street: str | None, about: About, *, by: Actor, now: datetime, why: str | None
) -> Change[Premises]:
    """A new file. Raises Invalid; `street` is None where `about.unit` is no unit that can have premises."""
    check(about)
    if street is None:
        raise PREMISES_PLACE_UNKNOWN()
    made = Premises(id, number, street, about, 1)
    return Change(made, "enter", by, now, why, {"number": number, "category": about.category, "unit": about.unit})


def state(
    before: Premises, street: str | None, about: About, *, by: Actor, now: datetime, why: str | None
) -> Change[Premises]:
    """`before` with all that is stated now. Raises Invalid."""
    check(about)
    if street is None:
        raise PREMISES_PLACE_UNKNOWN()
    after = replace(before, street=street, about=about, version=before.version + 1)
    return Change(after, "state", by, now, why, differing(before.about, about))


def succeed(before: Premises, succession: Succession, *, by: Actor, now: datetime) -> Change[Premises]:
    """`before` where its unit's successor finds it."""
    after = replace(
        before,
        street=succession.street,
        about=replace(before.about, unit=succession.successor),
        version=before.version + 1,
    )
    return Change(after, "succeed", by, now, what=succession.trail())


def differing(before: About, after: About) -> dict[str, Any]:
    """What changed, for the trail: the new value of each field, of personal ones only that they changed."""
    changed = [field.name for field in fields(About) if getattr(before, field.name) != getattr(after, field.name)]
    return {name: True if name in PERSONAL else getattr(after, name) for name in changed}
