"""Triage (研判) of a report: by rule, or by a person where the rules are not sure. Pure, as the report itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.intake.errors import NOTHING_TO_CORRECT
from services.intake.reports.lifecycle import Action, move
from services.intake.reports.report import Category, Placing, Report, ReviewReason
from shared.change import Actor, Change
from shared.events.base import Event
from shared.events.intake.reports import ReportCorrected, ReportNeedsReview, ReportRejected, ReportTriaged
from shared.personal_data import masked


def triage(
    report: Report,
    placing: Placing,
    suggested: Category,
    *,
    street: str,
    threshold: float,
    by: Actor,
    now: datetime,
    evidence: Sequence[str] = (),
) -> Change[Report]:
    """The rule-based triage: on its way when place and category are known well enough, else to a person.

    `evidence` are the names and codes that led to the place; the trail keeps them for whoever wonders."""
    reasons = _review_reasons(placing, suggested, threshold)
    action = Action.ASK_REVIEW if reasons else Action.TRIAGE
    after = replace(
        report,
        status=move(report.status, action),
        street=street,
        place=placing,
        category=suggested,
        review_reasons=reasons,
        triaged_at=None if reasons else now,
        version=report.version + 1,
    )
    event: Event
    if reasons:
        event = ReportNeedsReview(report_id=report.id, number=report.number, reasons=reasons, version=after.version)
    else:
        event = _triaged(after, now)
    what = {
        "unit": placing.unit,
        "place_method": placing.method,
        "place_evidence": list(evidence),
        "category": suggested.name,
        "confidence": round(suggested.confidence, 3),
        "model": suggested.model,
        "reasons": list(reasons),
    }
    return Change(after, action, by, now, what=what, events=(event,))


def decide(
    report: Report, *, unit: str, street: str, category: str, by: Actor, why: str | None, now: datetime
) -> Change[Report]:
    """A person triages: place and category are theirs, fully sure."""
    after = replace(
        report,
        status=move(report.status, Action.TRIAGE),
        street=street,
        place=Placing(unit, "person", 1.0),
        category=Category(category, 1.0, None),
        review_reasons=(),
        triaged_at=now,
        version=report.version + 1,
    )
    suggested = report.category.name if report.category else None
    what = {"unit": unit, "category": category, "suggested": suggested}
    return Change(after, Action.TRIAGE, by, now, why=why, what=what, events=(_triaged(after, now),))


def reject(report: Report, *, by: Actor, why: str, now: datetime) -> Change[Report]:
    """A person finds the report out of scope; `why` says so and who is competent."""
    after = replace(report, status=move(report.status, Action.REJECT), review_reasons=(), version=report.version + 1)
    event = ReportRejected(report_id=report.id, number=report.number, reason=masked(why), version=after.version)
    return Change(after, Action.REJECT, by, now, why=why, events=(event,))


def correct(
    report: Report, *, unit: str | None, street: str, category: str | None, by: Actor, why: str, now: datetime
) -> Change[Report]:
    """A person puts right where (`unit`, in `street`) or what a triaged report is about; None leaves it as it is.

    The trail has what it was before, which is what a classifier learns from.
    """
    status = move(report.status, Action.CORRECT)
    was_in, placing, was = _known(report)
    unit, category = unit or was_in, category or was.name
    if (unit, category) == (was_in, was.name):
        raise NOTHING_TO_CORRECT()
    after = replace(
        report,
        status=status,
        street=street,
        place=placing if unit == was_in else Placing(unit, "person", 1.0),
        category=was if category == was.name else Category(category, 1.0, None),
        version=report.version + 1,
    )
    event = ReportCorrected(
        report_id=report.id,
        number=report.number,
        unit=unit,
        category=category,
        why=masked(why),
        by=by.id,
        corrected_at=now,
        version=after.version,
    )
    what = {"unit": unit, "category": category, "was": {"unit": was_in, "category": was.name, "model": was.model}}
    return Change(after, Action.CORRECT, by, now, why=why, what=what, events=(event,))


def _review_reasons(placing: Placing, category: Category, threshold: float) -> tuple[ReviewReason, ...]:
    reasons = []
    if placing.method == "contradicted":
        reasons.append(ReviewReason.PLACE_CONTRADICTED)
    elif placing.unit is None:
        reasons.append(ReviewReason.PLACE_UNKNOWN)
    elif placing.confidence < threshold and placing.method != "fallback":
        # A fallback is sure of what it is: the sender's own unit, where docs/rules.md §2.2 puts what names no place.
        reasons.append(ReviewReason.PLACE_UNCERTAIN)
    if category.confidence < threshold:
        reasons.append(ReviewReason.CATEGORY_UNCERTAIN)
    return tuple(reasons)


def _triaged(report: Report, now: datetime) -> ReportTriaged:
    unit, placing, category = _known(report)
    return ReportTriaged(
        report_id=report.id,
        number=report.number,
        title=masked(report.contents.title),
        text=masked(report.contents.whole_text),
        unit=unit,
        place_method=placing.method,
        place_confidence=placing.confidence,
        longitude=report.contents.longitude,
        latitude=report.contents.latitude,
        point_radius=report.contents.point_radius,
        address=masked(report.contents.address),
        category=category.name,
        category_confidence=category.confidence,
        model=category.model,
        submitted_at=report.submitted_at,
        triaged_at=now,
        joined=report.joined,
        version=report.version,
    )


def _known(report: Report) -> tuple[str, Placing, Category]:
    """Unit, how it was found, and category of a report that was triaged."""
    placing, category = report.place, report.category
    assert placing is not None and placing.unit is not None and category is not None  # noqa: PT018 - one fact
    return placing.unit, placing, category
