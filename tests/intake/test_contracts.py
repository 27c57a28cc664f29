"""Reports keep the contracts that every aggregate keeps: of their store and of their API."""

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.intake.reports.lifecycle import Status
from services.intake.reports.report import (
    Category,
    Channel,
    Contents,
    DoubtfulTime,
    Placing,
    Report,
    ReviewReason,
    Same,
)
from services.intake.reports.store import Reports
from services.intake.schema import tables
from shared.auth.principal import Role
from shared.clock import SetClock
from shared.ids import new_id
from tests.conftest import NOON
from tests.intake.conftest import Intake
from tests.support.aggregate_contract import CHECKS, Case, Ground
from tests.support.api_contract import API_CHECKS, Api, ApiCase, Who
from tests.support.city import COMMUNITY, ELSEWHERE, STREET

pytestmark = pytest.mark.anyio


def full() -> Report:
    key = new_id()
    return Report(
        id=key,
        number=f"A7-QT-20261118-{key.int % 1_000_000:06d}",
        contents=Contents(
            channel=Channel.WINDOW,
            text="路边井盖不见了",
            title="井盖",
            told_category="城乡建设",
            longitude=113.05,
            latitude=28.05,
            point_radius=612.5,
            declared_point="113.05 28.05 GCJ-02",
            address="星湖社区12号",
            occurred_at=NOON - timedelta(hours=1),
            recorded_at=NOON,
            unread={"category": "天文"},
        ),
        street="A7-QT",
        home="A7-QT-01",
        status=Status.NEEDS_REVIEW,
        submitted_at=NOON,
        version=1,
        place=Placing("A7-QT-01-001", "point", 0.75),
        category=Category("城乡建设", 0.5, "model-1"),
        review_reasons=(ReviewReason.PLACE_UNCERTAIN, ReviewReason.CATEGORY_UNCERTAIN),
        doubtful_times=(DoubtfulTime.OCCURRED_AT,),
        triaged_at=NOON + timedelta(seconds=1),
        work_order="GD-1",
        work_order_version=3,
        hazard_id=new_id(),
        closings=1,
        closed_at=NOON + timedelta(days=1),
        joined=2,
        same_as=Same(key, "A7-QT-20261118-000001"),
    )


def beside() -> dict[str, object]:
    return {
        "caller": "clerk",
        "client_key": str(new_id()),
        "body_hash": b"h",
        "reporter": b"sealed",
        "follow_code": b"sealed",
    }


CASE = Case(Reports, tables, full, beside)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_reports_keep_the_contract_of_all_stores(check, module_engine: AsyncEngine, clock: SetClock) -> None:
    await check(Ground(CASE, module_engine, clock))


async def waiting_reports(intake: Intake) -> ApiCase:
    """Four that wait for a person, whose triage is the change."""
    ids = [await intake.reported("说不清是什么事", f"k{n}", unit=STREET) for n in range(4)]
    body = {"decision": "triage", "unit": COMMUNITY, "category": "民政"}
    return ApiCase(
        one=f"/reports/{ids[0]}",
        many="/reports",
        change=("POST", f"/reports/{ids[0]}/triage", body),
        malformed={**body, "unit": "一个单位"},
        keeper=Who(Role.INTAKE_CLERK, STREET),
        stranger=Who(Role.INTAKE_CLERK, ELSEWHERE),
        unfit=Who(Role.GRID_WORKER, STREET),
    )


@pytest.mark.parametrize("check", API_CHECKS, ids=lambda check: check.__name__)
async def test_the_api_of_reports_keeps_the_contract_of_all(check, intake: Intake) -> None:
    await check(Api(intake.client, intake.token), await waiting_reports(intake))
