"""What triage takes over HTTP."""

from typing import Literal

from pydantic import model_validator

from shared.http.types import Code, MediumText, ShortText, StrictModel


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
