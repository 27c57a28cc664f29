"""What the endpoints for units take and give. Days are local (Asia/Shanghai), `valid_to` excluded."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Path
from pydantic import BaseModel, Field

from services.registry.units.kinds import Kind
from services.registry.units.rules import LONGEST_NAME, SHORTEST_NAME
from services.registry.units.unit import Unit, UnitState
from shared.http.days import AsOf, Day
from shared.http.pages import PageQuery
from shared.http.types import Code, MediumText, QueryModel, StrictModel, Text

Name = Annotated[str, Text(SHORTEST_NAME, LONGEST_NAME)]
Function = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Count = Annotated[int, Field(ge=0, le=100_000_000)]
Degrees = Annotated[float, Field(allow_inf_nan=False)]
UnitCode = Annotated[Code, Path(description="单位编码 · the unit's code")]
Limit = Annotated[int, Field(ge=1, le=500)]


class Polygon(StrictModel):
    """GeoJSON (RFC 7946) in WGS-84, longitude first; the last position of each ring repeats its first."""

    type: Literal["Polygon"]
    coordinates: list[list[list[Degrees]]]


class UnitFacts(StrictModel):
    """Everything that is true of the unit; what is left out is not so."""

    kind: Kind
    name: Name
    parent: Code | None = None
    aliases: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    boundary: Polygon | None = None
    households: Count | None = None
    residents: Count | None = None
    functions: Annotated[tuple[Function, ...], Field(max_length=50)] = ()
    serves: Annotated[tuple[Code, ...], Field(max_length=200)] = ()
    valid_from: Day
    valid_to: Day | None = None

    def state(self, code: str) -> UnitState:
        said = {name: getattr(self, name) for name in UnitFacts.model_fields}
        return UnitState(code=code, **said | {"boundary": self.boundary.model_dump() if self.boundary else None})


class UnitBody(UnitFacts):
    """A unit stated anew. `effective_from` says from which day on: where it is left out, a new unit from its
    `valid_from`, a change from today."""

    effective_from: Day | None = None
    why: MediumText | None = None


class StateBrief(BaseModel):
    """What is true of a unit, without its boundary."""

    code: str
    kind: Kind
    name: str
    parent: str | None
    aliases: list[str]
    households: int | None
    residents: int | None
    functions: list[str]
    serves: list[str]
    valid_from: date
    valid_to: date | None


class UnitBrief(StateBrief):
    """A unit without its boundary. `effective_from` is the day since which this version holds."""

    id: UUID
    effective_from: date
    version: int


class UnitOut(UnitBrief):
    """A unit with everything a PUT needs."""

    boundary: dict[str, Any] | None


class Ancestors(BaseModel):
    """The unit first, the root last."""

    items: list[UnitBrief]


class TreeNode(BaseModel):
    """`children_count` counts the units directly below, also those deeper than was asked for."""

    code: str
    kind: Kind
    name: str
    children_count: int
    children: list["TreeNode"] = []


class Tree(BaseModel):
    roots: list[TreeNode]


class About(StrictModel):
    """What a map shows of a unit."""

    code: Code
    kind: Kind
    name: Name
    parent: Code | None


class Feature(BaseModel):
    """A GeoJSON Feature; `geometry` is null where no boundary is known."""

    type: Literal["Feature"] = "Feature"
    id: str
    geometry: dict[str, Any] | None
    properties: About


class FeatureCollection(BaseModel):
    """GeoJSON; `bbox` is west, south, east, north of all features."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    bbox: list[float] | None
    features: list[Feature]


class FeatureBody(StrictModel):
    """A boundary as GET gives it, drawn anew; null takes it away. What else the feature says is not looked at."""

    type: Literal["Feature"]
    id: Code | None = None
    geometry: Polygon | None
    properties: About | None = None


class BoundaryQuery(QueryModel):
    """From which day on the boundary holds, today where it is left out; `why` goes on the trail."""

    effective_from: Day | None = None
    why: MediumText | None = None


class UnionQuery(QueryModel):
    """The units whose boundaries are put together."""

    codes: Annotated[tuple[Code, ...], Field(min_length=1, max_length=100)]


class UnionOut(BaseModel):
    """A GeoJSON Polygon in WGS-84; null where the units do not make one area, or none of them has a boundary."""

    geometry: dict[str, Any] | None


class ChildrenQuery(PageQuery, AsOf):
    """The same, page by page."""


class TreeQuery(AsOf):
    """`root` defaults to all cities; `depth` counts the levels below it."""

    root: Code | None = None
    depth: Annotated[int, Field(ge=0, le=8)] = 2


def brief(unit: Unit) -> UnitBrief:
    return UnitBrief.model_validate(_fields(unit))


def shown(unit: Unit) -> UnitOut:
    return UnitOut.model_validate(_fields(unit))


def feature(state: UnitState, geometry: Mapping[str, Any] | None) -> Feature:
    return Feature(
        id=state.code,
        geometry=dict(geometry) if geometry is not None else None,
        properties=About(code=state.code, kind=state.kind, name=state.name, parent=state.parent),
    )


def state_shown(state: UnitState) -> dict[str, Any]:
    """A state, field by field."""
    return {field.name: getattr(state, field.name) for field in fields(state)}


def _fields(unit: Unit) -> dict[str, Any]:
    beside = {"id": unit.id, "effective_from": unit.effective_from, "version": unit.version}
    return state_shown(unit.state) | beside
