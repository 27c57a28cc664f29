"""What triage and correction take over HTTP."""

from typing import Annotated, Literal

from pydantic import BaseModel, model_validator
from pydantic_core import PydanticCustomError

from shared.events.registry.hazards import Item
from shared.http.days import Day
from shared.http.types import Code, Id, LongText, MediumText, QueryModel, ShortText, StrictModel
from shared.http.types import Text as TextOf


class TriageIn(StrictModel):
    """A person's decision: `triage` with unit and category, or `reject` with why (and who is competent)."""

    decision: Literal["triage", "reject"] = "triage"
    unit: Code | None = None
    category: ShortText | None = None
    why: MediumText | None = None

    @model_validator(mode="after")
    def _complete(self) -> "TriageIn":
        if self.decision == "triage" and not (self.unit and self.category):
            raise PydanticCustomError(
                "triage_incomplete",
                "name both the unit and the category, or reject the report",
                {"zh": "请同时填写单位和类别，或选择不予受理"},
            )
        if self.decision == "reject" and not self.why:
            raise PydanticCustomError(
                "reject_without_why",
                "say why the report is rejected, and who is competent",
                {"zh": "请填写不予受理的原因，并写明有权处理的单位"},
            )
        return self


class AsHazardIn(StrictModel):
    """What kind of hazard the report tells of, at which premises (of its street) if at any, and until when it must be put
    right. `text` says what is wrong where the report's own words do not."""

    item: Item
    premises_id: Id | None = None
    text: LongText | None = None
    rectify_by: Day | None = None


class SuggestionQuery(QueryModel):
    """What somebody is writing."""

    text: Annotated[str, TextOf(1, 2_000)]
    title: Annotated[str, TextOf(0, 100)] = ""


class SuggestionOut(BaseModel):
    category: str
    confidence: float


class SuggestionsOut(BaseModel):
    """The three most likely, in order; `model` is the version that says so."""

    items: list[SuggestionOut]
    model: str


class CorrectionIn(StrictModel):
    """What was wrong of a triaged report: its area, its category, or both; what is left out stays."""

    area: Code | None = None
    category: ShortText | None = None
    why: MediumText

    @model_validator(mode="after")
    def _something(self) -> "CorrectionIn":
        if not (self.area or self.category):
            raise PydanticCustomError(
                "correction_empty",
                "name the right area, the right category, or both",
                {"zh": "请填写正确的区域、类别或两者"},
            )
        return self
