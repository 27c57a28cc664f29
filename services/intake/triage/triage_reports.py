"""ReportSubmitted → triage by rule: find the place, suggest the category, send on its way or to a person."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from services.intake.classifier.port import Classifier, Text
from services.intake.places.coordinates import Point, Told
from services.intake.places.places import Place, PlaceIndex, PlaceUnit
from services.intake.reports.lifecycle import Status
from services.intake.reports.report import Category, Contents, Placing, Report
from services.intake.reports.store import Reports
from services.intake.triage.triage import triage
from shared.bus.batch import Batch
from shared.change import Actor
from shared.clock import local_day
from shared.db.unit_of_work import UnitOfWork
from shared.events.intake.reports import ReportSubmitted
from shared.units.projection import UnitProjection
from shared.units.tree import UnitTree

TRIAGE: Final = Actor(id="triage", role="service")
AT_ONCE: Final = 16
"""Reports decided in one go, while nothing else in the process gets a turn."""
_CHANGES: Final = ("status", "place", "street", "category", "review_reasons", "triaged_at")


class Triage:
    """The handler with what it needs to know: the classifier, the threshold (0..1) under which a person decides, and
    the place index, which follows the units."""

    def __init__(self, classifier: Classifier, threshold: float, projection: UnitProjection) -> None:
        self._projection = projection
        self._classifier = classifier
        self._threshold = threshold
        self._places = PlaceIndex(())
        self._indexed: tuple[UnitTree, date] | None = None

    async def __call__(self, batch: Batch[ReportSubmitted], uow: UnitOfWork) -> None:
        store = Reports.of(uow)
        reports = await store.load(event.report_id for event in batch.events)
        waiting = [report for report in reports.values() if report.status is Status.RECEIVED]
        tree = await self._projection.tree(uow.connection)
        places = await self._index(tree, local_day(uow.now))
        found: dict[UUID, tuple[Place, Category]] = {}
        # CPU work of a fraction of a millisecond a report. Not in a thread: that and the loop would wait for each other's
        # interpreter lock at every step. A few at a time, so that requests are answered in between.
        for start in range(0, len(waiting), AT_ONCE):
            found |= self._decide(waiting[start : start + AT_ONCE], tree, places)
            await asyncio.sleep(0)
        for event in batch:
            # Taken out: the same report may come twice in one batch.
            decided = found.pop(event.report_id, None)
            if decided is None:
                continue
            report, (place, category) = reports[event.report_id], decided
            change = triage(
                report,
                Placing(place.unit, place.method, place.confidence),
                category,
                street=tree.street_of(place.unit or report.home),
                threshold=self._threshold,
                by=TRIAGE,
                now=uow.now,
                evidence=place.evidence,
            )
            store.put(change, only=_CHANGES)

    def _decide(
        self, reports: Sequence[Report], tree: UnitTree, places: PlaceIndex
    ) -> dict[UUID, tuple[Place, Category]]:
        suggestions = self._classifier.suggest(
            [Text(report.contents.title, report.contents.whole_text) for report in reports]
        )
        found = {}
        for report, suggestion in zip(reports, suggestions, strict=True):
            told = report.contents
            place = places.find(
                told.whole_text, _points(told), _nearby(report.home, tree), title=told.title, address=told.address
            )
            category = (
                Category(told.told_category, 1.0, None)
                if told.told_category
                else Category(suggestion.name, suggestion.confidence, suggestion.model)
            )
            found[report.id] = (place, category)
        return found

    async def _index(self, tree: UnitTree, day: date) -> PlaceIndex:
        """Of the units that exist on a local day. To look at all of them takes a while: in a thread."""
        if self._indexed is None or self._indexed[0] is not tree or self._indexed[1] != day:
            self._places = await asyncio.to_thread(lambda: self._places.changed(_place_units(tree, day)))
            self._indexed = (tree, day)
        return self._places


def _place_units(tree: UnitTree, day: date) -> Iterator[PlaceUnit]:
    """In the order of their codes: of several units of one name the index prefers the first."""
    for _, unit in sorted(tree.units.items()):
        if unit.valid_on(day):
            yield PlaceUnit(unit.code, unit.kind, unit.name, unit.aliases, unit.parent, unit.boundary)


def _points(told: Contents) -> Sequence[Point]:
    return Told.read(told.declared_point).readings() if told.declared_point else ()


def _nearby(home: str, tree: UnitTree) -> str | None:
    """The sender's own unit where it is small enough to stand for a place that is not named; a city is not."""
    unit = tree.get(home)
    return home if unit is not None and unit.kind not in ("city", "district", "department") else None
