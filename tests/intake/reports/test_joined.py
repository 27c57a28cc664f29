"""同一问题 +1: a further person says the same as an open report: stored, counted, followed, and no work of its own."""

from uuid import UUID

import httpx2

from shared.auth.principal import Role
from tests.intake.conftest import Intake
from tests.intake.feedback.conftest import Resident
from tests.support.city import COMMUNITY, ELSEWHERE, GRID, INSIDE, STREET


async def join(intake: Intake, report: str, key: str = "k", unit: str = GRID, **body: object) -> httpx2.Response:
    headers = {**intake.caller(Role.GRID_WORKER, unit), "idempotency-key": key}
    return await intake.client.post(f"/reports/{report}/joined", json=body, headers=headers)


async def test_it_is_a_report_of_its_own_without_work_and_counts_once(intake: Intake) -> None:
    first = await intake.reported("井盖坏了", "first", unit=COMMUNITY, point=INSIDE)
    answers = [await join(intake, first), await join(intake, first)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    await intake.triage_by_rule(UUID(answers[0].json()["id"]))
    shown = await intake.get(f"/reports/{answers[0].json()['id']}")
    number = (await intake.get(f"/reports/{first}"))["number"]
    assert (shown["status"], shown["same_as"]) == ("duplicate", {"id": first, "number": number})
    assert (await intake.get(f"/reports/{first}"))["joined"] == 1
    again = await join(intake, answers[0].json()["id"], "k2", text="还没修")
    assert (await intake.get(f"/reports/{again.json()['id']}"))["same_as"]["id"] == first, "joining one that joined"
    told = [(kind, value.get("joined")) for kind, value in await intake.events()]
    assert [joined for kind, joined in told if kind == "gridgov.report.joined.v1"] == [1, 2]
    assert [kind for kind, _ in told].count("gridgov.report.triaged.v1") == 1
    assert not await intake.violations()


async def test_who_joined_follows_the_first_and_rates_it_without_anybodys_words(intake: Intake) -> None:
    answer = await intake.send("井盖坏了", "first", unit=STREET, point=INSIDE)
    first = Resident(intake, answer.json()["number"])
    await intake.triage_by_rule(UUID(answer.json()["id"]))
    receipt = (await join(intake, answer.json()["id"], reporter={"name": "王五"})).json()
    other = Resident(intake, receipt["number"], receipt["follow"]["secret"])
    good = {"contacted": False, "solved": "solved", "satisfied": "satisfied"}
    assert (await other.say("rating", **good)).status_code == 409
    await first.closed("换了新井盖")
    seen = await other.seen()
    assert (seen["status"], seen["result"], seen["may_rate"]) == ("closed", "换了新井盖", True)
    assert [step["who"]["en"] for step in seen["told"]][:2] == ["street staff", "the platform"]
    assert (await other.say("rating", **good)).json()["rating"]["solved"] == "solved"
    assert (await other.say("reopening", why="电话 13812345678 打不通")).json()["status"] == "reopened"
    theirs = await intake.get(f"/reports/{answer.json()['id']}/progress")
    assert theirs["told"][-1]["who"]["en"] == "another reporter"
    assert "打不通" not in str(theirs)


async def test_what_is_over_or_elsewhere_is_not_joined(intake: Intake) -> None:
    first = await intake.reported("说不清", "k", unit=STREET, point=INSIDE)
    assert (await join(intake, first, unit=ELSEWHERE)).status_code == 404
    body = {"decision": "reject", "why": "请向省公路局反映"}
    assert (await intake.post(f"/reports/{first}/triage", body, version=2)).status_code == 200
    answer = await join(intake, first, unit=STREET)
    assert (answer.status_code, answer.json()["code"]) == (409, "report_action_not_possible")
