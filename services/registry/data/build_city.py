"""Builds the sample city: `units.json` and `posts.json` from the hand-written `areas.csv`. Deterministic.

Areas are named as the sample messages name them (A市, A7县, 泉塘街道 …); everything below a community, every count,
boundary and person is invented. Run `python -m services.registry.data.build_city` after changing `areas.csv` or this
file, and commit all of it; a test compares.
"""

import csv
import json
import random
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from services.registry.data.departments import departments, safety_offices

Row = dict[str, Any]
Cell = tuple[int, int]
Corners = dict[Cell, tuple[float, float]]

HERE = Path(__file__).parent
VERSION = 1
SINCE = "2019-01-01"
STREET = "A7-QT"

# The street is a sheet of 18 x 12 cells, one per grid; a community is a block of 6 x 3 cells. Corners are shared and
# moved a little at random, so that grids tile the street without gap or overlap and still look grown.
COLUMNS, ROWS, BLOCK_COLUMNS, BLOCK_ROWS = 18, 12, 6, 3
WEST, SOUTH, CELL_LON, CELL_LAT, JITTER = 113.0625, 28.2084, 0.0030, 0.0036, 0.24

SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢"
GIVEN = (
    "安邦博才晨诚川达东帆芳飞刚光桂国海红华慧健杰静娟军俊兰蕾丽亮林玲敏明娜宁"
    "平强青清荣睿珊伟文霞小欣秀雅燕怡英勇宇玉远云泽振志子"
)
MORE_POSTS = (
    ("P00914", "黎晓云", "intake_clerk", STREET),
    # A second grid worker in the first grid: who resolved a work order never verifies it.
    ("P00915", "邱建华", "grid_worker", f"{STREET}-01-001"),
    ("P00915", "邱建华", "grid_worker", f"{STREET}-01-002"),
    ("P00918", "方远志", "leader", "A7"),
    # The community policeman, who spot-checks and re-checks.
    ("P00917", "熊伟", "police_liaison", f"{STREET}-D-PC"),
)
LAST_PERSON = 918
"""Numbers of people stay as they are when units are added: those of the other streets' offices come after all of these."""
PERSONS = uuid.UUID("6f1d2c3a-5b7e-4f80-9a41-0c2d7e9b1a35")


def build() -> tuple[list[Row], list[Row]]:
    """All units, parents before children, and all posts."""
    draw = random.Random(20190101)  # noqa: S311 - the same city at every build, not a secret
    areas = list(_areas())
    units = _with_grids(areas, draw)
    units += departments(areas)
    offices = list(safety_offices(areas))
    posts = [*_posts(units, draw), *_more_posts(), *_posts(offices, draw, after=LAST_PERSON)]
    return [_unit(**row) for row in [*units, *offices]], posts


def _areas() -> Iterator[Row]:
    with (HERE / "areas.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            aliases = [alias for alias in row["aliases"].split("|") if alias]
            yield {**row, "aliases": aliases, "parent": row["parent"] or None}


def _unit(code: str, kind: str, name: str, parent: str | None, **more: Any) -> Row:
    """One unit with every field there is; `more` says which differ from nothing."""
    empty: Row = {"aliases": [], "boundary": None, "households": None, "residents": None, "functions": [], "serves": []}
    unit: Row = {"code": code, "kind": kind, "name": name, "parent": parent, **empty, **more}
    return {**unit, "valid_from": SINCE, "valid_to": None}


def _with_grids(areas: Iterable[Row], draw: random.Random) -> list[Row]:
    """The areas, and under the communities of the one street its grids, with boundaries and counts of all of them."""
    corners = {
        (x, y): (
            round(WEST + (x + draw.uniform(-JITTER, JITTER)) * CELL_LON, 6),
            round(SOUTH + (y + draw.uniform(-JITTER, JITTER)) * CELL_LAT, 6),
        )
        for y in range(ROWS + 1)
        for x in range(COLUMNS + 1)
    }
    units = [dict(area) for area in areas]
    street = next(unit for unit in units if unit["code"] == STREET)
    communities = [unit for unit in units if unit["parent"] == STREET]
    blocks_across = COLUMNS // BLOCK_COLUMNS
    for nth, community in enumerate(communities):
        left, low = nth % blocks_across * BLOCK_COLUMNS, nth // blocks_across * BLOCK_ROWS
        cells = [(left + x, low + y) for y in range(BLOCK_ROWS) for x in range(BLOCK_COLUMNS)]
        grids = [_grid(community, number, cell, corners, draw) for number, cell in enumerate(cells, 1)]
        community.update(_sums(grids), boundary=_polygon(corners, left, low, BLOCK_COLUMNS, BLOCK_ROWS))
        units += grids
        units += [unit for grid in grids[:2] for unit in _buildings(community, grid)]
    street.update(_sums(communities), boundary=_polygon(corners, 0, 0, COLUMNS, ROWS))
    return units


def _grid(community: Row, number: int, cell: Cell, corners: Corners, draw: random.Random) -> Row:
    households = draw.randint(180, 420)
    return {
        "code": f"{community['code']}-{number:03d}",
        "kind": "grid",
        "name": f"{community['name']}第{number}网格",
        "parent": community["code"],
        "boundary": _polygon(corners, *cell, 1, 1),
        "households": households,
        "residents": round(households * draw.uniform(2.3, 3.1)),
    }


def _buildings(community: Row, grid: Row) -> Iterator[Row]:
    number = int(grid["code"][-3:])
    for building in (2 * number - 1, 2 * number):
        code, name = f"{grid['code']}-B{building}", f"{community['name']}{building}号楼"
        counts = {"households": 48, "residents": 126}
        yield {"code": code, "kind": "building", "name": name, "parent": grid["code"], **counts}
        counts = {"households": 24, "residents": 63}
        for door in (1, 2):
            yield {"code": f"{code}-{door}", "kind": "doorway", "name": f"{name}{door}单元", "parent": code, **counts}


def _sums(units: Iterable[Row]) -> Row:
    units = list(units)
    return {count: sum(unit[count] for unit in units) for count in ("households", "residents")}


def _polygon(corners: Corners, left: int, low: int, wide: int, high: int) -> dict[str, Any]:
    """The outline of a block of cells as GeoJSON, counter-clockwise, along every corner of its cells."""
    right, top = left + wide, low + high
    around = [(x, low) for x in range(left, right)] + [(right, y) for y in range(low, top)]
    around += [(x, top) for x in range(right, left, -1)] + [(left, y) for y in range(top, low, -1)]
    return {"type": "Polygon", "coordinates": [[list(corners[corner]) for corner in [*around, around[0]]]]}


def _posts(units: Iterable[Row], draw: random.Random, *, after: int = 0) -> Iterator[Row]:
    """Who holds which role: every grid, community, department and the street has the people it needs."""
    roles = {
        "grid": ("grid_worker",),
        "community": ("community_secretary",),
        "department": ("department_handler", "leader"),
    }
    number = after
    for unit in units:
        held = ("leader", "dispatcher", "supervisor") if unit["code"] == STREET else roles.get(unit["kind"], ())
        if unit["kind"] == "community" and unit["parent"] != STREET:
            continue
        for role in held:
            number += 1
            name = draw.choice(SURNAMES) + "".join(draw.sample(GIVEN, draw.choice((1, 2, 2))))
            post_id = str(uuid.uuid5(PERSONS, f"{unit['code']} {role}"))
            person = {"post_id": post_id, "person": f"P{number:05d}", "name": name, "role": role, "unit": unit["code"]}
            yield {**person, "valid_from": SINCE, "valid_to": None}


def _more_posts() -> Iterator[Row]:
    for person_id, name, role, unit_code in MORE_POSTS:
        post_id = str(uuid.uuid5(PERSONS, f"{unit_code} {role} {person_id}"))
        person = {"post_id": post_id, "person": person_id, "name": name, "role": role, "unit": unit_code}
        yield {**person, "valid_from": SINCE, "valid_to": None}


def text(key: str, rows: Iterable[Row]) -> str:
    """JSON with one row per line, so that a change shows as one line."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return f'{{"version":{VERSION},"{key}":[\n{lines}\n]}}\n'


def main() -> None:
    """Write both files next to this one."""
    units, posts = build()
    (HERE / "units.json").write_text(text("units", units), encoding="utf-8")
    (HERE / "posts.json").write_text(text("posts", posts), encoding="utf-8")


if __name__ == "__main__":
    main()
