"""What the endpoints for the plans of duties take and give."""

from dataclasses import fields
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.duties.kinds import Act, Bearer, Period
from services.registry.duties.plan import Plan, Terms
from services.registry.duties.reading import DutyCode
from services.registry.premises.kinds import Category
from services.registry.units.kinds import Kind
from shared.http.types import Code, MediumText, ShortText, StrictModel, Text

Function = Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]{0,39})?$")]
Basis = Annotated[str, Text(0, 200)]
Certainty = Annotated[str, Field(pattern="^[SWA]$")]
"""S seen in the source, W seen on web pages, A the area's own."""


class TermsBody(StrictModel):
    """What a plan says: which units (`kinds`, `function`) or which premises (`categories`, `purposes`, `key_units`) bear
    it, which acts count, how often. `watched`: supervision reminds. Of several that fit, the lowest `rank` holds."""

    name: ShortText
    bearer: Bearer
    period: Period
    kinds: Annotated[tuple[Kind, ...], Field(max_length=20)] = ()
    function: Function = ""
    categories: Annotated[tuple[Category, ...], Field(max_length=20)] = ()
    key_units: bool | None = None
    purposes: Annotated[tuple[ShortText, ...], Field(max_length=50)] = ()
    counts: Annotated[tuple[Act, ...], Field(max_length=20)] = ()
    below: bool = False
    weekday: Annotated[int, Field(ge=1, le=7)] | None = None
    watched: bool = False
    on: bool = True
    rank: Annotated[int, Field(ge=0, le=10_000)] = 100
    basis: Basis = ""
    certainty: Certainty = "A"

    def terms(self) -> Terms:
        return Terms(**{name: getattr(self, name) for name in TermsBody.model_fields})


class PlanIn(TermsBody):
    """`duty` is what is owed, `variant` tells plans of one duty apart; without an `area` it holds everywhere. `why` goes
    on the trail."""

    duty: DutyCode
    variant: DutyCode
    area: Code | None = None
    why: MediumText | None = None


class PlanChange(TermsBody):
    why: MediumText | None = None


class PlanOut(BaseModel):
    """`certainty`: S seen in the source, W seen on web pages, A the area's own."""

    id: UUID
    duty: str
    variant: str
    area: str | None
    name: str
    bearer: Bearer
    period: Period
    kinds: tuple[Kind, ...]
    function: str
    categories: tuple[Category, ...]
    key_units: bool | None
    purposes: tuple[str, ...]
    counts: tuple[Act, ...]
    below: bool
    weekday: int | None
    watched: bool
    on: bool
    rank: int
    basis: str
    certainty: str
    version: int


class ApplyBody(StrictModel):
    """Without an `area`: everywhere."""

    area: Code | None = None


def plan_shown(plan: Plan) -> PlanOut:
    terms = {field.name: getattr(plan.terms, field.name) for field in fields(Terms)}
    return PlanOut(id=plan.id, duty=plan.duty, variant=plan.variant, area=plan.area, version=plan.version, **terms)
