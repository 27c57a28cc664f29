"""Every page in every state worth looking at: one row each. Each is looked at by axe, under the strict policy, and by
people (`make screenshots`). A new page adds its rows here.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, Route

from tests.support.site import Site, days_from_now
from tests.web.states import LONG, Row, Where, answer, empty, long_names, trouble


def quiet_day(where: Where, api: str) -> None:
    """Nothing today, nothing yesterday, for both questions of the board."""

    def answer(route: Route) -> None:
        real = route.fetch()
        body = {name: [] if isinstance(value, list) else value for name, value in real.json().items()}
        for day in ("today", "yesterday"):
            body[day] = {name: {} if isinstance(value, dict) else 0 for name, value in body[day].items()}
            body[day] |= {"on_time_rate": None} if "on_time_rate" in body[day] else {}
        route.fulfill(response=real, json=body)

    where.route(api, answer)


def outage(page: Page) -> None:
    """The numbers came once and then no more."""
    page.locator("[data-number=open] strong", has_text="…").wait_for(state="detached")
    page.route("**/board", lambda route: route.abort())
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator(".outage", has_text="▲").wait_for()


FOLLOWED = "**/intake/public/reports/A7-QT-20261129-000123"
TICKET = "follow/#number=A7-QT-20261129-000123&code=23456-789AB"


def told(**changed: Any) -> dict[str, Any]:
    """What a resident is told of a report, with what is `changed`."""
    step = {"at": "2026-11-29T01:30:00Z", "who": {"zh": "您", "en": "you"}, "why": None}
    return {
        "number": "A7-QT-20261129-000123", "status": "dispatched", "text": "路边井盖不见了，夜里看不清。", "address": "星湖社区三栋",
        "state": {"zh": "责任单位正在办理。", "en": "The unit responsible works on it."}, "unit": "泉塘街道城建办",
        "submitted_at": "2026-11-29T01:30:00Z", "result": None, "photos": [], "rating": None, "may_rate": False, "reopen_until": None,
        "promises": [
            {"what": {"zh": "责任单位接单", "en": "the unit takes it up"}, "due_at": "2020-11-29T06:00:00Z", "late": True},
            {"what": {"zh": "办理完成", "en": "it is dealt with"}, "due_at": "2099-12-04T09:30:00Z", "late": False},
        ],
        "told": [{**step, "what": {"zh": "提交了民情。", "en": "sent the report."}}],
        **changed,
    }  # fmt: skip


def follows(**changed: Any) -> Callable[[Where, str], None]:
    return lambda where, api: answer(where, api, 200, told(**changed))


CLOSED = {
    "status": "closed", "state": {"zh": "已办结。", "en": "Closed."}, "promises": [],
    "result": "已安装新井盖，并检查了整条路。", "may_rate": True, "reopen_until": "2099-12-14T09:30:00Z",
}  # fmt: skip
_RATED = {
    "contacted": False,
    "solved": "not",
    "satisfied": "not",
    "words": "没人来过",
    "rated_at": "2026-11-30T01:00:00Z",
}


def _triage(site: Site, text: str) -> str:
    """A report of `text`, open on the desk."""
    return f"desk/triage/{site.report(text)['id']}"


INBOX = "**/dispatch/inbox?*"
REPORTS = "**/intake/reports?*"
UNCLEAR = "请问这个事情应该找谁，希望尽快有人来看看"
"""Of this no rule can say what it is about."""
CLOCKS = "**/supervision/clocks?*"


def a_clock(site: Site) -> str:
    return f"desk/supervision/{site.get('/supervision/clocks', 'supervisor', limit=1)['items'][0]['id']}"


SUPERVISION: Sequence[Row] = (
    Row("desk-supervision", "desk/supervision", "supervisor"),
    Row("desk-supervision-empty", "desk/supervision", "supervisor", api=CLOCKS, told=empty),
    Row("desk-supervision-error", "desk/supervision", "supervisor", api=CLOCKS, told=trouble),
    Row("desk-supervision-long", "desk/supervision", "supervisor", api=CLOCKS, told=long_names("unit_name")),
    Row("desk-supervision-one", a_clock, "supervisor"),
    Row("desk-supervision-steps", "desk/supervision?tab=steps", "supervisor"),
)
FOLLOW: Sequence[Row] = (
    Row("follow", "follow/", None),
    Row("follow-refused", "follow/", None, then=lambda page: page.locator("button.primary").click()),
    Row("follow-look", "follow/#look", None),
    Row("follow-wrong", TICKET, None),
    Row("follow-error", TICKET, None, api=FOLLOWED, told=trouble),
    Row("follow-one", TICKET, None, api=FOLLOWED, told=follows()),
    Row("follow-empty", TICKET, None, api=FOLLOWED, told=follows(unit=None, promises=[], address="")),
    Row("follow-long", TICKET, None, api=FOLLOWED, told=follows(unit=LONG, text=LONG * 8, address=LONG)),
    Row("follow-closed", TICKET, None, api=FOLLOWED, told=follows(**CLOSED)),
    Row("follow-rated", TICKET, None, api=FOLLOWED, told=follows(**{**CLOSED, "rating": _RATED})),
)
UNITS: Sequence[Row] = (
    Row("desk-units", "desk/units", "leader"),
    Row("desk-units-found", "desk/units?q=qt", "leader"),
    Row("desk-units-empty", "desk/units?q=qt", "leader", api="**/registry/units?*", told=empty),
    Row("desk-units-error", "desk/units", "leader", api="**/registry/tree?*", told=trouble),
    Row("desk-units-long", "desk/units?q=qt", "leader", api="**/registry/units?*", told=long_names("name")),
    Row("desk-units-one", "desk/units/A7-QT", "leader"),
    Row(
        "desk-units-edit",
        "desk/units/A7-QT-01",
        "leader",
        then=lambda page: page.get_by_role("button", name=re.compile("修改别名|Edit|Change")).click(),
    ),
)
PLANS = "**/registry/restructurings?*"
RESTRUCTURING: Sequence[Row] = (
    Row("desk-restructuring", lambda site: f"desk/restructuring/{site.restructuring()['id']}", "leader"),
    Row(
        "desk-restructuring-new",
        "desk/restructuring/new",
        "leader",
        then=lambda page: page.locator("details.boundary summary").first.click(),
    ),
    Row("desk-restructuring-empty", "desk/restructuring", "leader", api=PLANS, told=empty),
    Row("desk-restructuring-error", "desk/restructuring", "leader", api=PLANS, told=trouble),
    Row("desk-restructuring-long", "desk/restructuring", "leader", api=PLANS, told=long_names("why")),
)
PREMISES = "**/registry/premises?*"
INSPECTIONS = "**/registry/inspections?*"


def an_inspection(site: Site) -> str:
    """One in the street, with something wrong, open on the desk."""
    unit = site.get("/registry/session", "grid_worker")["posts"][0]["unit"]["code"]
    answers = [{"question": str(no), "verdict": "fail" if no == 6 else "pass"} for no in range(1, 8)]
    told = {
        "unit": unit, "kind": "routine", "checklist": "seven_items", "checklist_version": 1, "answers": answers,
        "made_at": days_from_now(-1), "remark": "已当面告知", "inspector_signature": site.photo("registry", "grid_worker"),
        "findings": [{"item": "gas", "question": "6", "text": "液化气瓶放在楼道", "fixed_on_spot": True}],
    }  # fmt: skip
    made = site.post("/registry/inspections", told, "grid_worker", **{"idempotency-key": str(uuid4())})
    return f"desk/inspections/{made['id']}"


INSPECTING: Sequence[Row] = (
    Row("phone-inspections", "phone/inspections", "grid_worker"),
    Row("phone-inspections-empty", "phone/inspections", "grid_worker", api=PREMISES, told=empty),
    Row("phone-inspections-begin", "phone/inspections/area", "grid_worker"),
    Row(
        "phone-inspections-asking",
        "phone/inspections/area",
        "grid_worker",
        then=lambda page: (
            page.get_by_role("button", name=re.compile("开始检查|Begin")).click(),
            page.locator("button.verdict.bad").first.click(),
        ),
    ),
    Row("desk-inspections", an_inspection, "leader"),
    Row("desk-inspections-empty", "desk/inspections", "leader", api=INSPECTIONS, told=empty),
    Row("desk-inspections-error", "desk/inspections", "leader", api=INSPECTIONS, told=trouble),
    Row("desk-inspections-long", "desk/inspections", "leader", api=INSPECTIONS, told=long_names("premises")),
)


def a_file(site: Site) -> str:
    return f"desk/premises/{site.premises()['id']}"


LEDGER: Sequence[Row] = (
    Row("phone-premises-empty", "phone/premises", "grid_worker", api=PREMISES, told=empty),
    Row("phone-premises", lambda site: f"phone/premises/{site.premises()['id']}", "grid_worker"),
    Row("desk-premises-empty", "desk/premises", "leader", api=PREMISES, told=empty),
    Row("desk-premises-error", "desk/premises", "leader", api=PREMISES, told=trouble),
    Row("desk-premises-long", "desk/premises", "leader", api=PREMISES, told=long_names("name", "unit_name", "address")),
    Row("desk-premises", a_file, "leader"),
    Row("desk-premises-new", "desk/premises/new", "leader"),
    Row(
        "desk-premises-write",
        a_file,
        "leader",
        then=lambda page: page.locator("[data-item=extinguishers] button").first.click(),
    ),
)
DUTIES, MINE = "**/registry/duties?*", "**/registry/duties/mine?*"
REGULAR: Sequence[Row] = (
    Row("desk-duties", "desk/duties", "leader", then=lambda page: page.locator("main tbody [role=row]").first.click()),
    Row("desk-duties-empty", "desk/duties", "leader", api=DUTIES, told=empty),
    Row("desk-duties-error", "desk/duties", "leader", api=DUTIES, told=trouble),
    Row("desk-duties-long", "desk/duties", "leader", api=DUTIES, told=long_names("name", "unit_name", "premises_name")),
    Row("desk-duties-month", "desk/duties?view=calendar&unit=A7-QT-01", "leader"),
    Row("desk-duties-plans", "desk/duties?view=plans", "leader"),
    Row("phone-duties", "phone/duties", "grid_worker"),
    Row("phone-duties-empty", "phone/duties", "grid_worker", api=MINE, told=empty),
)
POSTS = "**/registry/posts?*"


def adding(page: Page) -> None:
    """The form for a new one, in whatever language."""
    page.locator(".bar .button.primary").click()


PEOPLE: Sequence[Row] = (
    Row("desk-people", "desk/people?tab=posts", "leader"),
    Row("desk-people-empty", "desk/people?tab=posts", "leader", api=POSTS, told=empty),
    Row("desk-people-error", "desk/people?tab=posts", "leader", api=POSTS, told=trouble),
    Row("desk-people-long", "desk/people?tab=posts", "leader", api=POSTS, told=long_names("name", "unit_name")),
    Row("desk-people-appoint", "desk/people?tab=posts", "leader", then=adding),
    Row("desk-people-leave", "desk/people?tab=leave", "leader", then=adding),
    Row("desk-people-shifts", "desk/people?tab=shifts", "leader", then=adding),
    Row("desk-people-coverage", "desk/people?tab=coverage", "leader"),
    Row("desk-people-composition", "desk/people?tab=composition", "leader"),
    Row("desk-people-facts", "desk/people?tab=facts", "leader"),
)
HAZARDS = "**/registry/hazards?*"


def a_hazard(site: Site) -> str:
    return f"desk/hazards/{site.hazard()['id']}"


PLACE: Sequence[Row] = (
    Row("phone-place", "phone/place", "safety_manager"),
    Row("phone-place-empty", "phone/place", "safety_manager", api="**/registry/hazards?*", told=empty),
    Row("phone-place-error", "phone/place", "safety_manager", api="**/registry/hazards?*", told=trouble),
    Row("phone-place-duties", "phone/duties", "safety_manager"),
    Row("phone-activities-empty", "phone/activities", "safety_manager", api="**/registry/activities?*", told=empty),
    Row(
        "phone-activities",
        "phone/activities",
        "safety_manager",
        then=lambda page: page.locator("header button").click(),
    ),
)
HAZARD_ROWS: Sequence[Row] = (
    Row("desk-hazards-empty", "desk/hazards", "leader", api=HAZARDS, told=empty),
    Row("desk-hazards-error", "desk/hazards", "leader", api=HAZARDS, told=trouble),
    Row("desk-hazards-long", a_hazard, "leader", api=HAZARDS, told=long_names("text", "place", "unit_name")),
    Row("desk-hazards-new", "desk/hazards/new", "leader"),
    Row("desk-hazards", a_hazard, "leader", then=lambda page: page.locator(".actions button").first.click()),
    Row("phone-hazards-empty", "phone/hazards", "grid_worker", api=HAZARDS, told=empty),
    Row("phone-hazards", lambda site: f"phone/hazards/{site.hazard()['id']}", "grid_worker"),
)
SUMMARY = "**/registry/summary?*"
SUMMARIES: Sequence[Row] = (
    Row("desk-summary", "desk/summary?unit=A7-QT", "leader"),
    Row("desk-summary-error", "desk/summary?unit=A7-QT", "leader", api=SUMMARY, told=trouble),
    Row("desk-summary-long", "desk/summary?unit=A7-QT", "leader", api=SUMMARY, told=long_names("name")),
)
ACCOUNTS = "**/registry/accounts?*"
CHECKLISTS = "**/registry/checklists/kept"
SETTINGS: Sequence[Row] = (
    Row("desk-settings", "desk/settings", "admin"),
    Row("desk-settings-empty", "desk/settings", "admin", api=ACCOUNTS, told=empty),
    Row("desk-settings-error", "desk/settings", "admin", api=ACCOUNTS, told=trouble),
    Row("desk-settings-long", "desk/settings", "admin", api=ACCOUNTS, told=long_names("name", "unit")),
    Row(
        "desk-settings-one",
        "desk/settings",
        "admin",
        then=lambda page: page.locator("main tbody [role=row]").first.click(),
    ),
    Row(
        "desk-settings-make",
        "desk/settings",
        "admin",
        then=lambda page: page.get_by_role("button", name=re.compile("新建账号|New account")).click(),
    ),
    Row("desk-settings-password", "desk/settings"),
    Row("desk-settings-checklists", "desk/settings?tab=checklists&list=police_committee_form"),
    Row("desk-settings-checklists-new", "desk/settings?tab=checklists&list=new", "admin"),
    Row("desk-settings-checklists-error", "desk/settings?tab=checklists", "admin", api=CHECKLISTS, told=trouble),
    Row("desk-settings-catalogue", "desk/settings?tab=catalogue"),
    Row("desk-settings-calendar", "desk/settings?tab=calendar"),
)
ACTIVITIES = "**/registry/activities?*"
MEETINGS = "**/registry/meetings?*"


def an_activity(site: Site) -> str:
    body = {
        "kind": "publicity", "unit": "A7-QT-01", "title": f"119 进家庭 {uuid4().hex[:6]}", "target": "families",
        "starts_at": days_from_now(-20), "details": {"form": "入户宣传"}, "content": "用电用气安全",
        "outcome": {"people": 120, "departments": ["消防站"], "results": {"materials": 300}},
    }  # fmt: skip
    return f"desk/activities/{site.post('/registry/activities', body, 'leader')['id']}"


def a_meeting(site: Site) -> str:
    """Held and recorded; its minutes wait for the leader."""
    call = {
        "unit": "A7-QT", "title": f"冬季消防联席会议 {uuid4().hex[:6]}", "starts_at": days_from_now(-20), "place": "三楼会议室",
        "chair": "街道主任", "agenda": ["通报火情", "部署冬防"], "invited": ["A7-QT-01"],
    }  # fmt: skip
    path = f"/registry/meetings/{site.post('/registry/meetings', call, 'leader')['id']}"
    record = {
        "attendance": [{"unit": "A7-QT-01", "person": "李红"}], "minutes": "会议听取了近期火情通报，研究了冬季防火工作。",
        "resolutions": [{"text": "清理楼道杂物", "lead_unit": "A7-QT-01", "deadline": days_from_now(60)[:10]}],
    }  # fmt: skip
    site.put(f"{path}/record", record, "leader", **{"if-match": '"1"'})
    return path.replace("/registry", "desk")


LEDGERS: Sequence[Row] = (
    Row("desk-activities-one", an_activity, "leader"),
    Row("desk-activities", "desk/activities?view=calendar&month=2026-11", "leader"),
    Row("desk-activities-empty", "desk/activities", "leader", api=ACTIVITIES, told=empty),
    Row("desk-activities-error", "desk/activities", "leader", api=ACTIVITIES, told=trouble),
    Row("desk-activities-long", "desk/activities", "leader", api=ACTIVITIES, told=long_names("title", "unit_name")),
    Row(
        "desk-activities-new",
        "desk/activities/new",
        "leader",
        then=lambda page: page.locator(".check input").check(),
    ),
    Row("desk-meetings", a_meeting, "leader"),
    Row("desk-meetings-empty", "desk/meetings", "leader", api=MEETINGS, told=empty),
    Row("desk-meetings-error", "desk/meetings", "leader", api=MEETINGS, told=trouble),
    Row("desk-meetings-long", "desk/meetings", "leader", api=MEETINGS, told=long_names("title", "unit_name")),
    Row("desk-meetings-new", "desk/meetings/new", "leader"),
    Row(
        "desk-meetings-record",
        a_meeting,
        "leader",
        then=lambda page: page.locator(".thing .buttons .button").nth(1).click(),
    ),
)
ROWS: Sequence[Row] = (
    Row("phone-sign-in", "phone/sign-in", None),
    Row("phone-report", "phone/report", "grid_worker"),
    Row("phone-tasks", "phone/tasks", "grid_worker"),
    Row("phone-checks", "phone/checks", "grid_worker"),
    Row("phone-mine", "phone/mine", "grid_worker"),
    Row("phone-outbox", "phone/outbox", "grid_worker"),
    Row("desk-sign-in", "desk/sign-in", None),
    Row("desk-inbox", "desk/inbox"),
    Row("desk-inbox-empty", "desk/inbox", api=INBOX, told=empty),
    Row("desk-inbox-error", "desk/inbox", api=INBOX, told=trouble),
    Row("desk-inbox-long", "desk/inbox", api=INBOX, told=long_names("title", "name")),
    Row("desk-inbox-one", lambda site: f"desk/inbox/{site.work_order()['id']}"),
    Row(
        "desk-inbox-act",
        lambda site: f"desk/inbox/{site.work_order()['id']}",
        then=lambda page: page.locator(".actions button").first.click(),
    ),
    Row("desk-reports", "desk/reports"),
    Row("desk-reports-empty", "desk/reports", api=REPORTS, told=empty),
    Row("desk-reports-error", "desk/reports", api=REPORTS, told=trouble),
    Row("desk-triage-empty", "desk/triage", api=REPORTS, told=empty),
    Row("desk-triage-error", "desk/triage", api=REPORTS, told=trouble),
    Row("desk-triage-long", lambda site: _triage(site, UNCLEAR * 20)),
    Row("desk-triage", lambda site: _triage(site, UNCLEAR)),
    Row(
        "desk-triage-reject",
        lambda site: _triage(site, UNCLEAR),
        then=lambda page: page.get_by_role("button", name=re.compile("不予受理|Reject")).click(),
    ),
    Row("desk-assign-empty", "desk/assign", api=INBOX, told=empty),
    Row("desk-assign-error", "desk/assign", api=INBOX, told=trouble),
    Row(
        "desk-assign-long",
        lambda site: f"desk/assign/{site.returned()['id']}",
        api=INBOX,
        told=long_names("title", "text", "returned_why"),
    ),
    Row("desk-assign", lambda site: f"desk/assign/{site.returned()['id']}"),
    *SUPERVISION,
    *UNITS,
    *INSPECTING,
    *RESTRUCTURING,
    *LEDGER,
    *HAZARD_ROWS,
    *PLACE,
    *SUMMARIES,
    *REGULAR,
    *PEOPLE,
    *LEDGERS,
    *SETTINGS,
    Row("board", "board/", "leader"),
    Row("board-county", "board/", "county"),
    Row("board-empty", "board/", "leader", api="**/board", told=quiet_day),
    Row("board-error", "board/", "leader", api="**/board", told=trouble),
    Row("board-outage", "board/", "leader", then=outage),
    *FOLLOW,
)
