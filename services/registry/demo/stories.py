"""What becomes of the demo's hazards, as stories: who does what how many days after the finding. Pure.

Every state of docs/rules.md §1.4 is the end of one of them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from services.registry.hazards.commands import (
    AskExtension,
    DeclineListing,
    Delist,
    Fail,
    GrantExtension,
    JudgeMajor,
    List,
    Pass,
    Recheck,
    Report,
    StateSheet,
    Submit,
    Transfer,
)
from services.registry.hazards.following import Lapse
from services.registry.hazards.items import Item
from services.registry.hazards.moving import Command

EDITION: Final = "GB 35181-2025"
POLICE: Final = "A7-QT-D-PC"


class Who(StrEnum):
    WORKER = "worker"
    """The grid worker of the premises."""
    OFFICE = "office"
    """The street's fire safety office."""
    STATION = "station"
    """The police station."""
    LEADER = "leader"
    NOBODY = "nobody"
    """The platform, by itself."""


@dataclass(frozen=True, slots=True)
class Act:
    """`after` days from the finding `who` does it."""

    after: int
    who: Who
    command: Command


def stories(found: date) -> tuple[tuple[int, tuple[Act, ...]], ...]:
    """Each story's length in days, and what happens in it; for a hazard found on the local day `found`."""
    sheet = Act(
        1,
        Who.WORKER,
        StateSheet("停用并更换，由电工重新布线，加装漏电保护", funds="单位自筹", interim="断电并派人看守"),
    )
    submit = Act(6, Who.WORKER, Submit("已按要求整改，现场恢复原状"))
    passed = Act(8, Who.OFFICE, Pass())
    lapse = Act(16, Who.NOBODY, Lapse())
    transfer = Act(17, Who.OFFICE, Transfer(POLICE, "逾期未改，移交派出所依法处理"))
    rechecks = tuple(Act(17 + 6 * week, Who.STATION, Recheck("现场复查，仍未整改到位")) for week in (1, 2, 3))
    late = (Act(38, Who.WORKER, Submit("在派出所督促下整改完毕")), Act(40, Who.STATION, Pass()))
    major = Act(1, Who.OFFICE, JudgeMajor(EDITION, "消防控制室无法正常运行"))
    report = Act(2, Who.OFFICE, Report("A7", "泉消安报〔2026〕3号"))
    listed = Act(6, Who.LEADER, List(found + timedelta(days=60)))
    return (
        (9, (sheet, submit, passed)),
        (9, (submit, passed)),
        (16, (sheet, submit, Act(8, Who.OFFICE, Fail("开关仍未更换")), Act(13, Who.WORKER, Submit("开关已更换")), Act(15, Who.OFFICE, Pass()))),
        (42, (lapse, transfer, *rechecks, *late)),
        (7, (sheet, submit)),
        (4, (sheet,)),
        (10, (sheet, Act(9, Who.WORKER, AskExtension(found + timedelta(days=30), "配件需从厂家订货")))),
        (12, (Act(9, Who.WORKER, AskExtension(found + timedelta(days=35), "需停业施工")), Act(11, Who.LEADER, GrantExtension("同意延期，期间加强看守")))),
        (20, (lapse,)),
        (30, (lapse, transfer, *rechecks[:2])),
        (45, (major, report, listed, Act(40, Who.WORKER, Submit("消防控制室已恢复，双人值班")), Act(42, Who.OFFICE, Pass()), Act(44, Who.LEADER, Delist("复查合格")))),
        (10, (major, report, listed)),
        (4, (major, report)),
        (12, (major, report, Act(6, Who.LEADER, DeclineListing("已按一般隐患限期整改，暂不挂牌")))),
    )  # fmt: skip


FOUND: Final = (
    (Item.ELECTRICITY, "私拉乱接电线，插线板串接"), (Item.EVACUATION, "疏散通道堆放货物，宽度不足"),
    (Item.EXTINGUISHERS, "灭火器压力不足，未按期维修"), (Item.FACILITIES, "应急照明不亮，疏散指示标志损坏"),
    (Item.FIRE_USE, "厨房油烟管道长期未清洗"), (Item.GAS, "液化气瓶与灶具未保持安全距离，软管老化"),
    (Item.EVACUATION, "安全出口上锁"), (Item.ELECTRICITY, "电动自行车在室内充电"),
    (Item.OIL, "柴油桶露天存放，无防护"), (Item.FACILITIES, "室内消火栓无水，水带缺失"),
)  # fmt: skip
