"""The numbers of the board (大屏): today with yesterday beside it, by area, and how its parts and departments stand."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from services.dispatch.deps import DispatchDep
from services.dispatch.schema import units
from services.dispatch.work_orders.board_reading import numbers
from shared.auth.permissions import signed_in
from shared.auth.principal import Principal
from shared.clock import LOCAL, local_day
from shared.http.routes import router
from shared.http.types import Code, QueryModel
from shared.units.scope import Scope
from shared.units.tree import UnitTree

routes = router(tags=["大屏 · Board"])


class DayOut(BaseModel):
    """One local day. `opened`, `closed` and `resolved` within it; `open` and `overdue` now, or at the end of a day that
    has passed. `on_time_rate` is of what was resolved, 0 to 1; null where nothing was."""

    opened: int
    closed: int
    resolved: int
    on_time_rate: float | None
    open: int
    overdue: int


class AreaOut(BaseModel):
    """An area, as small as it is known, with what is open in it."""

    unit: str
    name: str | None
    kind: str | None
    open: int
    overdue: int


class StandingOut(BaseModel):
    """A part of the unit, or a department: what is open, what was opened and closed today; `resolved` and its rate are of
    today and the seven days before."""

    unit: str
    name: str | None
    kind: str | None
    open: int
    overdue: int
    opened: int
    closed: int
    resolved: int
    on_time_rate: float | None


class BoardOut(BaseModel):
    """`as_of` is the instant of all numbers. `unit` is whose they are, null for all that the caller sees.

    `parts` are the units directly below, each with all that happened in it: of a district its streets, of a street its
    communities. Whoever has the most overdue stands first in each list, then the most open.
    """

    as_of: datetime
    unit: str | None
    today: DayOut
    yesterday: DayOut
    areas: list[AreaOut]
    parts: list[StandingOut]
    departments: list[StandingOut]


class BoardQuery(QueryModel):
    """`unit` defaults to the caller's own: a city, district, street or anything below."""

    unit: Code | None = None


@routes.get("/board")
async def board(
    query: Annotated[BoardQuery, Query()], caller: Annotated[Principal, signed_in()], dispatch: DispatchDep
) -> BoardOut:
    """Today's numbers, yesterday's, by area, and the ranking of what lies below and of departments · 大屏数据。"""
    unit = query.unit or caller.unit
    async with dispatch.uow() as uow:
        tree = await dispatch.projection.tree(uow.connection)
        midnight = datetime.combine(local_day(uow.now), time(), LOCAL)
        found = await numbers(uow.connection, Scope(units.units, caller), unit, tree, now=uow.now, midnight=midnight)
        now = uow.now
    departments = {code: row for code, row in found.by_lead.items() if _kind(tree, code) == "department"}
    return BoardOut(
        as_of=now,
        unit=unit,
        today=_day(found.whole, ""),
        yesterday=_day(found.whole, "_before"),
        areas=[_area(tree, code, row) for code, row in _worst_first(found.by_area) if row["open"]],
        parts=[_standing(tree, code, row) for code, row in _worst_first(_parts(tree, unit, found.by_area))],
        departments=[_standing(tree, code, row) for code, row in _worst_first(departments)],
    )


Row = Mapping[str, int]


def _parts(tree: UnitTree, whole: str | None, by_area: Mapping[str, Row]) -> Mapping[str, Row]:
    """What happened in each unit directly below `whole` (None: in each city); what happened in the whole itself, as
    small as that is known, is in none of them."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for area, row in by_area.items():
        part = next((unit.code for unit in tree.upward(area) if unit.parent == whole), None)
        if part is not None:
            found[part].update(row)
    return found


def _worst_first(rows: Mapping[str, Row]) -> Iterable[tuple[str, Row]]:
    return sorted(rows.items(), key=lambda one: (-one[1]["overdue"], -one[1]["open"], one[0]))


def _day(row: Row, when: str) -> DayOut:
    plain = {name: row[f"{name}{when}"] for name in ("opened", "closed", "resolved", "open", "overdue")}
    return DayOut(**plain, on_time_rate=_rate(row[f"in_time{when}"], row[f"resolved{when}"]))


def _area(tree: UnitTree, code: str, row: Row) -> AreaOut:
    return AreaOut(unit=code, name=_name(tree, code), kind=_kind(tree, code), open=row["open"], overdue=row["overdue"])


def _standing(tree: UnitTree, code: str, row: Row) -> StandingOut:
    return StandingOut(
        unit=code,
        name=_name(tree, code),
        kind=_kind(tree, code),
        open=row["open"],
        overdue=row["overdue"],
        opened=row["opened"],
        closed=row["closed"],
        resolved=row["resolved_week"],
        on_time_rate=_rate(row["in_time_week"], row["resolved_week"]),
    )


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _name(tree: UnitTree, code: str) -> str | None:
    unit = tree.get(code)
    return unit.name if unit else None


def _kind(tree: UnitTree, code: str) -> str | None:
    unit = tree.get(code)
    return unit.kind if unit else None
