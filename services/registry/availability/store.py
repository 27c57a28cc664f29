"""Leave and shifts as rows: what writers look at. They hold the registry's lock (`write_lock.alone`)."""

from collections.abc import Sequence

from services.registry.availability.leave import Leave
from services.registry.availability.shift import Shift
from services.registry.availability.table import leave, shifts
from shared.db.aggregates import Aggregates
from shared.db.rowcodec import RowCodec


class Leaves(Aggregates[Leave]):
    kind = "leave"
    codec = RowCodec(Leave, leave)

    async def of_person(self, person: str) -> Sequence[Leave]:
        """All leave of a person, in whatever state."""
        return await self.where(leave.c.person == person)


class Shifts(Aggregates[Shift]):
    kind = "shift"
    codec = RowCodec(Shift, shifts)

    async def of_post(self, unit: str, role: str) -> Sequence[Shift]:
        """All shifts, past and to come, of a role in a unit."""
        return await self.where(shifts.c.unit == unit, shifts.c.role == role)
