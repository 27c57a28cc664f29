"""What registry publishes: about units: each as its newest whole state (compacted topic)."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from shared.events import topics
from shared.events.base import Event


class UnitChanged(Event):
    """The state of one unit from now on. Readers keep the row with the highest `version` per code.

    `boundary` is a GeoJSON Polygon in WGS-84; `functions` (departments only) name the responsibilities held;
    `serves` the codes of the areas a department works for; validity dates are local (Asia/Shanghai), `valid_to` excluded.
    What belongs to a `restructuring` is shown to nobody before the whole of it has come (UnitsRestructured).
    """

    type: ClassVar[str] = "gridgov.unit.changed.v1"
    topic: ClassVar[str] = topics.UNITS
    key_field: ClassVar[str] = "code"

    code: str
    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    boundary: dict[str, Any] | None = None
    households: int | None = None
    residents: int | None = None
    functions: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    valid_from: date
    valid_to: date | None = None
    restructuring: UUID | None = None
    version: int


EVENTS = (UnitChanged,)
