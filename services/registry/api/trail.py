"""A trail on the wire, the same for units and posts."""

from typing import Any

from pydantic import BaseModel


class TrailOut(BaseModel):
    """A trail, oldest entry first; each entry's hash covers the one before."""

    entries: list[dict[str, Any]]
