"""Hazards for the contracts that every aggregate keeps: one with all its fields, and the API."""

from dataclasses import replace
from datetime import timedelta

from services.registry.hazards.hazard import Criteria, Extension, Hazard, Sheet, Source, SourceKind
from services.registry.hazards.lifecycle import Listing
from shared.auth.principal import Role
from shared.ids import new_id
from shared.limits import LimitState, start_until
from tests.conftest import NOON
from tests.registry.conftest import Registry
from tests.registry.hazards.found import found
from tests.registry.toy_city import TODAY
from tests.support.api_contract import ApiCase, Who


def full_hazard() -> Hazard:
    """One with a value in every field that is no default."""
    made = found(criteria=Criteria("GB 35181-2025", "5.1")).after
    running = start_until("R1-S-D-PC", NOON + timedelta(days=7), NOON)
    limit = replace(running, state=LimitState.FULFILLED, suspended_at=NOON, ended_at=NOON)
    return replace(
        made, premises_id=new_id(), source=Source(SourceKind.REPORT, new_id(), "R1-S-20261118-000001"), rectify=limit,
        recheck=limit, decide=limit, sheet=Sheet("清空", "后勤", "王强", "500 元", "专人看守", "李红", new_id()),
        asked=Extension("P1", NOON, TODAY, "等材料"), extensions=1, rectified_by="P1", result="已清空", failed=1,
        failed_why="仍有杂物", failed_version=3, transferred_to="R1-S-D-PC", rechecks=2, listing=Listing.LISTED,
        reported_to="R1", document="3号", listed_until=TODAY, order_number="GD-1", order_version=4, closed_at=NOON,
        report_photos=(new_id(),),
    )  # fmt: skip


async def hazards_case(registry: Registry) -> ApiCase:
    await registry.fill()
    body = {"unit": "R1-S-01-001", "item": "evacuation", "text": "安全出口堵塞"}
    made = []
    for at in range(4):
        headers = {"authorization": f"Bearer {registry.token(Role.ADMIN)}", "idempotency-key": f"h-{at}"}
        made.append((await registry.client.post("/hazards", json=body, headers=headers)).json())
    path = f"/hazards/{made[0]['id']}"
    return ApiCase(
        one=path,
        many="/hazards",
        change=("POST", f"{path}/submit", {"result": "已清空"}),
        malformed={"result": ""},
        keeper=Who(Role.LEADER, "R1-S"),
        stranger=Who(Role.LEADER, "R1-S-02"),
        unfit=Who(Role.DISPATCHER, "R1-S"),
    )
