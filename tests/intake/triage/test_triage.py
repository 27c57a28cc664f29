"""Triage of a report by rule and by a person: on its way, to a person with the reasons, or rejected."""

from datetime import timedelta

import pytest

from services.intake.reports.lifecycle import Status
from services.intake.reports.report import Category, Placing, Report, ReviewReason
from services.intake.triage.triage import decide, reject, triage
from shared.change import Change
from shared.errors import Conflict
from shared.events.intake.reports import ReportNeedsReview, ReportRejected, ReportTriaged
from tests.conftest import NOON
from tests.intake.reports.test_report import CLERK, submitted

PLACED = Placing("A7-QT-01-001", "point", 1.0)
SURE = Category("城乡建设", 0.9, "model-1")


def triaged(placing: Placing = PLACED, category: Category = SURE, threshold: float = 0.4) -> Change[Report]:
    return triage(
        submitted().after,
        placing,
        category,
        street="A7-QT",
        threshold=threshold,
        by=CLERK,
        now=NOON + timedelta(seconds=1),
    )


def waiting() -> Report:
    return triaged(Placing(None, "unknown", 0.0)).after


def test_known_place_and_category_send_a_report_on_its_way() -> None:
    change = triaged()
    report = change.after
    assert (report.status, report.version, report.review_reasons) == (Status.TRIAGED, 2, ())
    assert report.triaged_at == change.at == NOON + timedelta(seconds=1)
    (event,) = change.events
    assert event == ReportTriaged(
        report_id=report.id,
        number=report.number,
        title="井盖",
        text="路边井盖不见了",
        unit="A7-QT-01-001",
        place_method="point",
        place_confidence=1.0,
        category="城乡建设",
        category_confidence=0.9,
        model="model-1",
        submitted_at=NOON,
        triaged_at=change.at,
        version=2,
    )
    assert change.what == {
        "unit": "A7-QT-01-001",
        "place_method": "point",
        "place_evidence": [],
        "category": "城乡建设",
        "confidence": 0.9,
        "model": "model-1",
        "reasons": [],
    }


CONTRADICTED, UNKNOWN, UNSURE, VAGUE = (
    ReviewReason.PLACE_CONTRADICTED,
    ReviewReason.PLACE_UNKNOWN,
    ReviewReason.PLACE_UNCERTAIN,
    ReviewReason.CATEGORY_UNCERTAIN,
)


@pytest.mark.parametrize(
    "placing, confidence, reasons",
    [
        (PLACED, 0.4, ()),
        (PLACED, 0.3999, (VAGUE,)),
        (PLACED, 0.0, (VAGUE,)),
        (Placing("A7-QT", "name", 0.4), 0.9, ()),
        (Placing("A7-QT", "name", 0.39), 0.9, (UNSURE,)),
        (Placing("A7-QT", "ancestor", 0.1), 0.1, (UNSURE, VAGUE)),
        (Placing("A7-QT-01", "fallback", 0.3), 0.9, ()),
        (Placing("A7-QT-01", "fallback", 0.3), 0.1, (VAGUE,)),
        (Placing(None, "unknown", 0.0), 0.9, (UNKNOWN,)),
        (Placing("A7-QT", "contradicted", 0.9), 0.9, (CONTRADICTED,)),
        (Placing(None, "contradicted", 0.2), 0.1, (CONTRADICTED, VAGUE)),
        (Placing(None, "unknown", 0.0), 0.1, (UNKNOWN, VAGUE)),
    ],
)
def test_what_is_not_known_well_enough_goes_to_a_person_with_the_reasons(
    placing: Placing, confidence: float, reasons: tuple[ReviewReason, ...]
) -> None:
    change = triaged(placing, Category("城乡建设", confidence, "model-1"))
    report = change.after
    assert report.review_reasons == reasons
    assert report.status is (Status.NEEDS_REVIEW if reasons else Status.TRIAGED)
    assert (report.triaged_at is None) == bool(reasons)
    (event,) = change.events
    if reasons:
        assert event == ReportNeedsReview(report_id=report.id, number=report.number, reasons=reasons, version=2)
    else:
        assert isinstance(event, ReportTriaged)


def test_the_threshold_is_the_administrators() -> None:
    assert triaged(threshold=0.95).after.review_reasons == (VAGUE,)
    assert triaged(Placing("A7", "name", 0.01), Category("民政", 0.01, "m"), threshold=0.0).after.review_reasons == ()


def test_triage_happens_once() -> None:
    with pytest.raises(Conflict):
        triage(triaged().after, PLACED, SURE, street="A7-QT", threshold=0.4, by=CLERK, now=NOON)


def test_a_persons_decision_is_sure_and_remembers_what_was_suggested() -> None:
    report = waiting()
    now = NOON + timedelta(hours=1)
    change = decide(report, unit="A7-QT-02", street="A7-QT", category="民政", by=CLERK, why="打过电话", now=now)
    after = change.after
    assert (after.status, after.version, after.triaged_at) == (Status.TRIAGED, 3, now)
    assert after.place == Placing("A7-QT-02", "person", 1.0)
    assert after.category == Category("民政", 1.0, None)
    assert after.review_reasons == ()
    assert (change.action, change.why) == ("triage", "打过电话")
    assert change.what == {"unit": "A7-QT-02", "category": "民政", "suggested": "城乡建设"}
    (event,) = change.events
    assert isinstance(event, ReportTriaged)
    assert (event.unit, event.model, event.version) == ("A7-QT-02", None, 3)


def test_a_rejection_tells_the_reason_and_ends_the_report() -> None:
    report = waiting()
    change = reject(report, by=CLERK, why="属省管公路，请向省公路局反映", now=NOON)
    assert (change.after.status, change.after.review_reasons) == (Status.REJECTED, ())
    assert change.events == (
        ReportRejected(report_id=report.id, number=report.number, reason="属省管公路，请向省公路局反映", version=3),
    )
    with pytest.raises(Conflict):
        decide(change.after, unit="A7", street="A7", category="民政", by=CLERK, why=None, now=NOON)
