"""The rounds of the demo's half year: which premises are inspected when and by whom, and which of them have something
wrong that becomes a story. Pure, and in the order of time: what is owed weekly counts in that order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from services.registry.demo.stories import Who, stories
from services.registry.inspections.inspection import Kind
from services.registry.premises.premises import Premises

DAYS = 182
TOLD = 2
"""How often each story is told; the first two, of what was put right in time, again and again."""
WITH_STORY, WITHOUT, BY_OFFICE, BY_STATION = 34, 8, 8, 8


@dataclass(frozen=True, slots=True)
class Round:
    """One inspection, `ago` days before today; `story` is the number of what its finding becomes, None for none."""

    ago: int
    at: int
    place: Premises
    who: Who
    kind: Kind
    story: int | None = None


def rounds(places: Sequence[Premises], today: date) -> list[Round]:
    """The earliest first."""
    return sorted(_rounds(places, today), key=lambda one: (-one.ago, one.at))


def _rounds(places: Sequence[Premises], today: date) -> Iterator[Round]:
    lengths = [length for length, _ in stories(today)]
    kinds = (Kind.ROUTINE, Kind.ROUTINE, Kind.FOCUSED, Kind.JOINT)
    for at in range(WITH_STORY):
        story = at // TOLD if at < TOLD * len(lengths) else at % 2
        length = lengths[story]
        # What is still open was found as many days ago as its story has; the rest lies anywhere in the half year.
        still = story >= 4 and at < TOLD * len(lengths)
        ago = length + at % 3 if still else length + 5 + at * 29 % (DAYS - length - 6)
        yield Round(ago, at, places[at * 11 % len(places)], Who.WORKER, kinds[at % len(kinds)], story)
    for at in range(WITHOUT):
        yield Round(1 + at * 13 % DAYS, at, places[at * 17 % len(places)], Who.WORKER, Kind.ROUTINE)
    for week in range(BY_OFFICE):
        yield Round(3 + week * 22, week, places[week * 23 % len(places)], Who.OFFICE, Kind.FOCUSED)
    for week in range(BY_STATION):
        yield Round(2 + week * 22, week, places[week * 31 % len(places)], Who.STATION, Kind.SPOT_CHECK)
