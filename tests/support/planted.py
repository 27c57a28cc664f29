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
    post = await platform.clients["registry"].post(
        "/posts",
        json={"person": mark("person", staff=True), "role": "community_secretary", "unit": community},
        headers=staff(Role.ADMIN, street),
    )
    assert post.status_code == 201, post.text
    shift = await platform.clients["registry"].post(
        "/shifts", headers=staff(Role.ADMIN, street),
        json={"unit": community, "role": "community_secretary", "person": f"mark-person-{street}", "weekdays": [1],
              "begins": "08:00", "ends": "20:00"},
    )  # fmt: skip
    assert shift.status_code == 201, shift.text
    leave = await platform.clients["registry"].post(
        "/leave", headers=staff(Role.LEADER, street),
        json={"person": f"mark-person-{street}", "starts_at": "2026-11-25T09:00:00+08:00",
              "ends_at": "2026-11-26T09:00:00+08:00", "kind": "other", "reason": mark("leave", staff=True)},
    )  # fmt: skip
    assert leave.status_code == 201, leave.text
    facts = await platform.clients["registry"].put(
        f"/people/mark-person-{street}/facts", headers=staff(Role.LEADER, street),
        json={"born": "1980", "gender": "female", "why": mark("why-facts", staff=True)},
    )  # fmt: skip
    assert facts.status_code == 200, facts.text
    place.marks |= {shift.json()["id"], leave.json()["id"]}
    unit = await platform.get("registry", f"/units/{community}")
    said = {name: unit[name] for name in ("kind", "name", "parent", "valid_from")}
    changed = await platform.clients["registry"].put(
        f"/units/{community}", json={**said, "residents": 7, "why": mark("why-unit", staff=True)},
        headers={**staff(Role.LEADER, street), "if-match": '"1"'},
    )  # fmt: skip
    assert changed.status_code == 200, changed.text
    office = {"kind": "department", "name": "联合办", "parent": community[:-3], "valid_from": "2026-01-01"}
    wanted = {"code": f"{community[:-3]}-D-LH", "unit": {**office, "serves": [street, street[:2]]}}
    proposal = await platform.clients["registry"].post(
        "/proposals", json={"changes": [wanted], "why": mark("why-proposal", staff=True)},
        headers=staff(Role.LEADER, street),
    )  # fmt: skip
    assert proposal.status_code == 201, proposal.text
    renamed = {"kind": "rename", "units": [community], "name": mark("renamed", staff=True)}
    restructuring = await platform.clients["registry"].post(
        "/restructurings", headers=staff(Role.ADMIN, street),
        json={"effective_from": "2026-12-01", "steps": [renamed], "why": mark("why-plan", staff=True)},
    )  # fmt: skip
    assert restructuring.status_code == 201, restructuring.text
    place.marks.add(restructuring.json()["id"])
    account = await platform.clients["registry"].post(
        "/accounts", headers=staff(Role.ADMIN, street),
        json={"person": f"mark-person-{street}", "user": f"user-{street.lower()}", "name": mark("name", staff=True),
              "unit": street},
    )  # fmt: skip
    assert account.status_code == 201, account.text
    place.marks |= {proposal.json()["id"], account.json()["id"]}
    premises = await platform.clients["registry"].post(
        "/premises", headers=staff(Role.ADMIN, street),
        json={"name": mark("premises"), "category": "shop", "unit": community, "address": mark("address")},
    )  # fmt: skip
    assert premises.status_code == 201, premises.text
    entry = await platform.clients["registry"].post(
        f"/premises/{premises.json()['id']}/file", headers=staff(Role.ADMIN, street),
        json={"item": "key_parts", "values": {"part": mark("part")}},
    )  # fmt: skip
    assert entry.status_code == 201, entry.text
    neighbour = await platform.clients["registry"].post(
        "/premises", headers=staff(Role.ADMIN, street),
        json={"name": mark("neighbour"), "category": "shop", "unit": community, "address": "隔壁"},
    )  # fmt: skip
    assert neighbour.status_code == 201, neighbour.text
    await platform.apply_plans()
    duties = (await platform.get("registry", "/duties", area=street))["items"]
    place.marks |= {duty["id"] for duty in duties} | {duty["number"] for duty in duties}
    duty_plan = (await platform.get("registry", "/duty-plans"))["items"][0]
    hazard = await platform.clients["registry"].post(
        "/hazards", headers={**staff(Role.GRID_WORKER, street), "idempotency-key": mark("hazard-key")},
        json={"premises_id": premises.json()["id"], "item": "gas", "text": mark("hazard")},
    )  # fmt: skip
    assert hazard.status_code == 201, hazard.text
    place.marks |= {hazard.json()["id"], hazard.json()["number"]}
    place.of_premises = {f"mark-{what}-{street}" for what in ("premises", "address", "part", "hazard")}
    shown = (premises.json(), entry.json(), hazard.json())
    place.of_premises |= {one[name] for one in shown for name in ("id", "number") if name in one}
    own = [duty for duty in duties if duty["premises_id"] == premises.json()["id"]]
    place.of_premises |= {duty[name] for duty in own for name in ("id", "number")}
    activity = await platform.clients["registry"].post(
        "/activities", headers=staff(Role.ADMIN, street),
        json={"kind": "training", "unit": community, "title": mark("activity"), "starts_at": "2026-01-09T09:00:00+08:00",
              "organiser": mark("organiser", staff=True), "details": {"audience": "居民"}},
    )  # fmt: skip
    assert activity.status_code == 201, activity.text
    meeting = await platform.clients["registry"].post(
        "/meetings", headers=staff(Role.ADMIN, street),
        json={"unit": street, "title": mark("meeting"), "starts_at": "2026-01-09T09:00:00+08:00", "place": mark("room"),
              "agenda": [mark("agenda", staff=True)], "invited": [community]},
    )  # fmt: skip
    assert meeting.status_code == 201, meeting.text
    place.marks |= {meeting.json()["id"], meeting.json()["number"]}
    place.marks |= {activity.json()["id"], activity.json()["number"]}
    place.marks |= {neighbour.json()["id"], neighbour.json()["number"]}
    place.marks |= {entry.json()["id"], premises.json()["id"], premises.json()["number"]}
    keeper = staff(Role.ADMIN, street)
    signature = await uploaded(platform.clients["registry"], keeper, picture())
    inspection = await platform.clients["registry"].post(
        "/inspections", headers={**keeper, "idempotency-key": f"inspection-{street}"},
        json={"unit": community, "kind": "routine", "checklist": "seven_items", "checklist_version": 1,
              "made_at": platform.clock.now().isoformat(), "remark": mark("inspection"), "inspector_signature": signature,
              "answers": [{"question": str(number), "verdict": "pass"} for number in range(1, 8)]},
    )  # fmt: skip
    assert inspection.status_code == 201, inspection.text
    place.marks |= {inspection.json()["id"], inspection.json()["number"], signature}
    place.marks |= {photo, report_id, order["id"], order["number"], number, post.json()["id"]}
    place.marks |= {clock["id"] for clock in clocks}
    place.values = {
        "more": "2wd",
        "report_id": report_id,
        "work_order_id": order["id"],
        "clock_id": clocks[0]["id"],
        "file_id": photo,
        "post_id": post.json()["id"],
        "shift_id": shift.json()["id"],
        "leave_id": leave.json()["id"],
        "weekdays": [2],
        "begins": "09:00",
        "ends": "17:00",
        "starts_at": "2026-12-25T09:00:00+08:00",
        "ends_at": "2026-12-26T09:00:00+08:00",
        "premises_id": premises.json()["id"],
        "inspection_id": inspection.json()["id"],
        "checklist": "seven_items",
        "zh": "检查表",
        "en": "List",
        "source": "办法",
        "inspectors": ["street"],
        "questions": [{"no": "1", "group": "一", "text": "通道", "item": "evacuation"}],
        "checklist_version": 1,
        "made_at": "2026-11-18T09:00:00+08:00",
        "answers": [],
        "hazard_id": hazard.json()["id"],
        "measures": "清空",
        "until": "2026-12-01",
        "to": street,
        "document": "3号",
        "edition": "GB 35181-2025",
        "element": "5.1",
        "entry_id": entry.json()["id"],
        "activity_id": activity.json()["id"],
        "meeting_id": meeting.json()["id"],
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
        "restructuring_id": restructuring.json()["id"],
        "effective_from": "2026-12-01",
        "steps": [renamed],
        "codes": community,
        "proposal_id": proposal.json()["id"],
        "changes": [wanted | {"code": f"{community[:-3]}-D-L2"}],
        "unit": street,
        "street": street,
        "area": street,
        "parent": street,
        "root": street,
        "number": number,
        "thing_id": order["id"],
        "id": report_id,
        "person": f"mark-person-{street}",
        "subject": f"mark-person-{street}",
        "q": f"mark-person-{street}",
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
        "account_id": account.json()["id"],
        "user": f"user-{street.lower()}",
        "contacted": True,
        "solved": "solved",
        "satisfied": "satisfied",
        "password": "nobody's password",
        "new": "a password of ten characters",
        "post": post.json()["id"],
        "seal": "AAAA",
        "photos": ["01a208e7-07dc-72ee-907a-74b45aebbd97"],
    }
    return place
