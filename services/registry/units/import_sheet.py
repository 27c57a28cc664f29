"""Units of a table at once: all of it or nothing, and nothing again the second time. Each row is a PUT.

Reach and rules are those of `put_unit`, so a table can do nothing that a form cannot.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import Response

from services.registry.deps import Holders
from services.registry.errors import IMPORT_TOO_LONG
from services.registry.units.kinds import TOP_DOWN
from services.registry.units.put_unit import put_unit
from services.registry.units.sheet import UNITS, state_of
from services.registry.units.store import Units
from services.registry.units.unit import UnitState
from services.registry.write_lock import alone
from shared.auth.principal import Principal
from shared.db.unit_of_work import UnitOfWork
from shared.errors import GridGovError
from shared.http.uploads import download
from shared.sheets.ledger import Ledger
from shared.sheets.reading import Reading, Refusal, Row

MOST: Final = 2_000
"""Rows of one import, 15 ms each: writers wait for each other, so an import holds all others up while it runs."""


@dataclass(frozen=True, slots=True)
class Imported:
    """How many units were registered or changed, and how many were there already in the same state."""

    registered: int
    changed: int
    same: int


class RowsRefused(Exception):
    """Rows cannot be taken, so nothing was."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__(f"{len(refusals)} refusals")
        self.refusals = refusals


async def refused_file(ledger: Ledger, content: bytes, reading: Reading, why: RowsRefused, what: str) -> Response:
    """The answer to an import of `what` that took nothing: the file as it was sent, with a column that says why."""
    file, suffix = await asyncio.to_thread(ledger.answer, content, reading, why.refusals)
    return download(file, f"被拒绝的{what} refused{suffix}", status=422)


async def import_units(
    reading: Reading, caller: Principal, uow: UnitOfWork, holders: Holders, *, why: str | None = None
) -> Imported:
    """Register and change what the rows say. Raises RowsRefused for bad rows, Invalid for too many of them; the unit of
    work must not be committed then."""
    if len(reading.rows) > MOST:
        raise IMPORT_TOO_LONG(most=MOST)
    await alone(uow)
    stored = await Units.of(uow).all()
    rows = []
    for row in reading.rows:
        before = stored.get(row.values["code"])
        rows.append((row, state_of(row.values, before.state if before else None)))
    refusals, registered, changed = list(reading.refusals), 0, 0
    for row, state in sorted(rows, key=_turn):
        before = stored.get(state.code)
        if before is not None and before.state == state:
            continue
        expected = None if before is None else row.values["version"] or before.version
        try:
            await put_unit(state, expected, caller, uow, holders, why=why)
        except GridGovError as error:
            refusals.append(reading.refuse(row, UNITS.column(error.field), error))
        else:
            registered, changed = registered + (before is None), changed + (before is not None)
    if refusals:
        raise RowsRefused(refusals)
    return Imported(registered, changed, len(rows) - registered - changed)


def _turn(one: tuple[Row, UnitState]) -> tuple[bool, int]:
    """Parents before what hangs under them; units that end from the bottom up, when all others are where they belong."""
    depth = TOP_DOWN.index(one[1].kind)
    ends = one[1].valid_to is not None
    return ends, -depth if ends else depth
