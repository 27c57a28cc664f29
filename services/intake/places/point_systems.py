"""In which coordinate system points are that do not say so: what the operator knows of a client or a channel. Pure.

Nothing is guessed: what is not configured is unknown. Open311 alone has a standard that settles it (GeoReport v2: WGS-84).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.intake.errors import POINT_SYSTEM_UNKNOWN
from services.intake.places.coordinates import System

_BY_STANDARD: Final = {"open311": System.WGS84}


@dataclass(frozen=True, slots=True)
class PointSystems:
    """By client (the subject of its token) or channel."""

    systems: Mapping[str, System]

    @classmethod
    def configured(cls, names: Mapping[str, str]) -> "PointSystems":
        """Of the setting. Raises Invalid for a system that does not exist, so that the service does not start."""
        known = [system.value for system in System]
        for of, name in names.items():
            if name not in known:
                raise POINT_SYSTEM_UNKNOWN(of=of, name=name, systems=known)
        return cls({**_BY_STANDARD, **{of: System(name) for of, name in names.items()}})

    def of(self, client: str, channel: str) -> System:
        """The client's, which knows its own device best, else the channel's."""
        return self.systems.get(client) or self.systems.get(channel, System.UNKNOWN)
