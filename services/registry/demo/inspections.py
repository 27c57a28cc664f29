"""The inspections of the demo, each as a phone would have sent it: answered question by question, with its findings, and
signed by both."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final
from uuid import UUID

from PIL import Image, ImageDraw

from services.registry.demo.past import Past
from services.registry.hazards.hazard import Grade
from services.registry.hazards.items import Item
from services.registry.inspections.answers import Answer, Verdict
from services.registry.inspections.checklists import FIRST, Checklist, Inspector, offered
from services.registry.inspections.inspection import Finding, Kind, Told
from services.registry.inspections.make_inspection import Sent, make_inspection
from services.registry.premises.premises import Premises
from shared.auth.principal import Principal
from shared.files.uploads import Uploads
from shared.ids import new_id
from shared.origin import Origin
from shared.worktime.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Seen:
    """What was wrong, and whether it was put right while the inspector stood there."""

    item: Item
    text: str
    on_spot: bool = False


class Inspecting:
    """Makes inspections; `uploads` takes their signatures."""

    def __init__(self, uploads: Uploads, past: Past, calendar: Calendar) -> None:
        self._uploads, self._past, self._calendar = uploads, past, calendar
        self._signature = _signature()

    async def inspect(
        self, place: Premises, at: datetime, by: Principal, seen: Sequence[Seen] = (), *, kind: Kind = Kind.ROUTINE,
        both: bool = False,
    ) -> list[UUID]:  # fmt: skip
        """One inspection at `at`, signed by the inspector or by `both`; the ids of the hazards that it opened, in the order
        of `seen`."""
        police = kind is Kind.SPOT_CHECK
        checklist = offered(
            FIRST.values(), category=place.about.category, inspector=Inspector.POLICE if police else Inspector.STREET
        )[-1 if police else 0]
        findings = [_finding(checklist, one) for one in seen]
        failed = {one.question for one in findings if one.question}
        answers = tuple(
            Answer(
                no,
                (Verdict.FAIL if no in failed else Verdict.PASS) if question.judged else Verdict.NOTED,
                "" if question.judged else "见台账",
            )
            for no, question in checklist.questions.items()
        )
        told = Told(
            kind, checklist.code, checklist.version, at, at_night=False, answers=answers, findings=tuple(findings),
            inspected_person=place.about.manager or place.about.responsible,
            unsigned_why="" if both else "负责人不在场，已电话告知",
        )  # fmt: skip
        inspector, inspected = await self._signed(by), await self._signed(by) if both else None
        sent = Sent(place.id, None, told, (), inspector, inspected)
        key = str(new_id())
        async with self._past.uow(at) as uow:
            await make_inspection(sent, Origin(by.subject, key, key.encode()), by, uow, calendar=self._calendar)
        return [one.hazard_id for one in findings]

    async def _signed(self, by: Principal) -> UUID:
        async def body() -> AsyncIterator[bytes]:
            yield self._signature

        file = await self._uploads.announce(by.subject, len(self._signature))
        await self._uploads.take(file, by.subject, 0, body())
        return file


def _finding(checklist: Checklist, seen: Seen) -> Finding:
    asked = (no for no, question in checklist.questions.items() if question.judged and question.item == seen.item)
    return Finding(new_id(), seen.item, next(asked, ""), seen.text, Grade.GENERAL, seen.on_spot)


def _signature() -> bytes:
    """A stroke of a pen, as a phone sends it."""
    image = Image.new("L", (240, 96), 255)
    stroke: Final = [(20, 60), (52, 28), (70, 70), (104, 36), (120, 66), (160, 40), (176, 60), (220, 44)]
    ImageDraw.Draw(image).line(stroke, fill=0, width=4, joint="curve")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
