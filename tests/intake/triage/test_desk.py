"""The desk of triage: what waits, who looks at it, and which category is likely."""

from datetime import timedelta

from shared.auth.principal import Role
from tests.intake.conftest import Intake
from tests.support.city import ELSEWHERE, STREET


async def waiting(intake: Intake, key: str = "k") -> str:
    return await intake.reported("说不清是什么事", key, unit=STREET)


async def test_a_claim_is_seen_by_others_until_it_is_given_back(intake: Intake) -> None:
    report = await waiting(intake)
    answer = await intake.post(f"/reports/{report}/claim", None)
    until = answer.json()["until"]
    assert (answer.status_code, answer.json()["by"]) == (200, f"intake_clerk@{STREET}")
    assert (await intake.get(f"/reports/{report}", role=Role.DISPATCHER, unit=STREET))["claim"] == answer.json()
    other = await intake.post(f"/reports/{report}/claim", None, role=Role.DISPATCHER)
    assert (other.status_code, other.json()["code"]) == (409, "report_claimed")
    again = await intake.post(f"/reports/{report}/claim", None)
    assert (again.status_code, again.json()["until"]) == (200, until)
    clerk, dispatcher = (intake.caller(role, STREET) for role in (Role.INTAKE_CLERK, Role.DISPATCHER))
    assert (await intake.client.delete(f"/reports/{report}/claim", headers=dispatcher)).status_code == 204
    assert (await intake.get(f"/reports/{report}"))["claim"] is not None, "only one's own claim is given back"
    assert (await intake.client.delete(f"/reports/{report}/claim", headers=clerk)).status_code == 204
    assert (await intake.get(f"/reports/{report}"))["claim"] is None


async def test_a_claim_ends_by_itself_after_half_an_hour_and_changes_no_version(intake: Intake) -> None:
    report = await waiting(intake)
    await intake.post(f"/reports/{report}/claim", None)
    intake.clock.advance(timedelta(minutes=30))
    shown = await intake.get(f"/reports/{report}")
    assert (shown["claim"], shown["version"]) == (None, 2)
    assert (await intake.post(f"/reports/{report}/claim", None, role=Role.DISPATCHER)).status_code == 200
    assert await intake.violations() == ()


async def test_only_what_waits_is_claimed_and_only_by_who_may_decide(intake: Intake) -> None:
    triaged = await intake.reported("星湖社区井盖坏了", "done", unit=STREET)
    refused = await intake.post(f"/reports/{triaged}/claim", None)
    assert (refused.status_code, refused.json()["code"]) == (409, "report_not_waiting")
    report = await waiting(intake)
    assert (await intake.post(f"/reports/{report}/claim", None, role=Role.GRID_WORKER)).status_code == 403
    assert (await intake.post(f"/reports/{report}/claim", None, unit=ELSEWHERE)).status_code == 404


async def test_queues_count_what_waits_in_the_callers_part(intake: Intake) -> None:
    one, *_ = [await waiting(intake, f"k{n}") for n in range(3)]
    await intake.post(f"/reports/{one}/claim", None)
    mine = await intake.get("/queues", role=Role.INTAKE_CLERK, unit=STREET)
    assert mine == {"needs_review": 3, "unclaimed": 2, "mine": 1}
    others = await intake.get("/queues", role=Role.DISPATCHER, unit="A7")
    assert others == {"needs_review": 3, "unclaimed": 2, "mine": 0}
    elsewhere = await intake.get("/queues", role=Role.INTAKE_CLERK, unit=ELSEWHERE)
    assert elsewhere == {"needs_review": 0, "unclaimed": 0, "mine": 0}


async def test_suggestions_name_the_likely_categories_and_keep_nothing(intake: Intake) -> None:
    before = await intake.counts()
    found = await intake.get("/suggestions", role=Role.RESIDENT, unit=STREET, text="路边井盖不见了")
    assert found["model"] == "keywords"
    assert found["items"][0] == {"category": "城乡建设", "confidence": 0.9}
    assert len(found["items"]) == 3
    assert await intake.counts() == before
