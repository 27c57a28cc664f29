"""(f) From a point to its grid, among ten thousand."""

import random
from math import cos, pi, sin
from statistics import median
from time import perf_counter
from typing import Any

from services.intake.places.coordinates import Point
from services.intake.places.places import PlaceIndex, PlaceUnit
from tests.bench.ground import Ground
from tests.bench.outcome import Aim, Outcome, percentile

SIDE = 100
_CELL = 0.003
_WEST, _SOUTH = 112.8, 28.0


def run(ground: Ground) -> Outcome:
    points = ground.size(50_000, 10_000)
    chance = random.Random(7)
    begun = perf_counter()
    index = PlaceIndex(_units(chance))
    building = perf_counter() - begun
    span = SIDE * _CELL
    asked = [Point(_WEST + chance.random() * span, _SOUTH + chance.random() * span) for _ in range(points)]
    found = 0
    rounds = []
    for chunk in (asked[i : i + 1000] for i in range(0, points, 1000)):
        begun = perf_counter()
        for point in chunk:
            found += index.at(point) is not None
        rounds.append((perf_counter() - begun) / len(chunk) * 1e6)
    outcome = Outcome(
        compares="PlaceIndex.at: the grid that holds a point, by position alone",
        on=(
            f"{SIDE * SIDE:,} grids of 24 corners each that tile a square of 30 km, under 100 streets with boundaries of"
            f" their own; {points:,} random points, one at a time; no database"
        ),
    )
    outcome.add("per point", median(rounds), "µs", Aim(most=30))
    outcome.add("per point, p99 of thousands", percentile(rounds, 99), "µs")
    outcome.add("index built in", building, "s")
    outcome.add("found", found / points * 100, "% of points")
    return outcome


def _units(chance: random.Random) -> list[PlaceUnit]:
    units = []
    for y in range(SIDE):
        for x in range(SIDE):
            street = f"S{y // 10}{x // 10}"
            units.append(
                PlaceUnit(f"{street}-{y % 10}{x % 10}", "grid", f"第{y}-{x}网格", (), street, _round(x, y, 1, 24))
            )
    for y in range(0, SIDE, 10):
        for x in range(0, SIDE, 10):
            code = f"S{y // 10}{x // 10}"
            units.append(PlaceUnit(code, "street", f"{code}街道", (), None, _round(x, y, 10, 60)))
    chance.shuffle(units)
    return units


def _round(x: int, y: int, cells: int, corners: int) -> dict[str, Any]:
    """A square with bent edges, as surveyed boundaries are; neighbours overlap a little."""
    west, south, size = _WEST + x * _CELL, _SOUTH + y * _CELL, cells * _CELL
    ring = []
    for corner in range(corners):
        side, at = divmod(corner * 4 / corners, 1)
        bend = 0.02 * size * sin(at * pi) * cos(corner)
        along = at * size
        ring.append(
            {
                0: (west + along, south - bend),
                1: (west + size + bend, south + along),
                2: (west + size - along, south + size + bend),
                3: (west - bend, south + size - along),
            }[int(side)]
        )
    return {"type": "Polygon", "coordinates": [[list(place) for place in (*ring, ring[0])]]}
