"""What the premises of the demo did of their own accord, as the street's staff wrote it down: some kept their duties, some
did not, one asks to be let off."""

from datetime import timedelta
from typing import Final

from services.registry.demo.past import Past
from services.registry.duties.by_hand import Told, ask_to_waive, fulfil_by_hand
from services.registry.duties.kinds import Bearer, Period
from services.registry.duties.reading import DutyFilter, DutyReader, Found
from shared.auth.principal import Principal, Role
from shared.db.unit_of_work import UnitOfWork
from shared.worktime.calendar import Calendar

_WORDS: Final = {
    "patrol": "值班人员巡查完毕，出口畅通，记录见台账", "fire_check": "单位自查：设施完好，记录见台账",
    "flue_cleaning": "已请专业单位清洗油烟管道",
}  # fmt: skip


async def own_checks(leader: Principal, past: Past, calendar: Calendar) -> None:
    """Most patrols were done an hour ago, some checks in the last days."""
    async with past.uow(past.now - timedelta(minutes=1)) as uow:
        wanted = DutyFilter(area=leader.unit, bearer=Bearer.PREMISES)
        seen = [found async for page in DutyReader(uow, leader).find(wanted).whole() for found in page]
        for at, found in enumerate(sorted(seen, key=lambda one: one.duty.number)):
            words = _WORDS.get(found.duty.duty)
            if words is None or found.duty.do.started_at > uow.now:  # what begins next quarter is not done yet
                continue
            if at % 23 == 22:
                await _ask(found, uow, calendar)
            elif at % 5 and (at % 12 == 0 or found.duty.duty != "fire_check"):
                done = past.now - (
                    timedelta(hours=1) if found.period is Period.TWO_HOURS else timedelta(days=at % 4, hours=2)
                )
                told = Told(words, max(done, found.duty.do.started_at))
                await fulfil_by_hand(found.duty.id, found.duty.version, told, leader, uow, calendar)


async def _ask(found: Found, uow: UnitOfWork, calendar: Calendar) -> None:
    """The grid worker asks; whoever leads the street decides."""
    worker = Principal("P00020", Role.GRID_WORKER, found.duty.unit)
    await ask_to_waive(found.duty.id, found.duty.version, "单位装修停业，本期无法检查", worker, uow, calendar)
