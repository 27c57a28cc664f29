"""Training, publicity, drills and joint meetings of the demo: most were held, some are to come, some were called off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from services.registry.activities.activity import Outcome, Plan
from services.registry.activities.keep_activity import cancel_activity, hold_activity, plan_new
from services.registry.activities.kinds import ActivityKind, Target
from services.registry.demo.past import WEEKS, Past
from services.registry.meetings.keep_meeting import approve_minutes, call_new, write_record
from services.registry.meetings.meeting import Attendance, Call, Record, Resolution
from services.registry.premises.premises import Premises
from shared.auth.principal import Principal, Role
from shared.clock import local_day
from shared.ids import new_id
from shared.worktime.calendar import Calendar

INVITED: Final = ("A7-QT-D-AJ", "A7-QT-D-PC", "A7-QT-D-ZZ", "A7-QT-D-CG", "A7-QT-D-SC")
OFFICE: Final = Principal("P00896", Role.DEPARTMENT_HANDLER, "A7-QT-D-AJ")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A resolution: who leads it, how many days they have, and what they say is done; nothing where they are still at it."""

    text: str
    unit: str
    days: int
    result: str = ""


TOPICS: Final = (
    (175, "消防安全联席会议（夏季电气火灾防控）", (
        Resolved("全面排查沿街门店私拉乱接电线", "A7-QT-D-AJ", 210, "已排查沿街门店 326 家，私拉乱接 41 处全部拆除"),
        Resolved("清理占用消防通道的停车", "A7-QT-D-CG", 210, "已清理违停车辆 118 辆，施划消防通道标线 23 处"),
    )),
    (116, "消防安全联席会议（学校、幼儿园开学前检查）", (
        Resolved("对辖区幼儿园逐一联合检查并建立台账", "A7-QT-D-PC", 150, "11 所幼儿园全部检查，台账已建立"),
        Resolved("督促餐饮单位清洗油烟管道", "A7-QT-D-SC", 150),
    )),
    (56, "消防安全联席会议（三合一场所整治）", (
        Resolved("家庭作坊住人问题限期整改", "A7-QT-D-AJ", 90),
        Resolved("对逾期隐患集中移交并每周复查", "A7-QT-D-PC", 60),
    )),
    (3, "消防安全联席会议（冬春火灾防控部署）", (Resolved("高层建筑消防设施全面测试", "A7-QT-D-AJ", 45),)),
    (-6, "消防安全联席会议（岁末年初）", ()),
)  # fmt: skip
"""How many days ago, the title, and what was resolved."""
FIVE: Final = (
    (Target.SCHOOLS, "消防安全进校园", "集中宣讲"), (Target.ENTERPRISES, "消防安全进企业", "集中宣讲"),
    (Target.RESIDENTIAL, "消防宣传日进小区", "展板横幅"), (Target.FAMILIES, "消防安全入户宣传", "入户宣传"),
    (Target.VILLAGES, "消防知识广播宣传", "广播视频"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Held:
    """One activity of the demo: whose, where, when (days ago, negative to come), and what it told."""

    by: Principal
    ago: int
    kind: ActivityKind
    title: str
    details: dict[str, Any]
    results: dict[str, Any]
    people: int
    target: Target | None = None
    premises: Premises | None = None


async def activities(
    communities: Sequence[tuple[str, str]], premises: Sequence[Premises], past: Past, calendar: Calendar
) -> None:
    """`communities` by code with the person who leads each; `premises` of the street. Of each, the oldest first: what was
    held counts for the duty of its own time."""
    for at, (code, person) in enumerate(communities):
        secretary = Principal(person, Role.LEADER, code)
        # Most kept their weekly day of late; two did not.
        weeks = {*range(1 + at % 6, WEEKS + 1, 12)} | (set() if at % 6 == 5 else {1, 2})
        for week in sorted(weeks, reverse=True):
            target, title, form = FIVE[(at + week) % len(FIVE)]
            await _held(
                Held(secretary, week * 7 - at % 5, ActivityKind.PUBLICITY, title, {"form": form},
                     {"materials": 40 + at * 7 % 60}, 30 + week * 3, target), past, calendar,
            )  # fmt: skip
        training = Held(
            secretary, 20 + at * 9, ActivityKind.TRAINING, "网格员消防业务培训",
            {"audience": "网格员", "trainer": "消防救援站", "hours": 4}, {"passed": 16}, 18,
        )  # fmt: skip
        await _held(training, past, calendar)
    keys = [one for one in premises if one.about.key_unit]
    for at, one in enumerate(keys[:12]):
        keeper = Principal("P00001", Role.LEADER, "A7-QT")
        drill = Held(
            keeper, 150 - at * 14, ActivityKind.DRILL, "灭火和应急疏散演练", {"scenario": "灭火和疏散"},
            {"minutes": 12 + at % 9, "lessons": "疏散引导员位置需固定，二楼集合偏慢"}, 60 + at * 11, premises=one,
        )  # fmt: skip
        await _held(drill, past, calendar)


async def _held(told: Held, past: Past, calendar: Calendar) -> None:
    """Planned a week before, then held; what is still to come is only planned, and one in eleven was called off."""
    starts = past.at(told.ago, 14, 30)
    plan = Plan(
        kind=told.kind, unit=told.by.unit or "", premises_id=told.premises.id if told.premises else None,
        title=told.title, starts_at=starts, ends_at=starts + timedelta(hours=2), place="", content="",
        organiser="", target=told.target, details=told.details,
    )  # fmt: skip
    async with past.uow(starts - timedelta(days=7)) as uow:
        planned = await plan_new(plan, told.by, uow, why=None)
    async with past.uow(starts + timedelta(hours=3)) as uow:
        if told.ago % 11 == 10:
            await cancel_activity(planned.id, planned.version, told.by, uow, why="遇暴雨改期")
        elif starts < past.now:
            await hold_activity(planned, Outcome(told.people, (), told.results), told.by, uow, calendar)


async def meetings(leader: Principal, past: Past, calendar: Calendar) -> None:
    """Of the street, every two months; the last one's minutes wait for approval, and one is still to be held."""
    for ago, title, resolved in TOPICS:
        starts = past.at(ago, 10)
        call = Call(
            leader.unit or "", title, starts, "街道三楼会议室", "街道办事处主任",
            ("通报上期隐患整改情况", "研究部署本期工作"), INVITED,
        )  # fmt: skip
        async with past.uow(min(starts, past.now) - timedelta(days=8)) as uow:
            called = await call_new(call, OFFICE, uow, why=None)
        if ago < 0:
            continue
        record = Record(
            tuple(Attendance(unit, "", present=at != ago % len(INVITED)) for at, unit in enumerate(INVITED)),
            f"会议听取了各单位汇报，{title.partition('（')[2].removesuffix('）')}为近期重点。与会单位分工明确，限期落实，每周报送进展。",
            tuple(_resolution(one, starts) for one in resolved),
        )
        async with past.uow(starts + timedelta(hours=3)) as uow:
            held = await write_record(called.id, called.version, record, (), (), OFFICE, uow, calendar)
        if ago > 30:
            async with past.uow(starts + timedelta(hours=26)) as uow:
                await approve_minutes(held.id, held.version, leader, uow, why=None)


def _resolution(one: Resolved, starts: datetime) -> Resolution:
    return Resolution(new_id(), one.text, one.unit, "", local_day(starts + timedelta(days=one.days)))
