"""A report follows its work order by the work order's versions: late, repeated and foreign moves change nothing, and
a move makes up for those before it that never came.
"""

from collections.abc import Sequence
from uuid import UUID

import pytest

from services.intake.reports.follow_work_order import follow_work_orders
from services.intake.reports.lifecycle import Status
from services.intake.triage.decide_triage import Decision, decide_triage
from shared.auth.principal import Principal, Role
from shared.bus.batch import Batch
from shared.events.codec import Envelope
from shared.events.dispatch.work_orders import WorkOrderEvent, WorkOrderMoved, WorkOrderOpened
from shared.ids import new_id
from tests.conftest import NOON
from tests.intake.conftest import Intake, submission

LIFE = ["open", "accept", "start", "resolve", "rework", "resolve", "verify", "close"]
AGAIN = [*LIFE, "reopen", "resolve", "verify", "close"]


def told(report: UUID, action: str, version: int) -> Envelope[WorkOrderEvent]:
    facts = {
        "work_order_id": report, "number": "GD-1", "sources": ({"kind": "report", "id": report, "number": "1"},),
        "state": "?", "area": "A7", "street": "A7", "lead_unit": "D", "priority": "normal", "category": "c", "limits": {},
        "at": NOON, "version": version,
    }  # fmt: skip
    if action == "open":
        return Envelope(new_id(), WorkOrderOpened(rule="r", catalogue="1", **facts))
    return Envelope(new_id(), WorkOrderMoved(action=action, previous="?", **facts))


def life(report: UUID, actions: Sequence[str] = LIFE) -> list[Envelope[WorkOrderEvent]]:
    return [told(report, action, version) for version, action in enumerate(actions, 1)]


async def follow(intake: Intake, *envelopes: Envelope[WorkOrderEvent]) -> None:
    async with intake.uow() as uow:
        await follow_work_orders(Batch(envelopes), uow)


async def test_a_whole_life_in_one_batch_or_event_by_event_ends_the_same(intake: Intake) -> None:
    at_once, one_by_one = await intake.triaged(submission("k"), submission("l"))
    await follow(intake, *life(at_once))
    for envelope in life(one_by_one):
        await follow(intake, envelope)
    for report_id in (at_once, one_by_one):
        report = await intake.report(report_id)
        assert (report.status, report.work_order, report.work_order_version) == (Status.CLOSED, "GD-1", 8)
        actions = [entry["action"] for entry in await intake.trail(report_id)]
        assert actions == ["submit", "triage", "dispatch", "resolve", "rework", "resolve", "close"]
    assert await intake.violations() == ()


async def test_a_life_whose_opening_and_moves_come_in_one_batch_ends_the_same(intake: Intake) -> None:
    """The consumer calls the handler once for each class of events, all in one transaction."""
    (report_id,) = await intake.triaged(submission("k"))
    opened, *moves = life(report_id)
    async with intake.uow() as uow:
        await follow_work_orders(Batch([opened]), uow)
        await follow_work_orders(Batch(moves), uow)
    report = await intake.report(report_id)
    assert (report.status, report.work_order_version) == (Status.CLOSED, 8)
    actions = [entry["action"] for entry in await intake.trail(report_id)]
    assert actions == ["submit", "triage", "dispatch", "resolve", "rework", "resolve", "close"]
    assert await intake.violations() == ()


async def test_a_move_that_comes_late_does_not_take_the_report_back(intake: Intake) -> None:
    (report_id,) = await intake.triaged(submission("k"))
    await follow(intake, *life(report_id)[:5])
    before = await intake.report(report_id)
    assert before.status is Status.DISPATCHED
    # The first `resolve` again, under another event report_id: the report is open for resolving, but not by that one.
    await follow(intake, told(report_id, "resolve", 4))
    await follow(intake, *life(report_id)[:5])
    assert await intake.report(report_id) == before


@pytest.mark.parametrize(
    "buried, status, actions",
    [
        ("open", Status.CLOSED, "dispatch resolve rework resolve close"),
        ("open resolve", Status.CLOSED, "dispatch resolve rework resolve close"),
        ("resolve", Status.CLOSED, "dispatch resolve rework resolve close"),
        ("rework", Status.CLOSED, "dispatch resolve rework resolve close"),
        ("resolve rework", Status.CLOSED, "dispatch resolve close"),
        ("open resolve rework", Status.CLOSED, "dispatch resolve close"),
        ("open close", Status.RESOLVED, "dispatch resolve rework resolve"),
    ],
)
async def test_a_move_makes_up_for_those_in_the_dead_letters_which_then_come_too_late(
    intake: Intake, buried: str, status: Status, actions: str
) -> None:
    (report_id,) = await intake.triaged(submission("k"))
    for envelope in life(report_id):
        if envelope.event.action not in buried.split():
            await follow(intake, envelope)
    report = await intake.report(report_id)
    assert (report.status, report.work_order) == (status, "GD-1")
    assert [entry["action"] for entry in await intake.trail(report_id)] == ["submit", "triage", *actions.split()]
    assert await intake.violations() == ()
    late = [e for e in life(report_id) if e.event.action in buried.split() and e.event.action != "close"]
    await follow(intake, *late)
    assert await intake.report(report_id) == report


async def test_a_work_order_that_is_opened_again_takes_its_reports_with_it(intake: Intake) -> None:
    whole, buried = await intake.triaged(submission("k"), submission("l"))
    await follow(intake, *life(whole, AGAIN))
    await follow(intake, *(told for told in life(buried, AGAIN) if told.event.action != "reopen"))
    for report_id in (whole, buried):
        assert (await intake.report(report_id)).status is Status.CLOSED
        actions = [entry["action"] for entry in await intake.trail(report_id)]
        assert actions[-5:] == ["resolve", "close", "work_again", "resolve", "close"]


async def test_moves_that_do_not_concern_the_reporter_leave_the_report_alone(intake: Intake) -> None:
    (report_id,) = await intake.triaged(submission("k"))
    await follow(intake, told(report_id, "open", 1))
    before = await intake.report(report_id)
    await follow(
        intake, *(told(report_id, action, n) for n, action in enumerate(("assign", "return", "unheard-of"), 2))
    )
    assert await intake.report(report_id) == before


@pytest.mark.parametrize("action, followed", [("open", Status.DISPATCHED), ("close", Status.CLOSED)])
async def test_reports_that_are_not_here_or_not_triaged_are_passed_over(
    intake: Intake, action: str, followed: Status
) -> None:
    unclear = "说不清是什么事"
    known, rejected, waiting = await intake.triaged(submission("k"), submission("l", unclear), submission("m", unclear))
    async with intake.uow() as uow:
        decision = Decision(rejected, 2, None, None, reject=True, why="请向省公路局反映")
        await decide_triage(
            decision,
            Principal("a", Role.ADMIN),
            uow,
            tree=await intake.projection.tree(uow.connection),
            categories=frozenset(),
        )
    await follow(intake, *(told(report_id, action, 1) for report_id in (new_id(), rejected, waiting, known)))
    statuses = [(await intake.report(report_id)).status for report_id in (rejected, waiting, known)]
    assert statuses == [Status.REJECTED, Status.NEEDS_REVIEW, followed]


async def test_every_report_among_the_sources_follows_and_a_hazard_among_them_does_not_hinder(intake: Intake) -> None:
    first, second = await intake.triaged(submission("k"), submission("l"))
    event = told(first, "open", 1).event
    sources = [{"kind": "hazard", "id": new_id(), "number": "H"}]
    sources += [{"kind": "report", "id": report, "number": "1"} for report in (first, second)]
    both = WorkOrderOpened.model_validate({**event.model_dump(), "sources": sources})
    await follow(intake, Envelope(new_id(), both))
    for report_id in (first, second):
        assert (await intake.report(report_id)).status is Status.DISPATCHED
