"""What registry publishes about a restructuring (调整): which units changed together, and who succeeds whom."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.events import topics
from shared.events.base import Event


class SuccessionTold(BaseModel):
    """What belongs to `unit` belongs to `successor` from now on, which lies in `street`.

    Where a unit was split, several lines have its code, in the order of `rank`: what has a point in `boundary` (GeoJSON
    Polygon, WGS-84) goes to that part. The last line has none and takes all else. A unit that succeeds itself only came
    to lie in another street.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    unit: str
    rank: int
    successor: str
    street: str
    boundary: dict[str, Any] | None = None


class UnitsRestructured(Event):
    """One of `parts` of a restructuring, each bounded in size (docs/decisions/0018-restructuring.md).

    The whole takes effect at once: when all parts are there, and of each unit in `codes` its UnitChanged of at least the
    version at the same place in `versions`. Compacted, so that who reads from the beginning learns it too.
    """

    type: ClassVar[str] = "gridgov.units.restructured.v1"
    topic: ClassVar[str] = topics.RESTRUCTURINGS
    key_field: ClassVar[str] = "restructuring_id"
    remembered: ClassVar[bool] = False

    restructuring_id: UUID
    number: str
    part: int
    parts: int
    effective_from: date
    codes: tuple[str, ...]
    versions: tuple[int, ...]
    successions: tuple[SuccessionTold, ...]

    @property
    def key(self) -> str:
        return f"{self.restructuring_id}/{self.part}"


EVENTS = (UnitsRestructured,)
