"""ResolutionAdopted → exactly one work order, led by the unit that the meeting named, due when the meeting said."""

from typing import Final

from services.dispatch.work_orders.open_work_order import open_orders
from services.dispatch.work_orders.units_lock import opening
from services.dispatch.work_orders.work_order import Asked, Place, Source, SourceKind
from shared.bus.batch import Batch
from shared.db.unit_of_work import UnitOfWork
from shared.events.registry.meetings import ResolutionAdopted
from shared.units.projection import UnitProjection
from shared.units.tree import UnitTree
from shared.worktime.calendar import Calendar

CATEGORY: Final = "联席会议决议"
"""By which the catalogue finds priority, tier and limit to accept."""


async def open_for_resolutions(
    batch: Batch[ResolutionAdopted], uow: UnitOfWork, *, projection: UnitProjection, calendar: Calendar
) -> None:
    await opening(uow)
    tree = await projection.tree(uow.connection)
    await open_orders((_of_resolution(one, tree) for one in batch), uow, projection, calendar)


def _of_resolution(one: ResolutionAdopted, tree: UnitTree) -> Asked:
    """What a resolution asks for: whoever works on it reads where it comes from."""
    told = [
        one.text,
        f"协办：{one.assisting}" if one.assisting else "",
        f"——{one.meeting_title}（{one.meeting_number}）",
    ]
    return Asked(
        sources=(Source(SourceKind.RESOLUTION, one.resolution_id, one.number),),
        text="\n".join(filter(None, told)),
        category=CATEGORY,
        place=Place(one.area, tree.street_of(one.area)),
        asked_at=one.at,
        version=one.version,
        lead=one.lead_unit,
        due_at=one.due_at,
    )
