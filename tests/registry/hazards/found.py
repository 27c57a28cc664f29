"""A hazard as it is found, people who act on it, and what they do to it, for the tests."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from services.registry.hazards.finding import Found, find
from services.registry.hazards.hazard import Grade, Hazard, Source, SourceKind
from services.registry.hazards.items import Item
from services.registry.hazards.moving import Command, Context, moved
from shared.change import Actor, Change
from shared.clock import local_day
from shared.ids import new_id
from shared.worktime.calendar import china
from tests.conftest import NOON

CHINA = china()
INSPECTOR = Actor("检查员", "grid_worker", "R1-S-01-001")
HANDLER = Actor("安监办", "department_handler", "R1-S-D-AJ")
LEADER = Actor("街道主任", "leader", "R1-S")
UNTIL = date(2026, 11, 25)
FOUND = Found(None, "R1-S-01-001", Item.EVACUATION, "安全出口堵塞", Source(SourceKind.TOLD), rectify_by=UNTIL)


def found(at: datetime = NOON, **more: Any) -> Change[Hazard]:
    hazard = new_id()
    return find(
        replace(FOUND, **more), id=hazard, number=f"YH-R1-S-20261118-{hazard.int % 1_000_000:06d}", origin=f"id:{hazard}",
        street="R1-S", premises=None, by=INSPECTOR, now=at, today=local_day(at),
    )  # fmt: skip


def done(hazard: Hazard, command: Command, by: Actor = HANDLER, at: datetime = NOON) -> Change[Hazard]:
    return moved(hazard, command, Context(by, at, local_day(at), CHINA))


def after(hazard: Hazard, *steps: tuple[Command, Actor], at: datetime = NOON) -> Hazard:
    for command, by in steps:
        hazard = done(hazard, command, by, at).after
    return hazard


def major(**more: Any) -> Hazard:
    return replace(found(**more).after, grade=Grade.MAJOR)
