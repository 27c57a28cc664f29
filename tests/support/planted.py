"""Two streets with a report, a work order, a post, premises and all else that routes show, each full of marks: whoever sees
a mark of the other street has seen too much."""

from dataclasses import dataclass, field
from typing import Any

from shared.auth.principal import Role
from tests.shared.files.pictures import picture
from tests.support.city import COMMUNITY, ELSEWHERE, STREET
from tests.support.gridgov import GridGov
from tests.support.tus import uploaded

PARTS = {STREET: ("星湖社区油烟", COMMUNITY), ELSEWHERE: ("东塘社区油烟", "A3-LW-01")}


@dataclass(slots=True)
class Place:
    """What was planted in one street: what names it in paths, queries and bodies, and the marks."""

    street: str
    values: dict[str, Any] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)
    of_staff: set[str] = field(default_factory=set)
    of_premises: set[str] = field(default_factory=set)
    """Those that the safety manager of the premises sees, too."""

    def value(self, name: str) -> Any:
        assert name in self.values, f"say in `plant` what {name!r} is, else routes with it go untested"
        return self.values[name]


async def plant(platform: GridGov, street: str) -> Place:
    text, community = PARTS[street]
    place = Place(street)

    def mark(what: str, *, staff: bool = False) -> str:
        made = f"mark-{what}-{street}"
        (place.of_staff if staff else place.marks).add(made)
        return made

    def staff(role: Role, unit: str | None = None) -> dict[str, str]:
        return platform.caller(role, unit, subject=mark(f"{role}", staff=True))

    resident = mark("resident")
    body = {
        "text": f"{text} {mark('text')}", "channel": "resident", "title": mark("title"),
        "reporter": {"name": mark("reporter")},
    }  # fmt: skip
    client, reporter = platform.clients["intake"], platform.caller(Role.RESIDENT, street, resident)
    body["photos"] = [photo := await uploaded(client, reporter, picture())]
    report = await platform.clients["intake"].post(
        "/reports",
        json=body,
        headers={**platform.caller(Role.RESIDENT, street, resident), "idempotency-key": mark("key")},
    )
    assert report.status_code == 201, report.text
    await platform.drain()
    report_id, number = report.json()["id"], report.json()["number"]
    why = await platform.clients["intake"].post(
        f"/reports/{report_id}/reporter", json={"why": mark("why", staff=True)},
        headers={**staff(Role.INTAKE_CLERK, street), "if-match": '"2"'},
    )  # fmt: skip
    assert why.status_code == 200, why.text
    order = await platform.work_order(report_id)
    accepted = await platform.act(
        order, "accept", Role.DEPARTMENT_HANDLER, order["lead_unit"], subject=mark("handler", staff=True)
    )
    assert accepted.status_code == 200, accepted.text
    await platform.drain()
    running = (await platform.get("supervision", "/clocks"))["items"]
    clocks = [clock for clock in running if order["id"] in clock.values()]
    registry = platform.clients["registry"]

    async def made(path: str, role: Role, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        """A thing that this role of the street makes: its id and number are marks."""
        answer = await registry.post(path, json=body, headers=staff(role, street) | headers)
        assert answer.status_code == 201, answer.text
        thing: dict[str, Any] = answer.json()
        place.marks |= {thing[name] for name in ("id", "number") if name in thing}
        return thing

    person = mark("person", staff=True)
    post = await made("/posts", Role.ADMIN, {"person": person, "role": "community_secretary", "unit": community})
    hours = {"weekdays": [1], "begins": "08:00", "ends": "20:00"}
    shift = await made(
        "/shifts", Role.ADMIN, {"unit": community, "role": "community_secretary", "person": person, **hours}
    )
    times = {"starts_at": "2026-11-25T09:00:00+08:00", "ends_at": "2026-11-26T09:00:00+08:00"}
    leave = {"person": person, "kind": "other", "reason": mark("leave", staff=True), **times}
    leave = await made("/leave", Role.LEADER, leave)
    facts = await registry.put(
        f"/people/{person}/facts", headers=staff(Role.LEADER, street),
        json={"born": "1980", "gender": "female", "why": mark("why-facts", staff=True)},
    )  # fmt: skip
    assert facts.status_code == 200, facts.text
    unit = await platform.get("registry", f"/units/{community}")
    said = {name: unit[name] for name in ("kind", "name", "parent", "valid_from")}
    changed = await registry.put(
        f"/units/{community}", json={**said, "residents": 7, "why": mark("why-unit", staff=True)},
        headers={**staff(Role.LEADER, street), "if-match": '"1"'},
    )  # fmt: skip
    assert changed.status_code == 200, changed.text
    office = {"kind": "department", "name": "联合办", "parent": community[:-3], "valid_from": "2026-01-01"}
    wanted = {"code": f"{community[:-3]}-D-LH", "unit": {**office, "serves": [street, street[:2]]}}
    why = mark("why-proposal", staff=True)
    proposal = await made("/proposals", Role.LEADER, {"changes": [wanted], "why": why})
    renamed = {"kind": "rename", "units": [community], "name": mark("renamed", staff=True)}
    plan = {"effective_from": "2026-12-01", "steps": [renamed], "why": mark("why-plan", staff=True)}
    restructuring = await made("/restructurings", Role.ADMIN, plan)
    account = {"person": person, "user": f"user-{street.lower()}", "name": mark("name", staff=True), "unit": street}
    account = await made("/accounts", Role.ADMIN, account)
    shop = {"category": "shop", "unit": community}
    premises = {"name": mark("premises"), "address": mark("address"), **shop}
    premises = await made("/premises", Role.ADMIN, premises)
    entry = {"item": "key_parts", "values": {"part": mark("part")}}
    entry = await made(f"/premises/{premises['id']}/file", Role.ADMIN, entry)
    await made("/premises", Role.ADMIN, {"name": mark("neighbour"), "address": "隔壁", **shop})
    await platform.apply_plans()
    duties = (await platform.get("registry", "/duties", area=street))["items"]
    place.marks |= {duty["id"] for duty in duties} | {duty["number"] for duty in duties}
    duty_plan = (await platform.get("registry", "/duty-plans"))["items"][0]
    hazard = {"premises_id": premises["id"], "item": "gas", "text": mark("hazard")}
    hazard = await made("/hazards", Role.GRID_WORKER, hazard, **{"idempotency-key": mark("hazard-key")})
    place.of_premises = {f"mark-{what}-{street}" for what in ("premises", "address", "part", "hazard")}
    own = [duty for duty in duties if duty["premises_id"] == premises["id"]]
    of_premises = (premises, entry, hazard, *own)
    place.of_premises |= {one[name] for one in of_premises for name in ("id", "number") if name in one}
    at = {"starts_at": "2026-01-09T09:00:00+08:00"}
    activity = {"kind": "training", "unit": community, "title": mark("activity"), "details": {"audience": "居民"}, **at}
    activity = await made("/activities", Role.ADMIN, activity | {"organiser": mark("organiser", staff=True)})
    meeting = {"unit": street, "title": mark("meeting"), "place": mark("room"), "invited": [community], **at}
    meeting = await made("/meetings", Role.ADMIN, meeting | {"agenda": [mark("agenda", staff=True)]})
    signature = await uploaded(registry, staff(Role.ADMIN, street), picture())
    answers = [{"question": str(number), "verdict": "pass"} for number in range(1, 8)]
    inspection = {"unit": community, "kind": "routine", "checklist": "seven_items", "checklist_version": 1}
    inspection |= {"made_at": platform.clock.now().isoformat(), "remark": mark("inspection"), "answers": answers}
    inspection |= {"inspector_signature": signature}
    inspection = await made("/inspections", Role.ADMIN, inspection, **{"idempotency-key": f"inspection-{street}"})
    place.marks |= {photo, signature, report_id, order["id"], order["number"], number}
    place.marks |= {clock["id"] for clock in clocks}
    place.values = {
        "more": "2wd",
        "report_id": report_id,
        "work_order_id": order["id"],
        "clock_id": clocks[0]["id"],
        "file_id": photo,
        "post_id": post["id"],
        "shift_id": shift["id"],
        "leave_id": leave["id"],
        "weekdays": [2],
        "begins": "09:00",
        "ends": "17:00",
        "starts_at": "2026-12-25T09:00:00+08:00",
        "ends_at": "2026-12-26T09:00:00+08:00",
        "premises_id": premises["id"],
        "inspection_id": inspection["id"],
        "checklist": "seven_items",
        "zh": "检查表",
        "en": "List",
        "source": "办法",
        "inspectors": ["street"],
        "questions": [{"no": "1", "group": "一", "text": "通道", "item": "evacuation"}],
        "checklist_version": 1,
        "made_at": "2026-11-18T09:00:00+08:00",
        "answers": [],
        "hazard_id": hazard["id"],
        "measures": "清空",
        "until": "2026-12-01",
        "to": street,
        "document": "3号",
        "edition": "GB 35181-2025",
        "element": "5.1",
        "entry_id": entry["id"],
        "activity_id": activity["id"],
        "meeting_id": meeting["id"],
        "place": "三楼会议室",
        "agenda": ["通报火情"],
        "invited": [community],
        "attendance": [{"unit": community}],
        "title": "冬季防火",
        "people": 30,
        "item": "key_parts",
        "duty_id": duties[0]["id"],
        "plan_id": duty_plan["id"],
        "duty": "fire_check",
        "variant": "own",
        "bearer": "premises",
        "period": "monthly",
        "period_name": "2026-11",
        "month": "2026-11",
        "since": "2026-11-01",
        "values": {"part": "厨房"},
        "category": "shop",
        "address": "一路1号",
        "code": community,
        "type": "Feature",
        "geometry": None,
        "restructuring_id": restructuring["id"],
        "effective_from": "2026-12-01",
        "steps": [renamed],
        "codes": community,
        "proposal_id": proposal["id"],
        "changes": [wanted | {"code": f"{community[:-3]}-D-L2"}],
        "unit": street,
        "street": street,
        "area": street,
        "parent": street,
        "root": street,
        "number": number,
        "thing_id": order["id"],
        "id": report_id,
        "person": person,
        "subject": person,
        "q": person,
        "below": "true",
        "action": "accept",
        "items": [{"id": order["id"], "version": 1}],
        "why": "说明",
        "result": "已处理",
        "text": "井盖",
        "longitude": 113.05,
        "latitude": 28.05,
        "role": "grid_worker",
        "lead_unit": order["lead_unit"],
        "kind": "community",
        "name": "某社区",
        "valid_from": "2026-01-01",
        "account_id": account["id"],
        "user": f"user-{street.lower()}",
        "contacted": True,
        "solved": "solved",
        "satisfied": "satisfied",
        "password": "nobody's password",
        "new": "a password of ten characters",
        "post": post["id"],
        "seal": "AAAA",
        "photos": ["01a208e7-07dc-72ee-907a-74b45aebbd97"],
    }
    return place
