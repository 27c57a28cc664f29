"""Triage by rule: where and what, once per report, however often the event comes."""

from datetime import date

import pytest
import sqlalchemy as sa

from services.intake.places.coordinates import System
from services.intake.reports.lifecycle import Status
from services.intake.reports.report import Placing, ReviewReason
from services.intake.schema import units
from shared.bus.batch import Batch
from shared.ids import new_id
from tests.intake.conftest import Intake, submission, told_point
from tests.support.city import COMMUNITY, GRID, STREET

SUBMITTED, TRIAGED, REVIEW = (f"gridgov.report.{verb}.v1" for verb in ("submitted", "triaged", "needs_review"))


@pytest.mark.parametrize(
    "told, unit, method, status",
    [
        (told_point(113.05, 28.05), GRID, "point", Status.TRIAGED),
        ({"text": "星湖社区的井盖坏了"}, COMMUNITY, "name", Status.TRIAGED),
        ({"address": "星湖社区"}, COMMUNITY, "name", Status.TRIAGED),
        ({"title": "映霞社区井盖"}, "A7-QT-02", "name", Status.TRIAGED),
        ({}, STREET, "fallback", Status.TRIAGED),
        ({"text": "说不清是什么事"}, STREET, "fallback", Status.NEEDS_REVIEW),
        ({"text": "说不清", "told_category": "民政"}, STREET, "fallback", Status.TRIAGED),
    ],
    ids=["point", "name in text", "name in address", "name in title", "fallback", "no category", "told category"],
)
async def test_place_and_category_are_found(intake: Intake, told, unit, method, status) -> None:
    (report_id,) = await intake.triaged(submission("k", **told))
    report = await intake.report(report_id)
    assert report.place is not None
    assert (report.place.unit, report.place.method, report.status) == (unit, method, status)
    kind, value = (await intake.events())[-1]
    assert kind == (TRIAGED if status is Status.TRIAGED else REVIEW)
    assert value["report_id"] == str(report_id)


async def test_what_the_sender_said_is_not_second_guessed(intake: Intake) -> None:
    (report_id,) = await intake.triaged(submission("k", told_category="民政"))
    category = (await intake.report(report_id)).category
    assert category is not None
    assert (category.name, category.confidence, category.model) == ("民政", 1.0, None)


async def test_every_suggestion_names_the_model_that_made_it(intake: Intake) -> None:
    (report_id,) = await intake.triaged(submission("k"))
    assert (await intake.trail(report_id))[-1]["what"]["model"] == "keywords"


async def test_an_event_that_comes_again_changes_nothing(intake: Intake) -> None:
    (report_id,) = await intake.triaged(submission("k"))
    before = await intake.report(report_id), await intake.counts()
    for _ in range(2):
        async with intake.uow() as uow:
            await intake.triage(Batch([await intake.told(report_id)]), uow)
    assert (await intake.report(report_id), await intake.counts()) == before
    assert await intake.violations() == ()


async def test_one_report_twice_in_one_batch_is_triaged_once(intake: Intake) -> None:
    (receipt,) = await intake.submit(submission("k"))
    async with intake.uow() as uow:
        await intake.triage(Batch([await intake.told(receipt.id), await intake.told(receipt.id)]), uow)
    assert (await intake.report(receipt.id)).version == 2
    assert [kind for kind, _ in await intake.events()] == [SUBMITTED, TRIAGED]


async def test_a_report_that_is_not_here_is_passed_over(intake: Intake) -> None:
    (receipt,) = await intake.submit(submission("k"))
    told = await intake.told(receipt.id)
    stranger = type(told)(new_id(), told.event.model_copy(update={"report_id": new_id()}), told.trace)
    async with intake.uow() as uow:
        await intake.triage(Batch([stranger, told]), uow)
    assert (await intake.report(receipt.id)).status is Status.TRIAGED


@pytest.mark.parametrize(
    ("valid_from", "found"), [(date(2026, 1, 1), "A7-QT-09"), (date(2027, 1, 1), STREET)], ids=["today", "next year"]
)
async def test_new_units_are_found_from_the_day_on_which_they_exist(
    intake: Intake, valid_from: date, found: str
) -> None:
    (before,) = await intake.triaged(submission("k", "蓝湾社区井盖"))
    async with intake.engine.begin() as connection:
        await connection.execute(
            sa.insert(units.units).values(
                code="A7-QT-09", kind="community", name="蓝湾社区", aliases=[], parent=STREET, functions=[], serves=[],
                valid_from=valid_from, version=1, revision=sa.text("(SELECT revision + 1 FROM intake.units_revision)"),
            )
        )  # fmt: skip
        await connection.execute(sa.text("UPDATE intake.units_revision SET revision = revision + 1"))
    (after,) = await intake.triaged(submission("l", "蓝湾社区井盖"))
    placings = [(await intake.report(report_id)).place for report_id in (before, after)]
    assert [placing.unit for placing in placings if placing] == [STREET, found]


async def test_a_point_that_contradicts_the_words_is_decided_by_a_person(intake: Intake) -> None:
    (report_id,) = await intake.triaged(submission("k", "映霞社区的井盖坏了", **told_point(113.05, 28.05)))
    report = await intake.report(report_id)
    assert (report.status, report.review_reasons) == (Status.NEEDS_REVIEW, (ReviewReason.PLACE_CONTRADICTED,))
    assert report.place == Placing(STREET, "contradicted", 0.2)
    assert (await intake.trail(report_id))[-1]["what"]["place_evidence"] == [GRID, "映霞社区"]


async def test_a_point_of_an_unknown_system_is_no_finer_than_what_it_may_be(intake: Intake) -> None:
    inside, edge = told_point(113.05, 28.05, System.UNKNOWN), told_point(113.008, 28.05, System.UNKNOWN)
    ids = await intake.triaged(submission("inside", **inside), submission("edge", **edge))
    placings = [(await intake.report(report_id)).place for report_id in ids]
    assert placings == [Placing(GRID, "point", 0.9), Placing(COMMUNITY, "ancestor", 0.467)]
