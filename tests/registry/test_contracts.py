"""Units and posts keep the contracts that every aggregate keeps: of their store and of their API."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.registry.accounts.account import Account
from services.registry.accounts.store import Accounts
from services.registry.activities.activity import Activity, ActivityState
from services.registry.activities.activity import Outcome as ActivityOutcome
from services.registry.activities.activity import Plan as ActivityPlan
from services.registry.activities.kinds import ActivityKind, Target
from services.registry.activities.store import Activities
from services.registry.availability.leave import Kind as LeaveKind
from services.registry.availability.leave import Leave
from services.registry.availability.leave import State as LeaveState
from services.registry.availability.shift import Shift
from services.registry.availability.store import Leaves, Shifts
from services.registry.composition.facts import SealedFacts
from services.registry.composition.store import PeopleFacts
from services.registry.duties.duty import Duty, Last, Waiver
from services.registry.duties.duty import State as DutyState
from services.registry.duties.kinds import Act, Bearer, Outcome, Period
from services.registry.duties.plan import Plan, Terms
from services.registry.duties.store import Duties, Plans
from services.registry.hazards.store import Hazards
from services.registry.inspections.checklist_store import Checklists
from services.registry.inspections.store import Inspections
from services.registry.meetings.meeting import Addendum, Attendance, Call, Meeting, MeetingState, Record, Resolution
from services.registry.meetings.store import Meetings
from services.registry.posts.store import Posts
from services.registry.premises.file_entry import FileEntry
from services.registry.premises.file_store import FileEntries
from services.registry.premises.kinds import Category, Use
from services.registry.premises.premises import About, Premises
from services.registry.premises.store import Ledger
from services.registry.proposals.proposal import Proposal, Proposed, State
from services.registry.proposals.store import Proposals
from services.registry.restructuring.store import Restructurings
from services.registry.schema import tables
from services.registry.summary.numbers import COUNTS, Numbers
from services.registry.summary.period import named
from services.registry.summary.store import Summaries
from services.registry.summary.summary import Summary
from services.registry.summary.summary import make as make_summary
from services.registry.units.kinds import Kind
from services.registry.units.store import Units
from services.registry.units.unit import Unit
from shared.auth.principal import Role
from shared.change import Actor
from shared.clock import SetClock
from shared.ids import new_id
from shared.limits import LimitState, TimeLimit
from shared.worktime.limits import parse_limit
from tests.conftest import NOON
from tests.registry.accounts.people import account, person
from tests.registry.conftest import Registry
from tests.registry.hazards.cases import full_hazard, hazards_case
from tests.registry.inspections.cases import beside, full_checklist, full_inspection
from tests.registry.restructuring.cases import full_restructuring, restructurings_case
from tests.registry.toy_city import POSTS, SQUARE, TODAY, city_case, post, state
from tests.support.aggregate_contract import CHECKS, Case, Ground
from tests.support.api_contract import API_CHECKS, Api, ApiCase, Who
from tests.support.platform import wipe

pytestmark = pytest.mark.anyio


NOW = datetime(2026, 11, 18, 2, tzinfo=UTC)


def full_unit() -> Unit:
    code = f"R1-{new_id()}"
    full = state(
        code, Kind.DEPARTMENT, "R1", aliases=(f"{code}别名",), boundary=SQUARE, households=3, residents=7,
        functions=("tax",), serves=("R1",), valid_to=TODAY,
    )  # fmt: skip
    return Unit(new_id(), full, date(2026, 1, 2), 1)


def full_proposal() -> Proposal:
    unit = full_unit()
    changed = Proposed(3, unit.state, replace(unit.state, name="新名字"))
    return Proposal(
        id=new_id(), state=State.APPROVED, changes=(changed,), concerned=("R1-S", "R1-T"), decided_in="R1",
        proposed_by="P1", proposed_in="R1-T", proposed_at=NOW, why="以河为界", decided_by="P2", decided_at=NOW,
        answer="同意", version=1,
    )  # fmt: skip


def full_premises() -> Premises:
    made = new_id()
    about = About(
        "泉塘小学", Category.CROWDED, f"R1-{made}", "一路1号", key_unit=True, use=Use.SUSPENDED, small_kind="小学校",
        credit_code="91350100M000100Y43", longitude=113.01, latitude=28.01, purpose="教育", floor_area=350.5,
        floors_above=4, floors_below=1, people=900, opens="07:00", closes="18:00", closed_on=(6, 7), responsible="李红",
        responsible_phone="0731-1234567", manager="王强", manager_phone="13800000000",
    )  # fmt: skip
    return Premises(made, f"R1-S-C{made}", f"R1-S-{made}", about, 1)


def full_account() -> Account:
    names = {"person": f"P-{new_id()}", "user": f"u-{new_id()}", "phone": str(new_id())}
    return account(**names, password="hash", failures=3, must_change=True, paused_until=NOON)


def full_duty() -> Duty:
    do = TimeLimit("R1-S-01", parse_limit("35wh"), NOW, NOW, NOW, LimitState.SUSPENDED, NOW, NOW)
    last = Last("inspection", NOW, Outcome.LATE, new_id(), "JC-1", "补做")
    return Duty(
        new_id(), "R1-S-Z000001", "inspection", "每周检查", new_id(), True, Bearer.UNIT, new_id(), "R1-S",
        DutyState.PAUSED, do, last, Waiver("P1", "R1-S-01", NOW, "防汛", "仍要检查"), 1,
    )  # fmt: skip


def full_plan() -> Plan:
    terms = Terms(
        name="每周宣传日", bearer=Bearer.UNIT, period=Period.WEEKDAY, kinds=(Kind.COMMUNITY,), function="fire_safety",
        categories=(Category.SHOP,), key_units=True, purposes=("餐饮",), counts=(Act.PUBLICITY,), below=True, weekday=3,
        watched=True, on=False, rank=7, basis="办法", certainty="S",
    )  # fmt: skip
    return Plan(new_id(), f"duty_{new_id()}", "community", "R1-S", terms, 1)


def full_entry() -> FileEntry:
    return FileEntry(new_id(), new_id(), "key_parts", {"part": "厨房", "count": 2}, TODAY, TODAY, 1)


def full_leave() -> Leave:
    return Leave(
        new_id(), "P1", f"R1-{new_id()}", NOW, NOON, LeaveKind.SICK, "发烧", LeaveState.GRANTED,
        "P1", NOW, "P2", NOW, "好", 1,
    )  # fmt: skip


def full_shift() -> Shift:
    return Shift(new_id(), "R1", "leader", "P1", (1, 7), (TODAY,), "08:00", "20:00", TODAY, TODAY, 1)


def full_activity() -> Activity:
    made = new_id()
    plan = ActivityPlan(
        ActivityKind.PUBLICITY, f"R1-{made}", new_id(), "冬季防火", NOW, NOW + timedelta(hours=2), "社区广场", "入户宣传",
        "安监办", Target.FAMILIES, {"form": "入户宣传"},
    )  # fmt: skip
    outcome = ActivityOutcome(80, ("消防站", "派出所"), {"materials": 200})
    return Activity(made, f"R1-S-HD{made}", f"R1-S-{made}", ActivityState.HELD, plan, outcome, "R1-S-01", 1)


def full_meeting() -> Meeting:
    made = new_id()
    call = Call("R1-S", "四季度消防联席会议", NOW, "三楼会议室", "街道主任", ("通报火情",), ("R1-S-01", "R1-S-D-AJ"))
    record = Record(
        (Attendance("R1-S-01", "李红", True), Attendance("R1-S-D-AJ", "", False)),
        "会议要求……",
        (Resolution(new_id(), "清理楼道", "R1-S-01", "派出所", TODAY),),
    )
    added = (Addendum("第一条应为两周内", "P3", NOW),)
    return Meeting(made, f"R1-S-LH{made}", "R1-S", MeetingState.APPROVED, call, record, "P3", NOW, added, 1)


def full_summary() -> Summary:
    numbers = Numbers(by_category={"shop": 2}, **{name: at for at, name in enumerate(COUNTS, 1)})
    period = named("2026-11")
    return make_summary(new_id(), f"R1-{new_id()}", period, numbers, by=Actor("registry", "service"), now=NOW).after


STORES = (
    Case(Restructurings, tables, full_restructuring),
    Case(Units, tables, full_unit),
    Case(Proposals, tables, full_proposal),
    Case(Posts, tables, lambda: post(f"P-{new_id()}", "leader", "R1", valid_to=TODAY, premises_id=new_id())),
    Case(Ledger, tables, full_premises),
    Case(Accounts, tables, full_account),
    Case(FileEntries, tables, full_entry),
    Case(Summaries, tables, full_summary),
    Case(Hazards, tables, full_hazard),
    Case(Inspections, tables, full_inspection, beside),
    Case(Checklists, tables, full_checklist),
    Case(Duties, tables, full_duty),
    Case(Plans, tables, full_plan),
    Case(Leaves, tables, full_leave),
    Case(Shifts, tables, full_shift),
    Case(PeopleFacts, tables, lambda: SealedFacts(new_id(), f"P-{new_id()}", b"sealed", 1)),
    Case(Activities, tables, full_activity),
    Case(Meetings, tables, full_meeting),
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("case", STORES, ids=lambda case: case.store.kind)
async def test_the_store(case: Case, check: Any, module_engine: AsyncEngine, clock: SetClock) -> None:
    await wipe(module_engine, tables)
    await check(Ground(case, module_engine, clock))


async def units_case(registry: Registry) -> ApiCase:
    await registry.fill()
    body = {"kind": "community", "name": "新东塘社区", "parent": "R1-S", "valid_from": "2020-01-01"}
    path = "/units/R1-S-01"
    return city_case(
        one=path,
        many="/units",
        change=("PUT", path, body),
        malformed={**body, "kind": "village"},
        keeper=Who(Role.ADMIN, "R1-S"),
        name="code",
        open_to_all=True,
        without_version=409,
    )


async def posts_case(registry: Registry) -> ApiCase:
    await registry.fill()
    path = f"/posts/{POSTS[0].id}"
    return city_case(
        one=path,
        many="/posts",
        change=("POST", f"{path}/end", {"why": "调岗"}),
        malformed={"on": "2026-02-30"},
        unfit=Who(Role.GRID_WORKER, POSTS[0].unit),
    )


async def proposals_case(registry: Registry) -> ApiCase:
    await registry.fill()
    made = []
    for number in range(4):
        facts = {"kind": "department", "name": f"第{number}办公室", "parent": "R1-S", "valid_from": "2020-01-01"}
        change = {"code": f"R1-S-D-{number}", "unit": {**facts, "serves": ["R1"]}}
        body = {"changes": [change], "why": "统一受理"}
        made.append((await registry.call("POST", "/proposals", body, role=Role.LEADER, unit="R1-S")).json())
    path = f"/proposals/{made[0]['id']}"
    return city_case(
        one=path,
        many="/proposals",
        change=("POST", f"{path}/decline", {"why": "暂不"}),
        malformed={"why": ""},
        unfit=Who(Role.DISPATCHER, "R1"),
    )


async def premises_case(registry: Registry) -> ApiCase:
    await registry.fill()
    body = {"name": "泉塘小学", "category": "crowded", "unit": "R1-S-01-001", "address": "一路1号"}
    made = [(await registry.call("POST", "/premises", body | {"name": f"{at}号楼"})).json() for at in range(4)]
    path = f"/premises/{made[0]['id']}"
    return city_case(
        one=path,
        many="/premises",
        change=("PUT", path, body | {"people": 30}),
        malformed=body | {"category": "school"},
    )


async def activities_case(registry: Registry) -> ApiCase:
    await registry.fill()
    body = {"kind": "training", "unit": "R1-S-01-001", "starts_at": "2026-11-09T09:00:00+08:00"}
    body |= {"details": {"audience": "居民"}}
    made = [(await registry.call("POST", "/activities", body | {"title": f"第{at}课"})).json() for at in range(4)]
    path = f"/activities/{made[0]['id']}"
    return city_case(
        one=path,
        many="/activities",
        change=("POST", f"{path}/hold", {"people": 30}),
        malformed={"people": -1},
    )


async def duties_case(registry: Registry) -> ApiCase:
    await registry.fill()
    body = {"name": "泉塘小学", "category": "crowded", "unit": "R1-S-01-001", "address": "一路1号"}
    await registry.call("POST", "/premises", body)
    await registry.apply_plans()
    listed = await registry.get("/duties?unit=R1-S-01")
    path = f"/duties/{next(one['id'] for one in listed['items'] if one['duty'] == 'inspection')}"
    return city_case(
        one=path,
        many="/duties?area=R1-S-01",
        change=("POST", f"{path}/ask-waiver", {"why": "防汛"}),
        malformed={"why": ""},
    )


async def meetings_case(registry: Registry) -> ApiCase:
    await registry.fill()
    body = {"unit": "R1-S", "starts_at": "2026-11-17T09:00:00+08:00", "place": "三楼", "agenda": ["通报"]}
    body |= {"invited": ["R1-S-01"]}
    made = [(await registry.call("POST", "/meetings", body | {"title": f"第{at}次"})).json() for at in range(4)]
    path = f"/meetings/{made[0]['id']}"
    return city_case(
        one=path,
        many="/meetings",
        change=("PUT", f"{path}/record", {"attendance": [{"unit": "R1-S-01", "person": "李红"}]}),
        malformed={"attendance": []},
        unfit=Who(Role.GRID_WORKER, "R1-S"),
    )


async def plans_case(registry: Registry) -> ApiCase:
    await registry.fill()
    await registry.apply_plans()
    plan = (await registry.get("/duty-plans?duty=inspection"))["items"][0]
    path = f"/duty-plans/{plan['id']}"
    body = {"name": "每月检查", "bearer": "unit", "period": "monthly", "kinds": ["community"]}
    return city_case(
        one=path,
        many="/duty-plans",
        change=("PUT", path, body),
        malformed=body | {"period": "sometimes"},
        unfit=Who(Role.LEADER, "R1-S"),
        open_to_all=True,
    )


async def accounts_case(registry: Registry) -> ApiCase:
    await registry.fill()
    made = [await person(registry, f"user-{number}", person=f"N{number}") for number in range(4)]
    path = f"/accounts/{made[0].id}"
    return city_case(
        one=path,
        many="/accounts",
        change=("POST", f"{path}/lock", {"why": "离岗"}),
        malformed={"why": 1},
        keeper=Who(Role.ADMIN, "R1-S"),
        unfit=Who(Role.LEADER, "R1-S"),
    )


async def shifts_case(registry: Registry) -> ApiCase:
    await registry.fill()
    made = []
    for hour in range(4):
        body = {"unit": POSTS[0].unit, "role": "grid_worker", "weekdays": [1], "begins": f"0{hour}:00", "ends": "20:00"}
        made.append((await registry.call("POST", "/shifts", body)).json())
    path = f"/shifts/{made[0]['id']}"
    return city_case(
        one=path,
        many="/shifts",
        change=("POST", f"{path}/end", {"why": "调班"}),
        malformed={"on": "2026-02-30"},
        unfit=Who(Role.GRID_WORKER, POSTS[0].unit),
    )


APIS = {
    "restructurings": restructurings_case,
    "hazards": hazards_case,
    "units": units_case,
    "posts": posts_case,
    "premises": premises_case,
    "proposals": proposals_case,
    "duties": duties_case,
    "duty-plans": plans_case,
    "accounts": accounts_case,
    "shifts": shifts_case,
    "activities": activities_case,
    "meetings": meetings_case,
}


@pytest.mark.parametrize("check", API_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("case", APIS.values(), ids=APIS)
async def test_the_api(registry: Registry, case: Any, check: Any) -> None:
    await check(Api(registry.client, registry.token), await case(registry))
