"""What people may do to a hazard: one class per action. Its fields are its body over HTTP."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar
from uuid import UUID

from services.registry.hazards.errors import (
    HAZARD_EXTENSION_EARLIER,
    HAZARD_NOTHING_ASKED,
    HAZARD_PHOTOS_MISSING,
)
from services.registry.hazards.hazard import Criteria, Extension, Grade, Hazard, Sheet
from services.registry.hazards.lifecycle import UNRECTIFIED, Action, Listing
from services.registry.hazards.moving import Command, Context
from services.registry.hazards.time_limits import decide_from, recheck_from, rectify_until
from shared.limits import start_until
from shared.worktime.days import end_of_day


@dataclass(frozen=True, slots=True)
class StateSheet:
    """Fill in the rectification sheet: measures, who sees to it, funds, what keeps it safe meanwhile, who confirmed it ·
    填写整改单。"""

    action: ClassVar = Action.STATE_SHEET
    measures: str
    department: str = ""
    person: str = ""
    funds: str = ""
    interim: str = ""
    signed_by: str = ""
    signature: UUID | None = None

    def apply(self, hazard: Hazard, _: Context) -> Hazard:
        kept = hazard.sheet.signature if hazard.sheet else None
        sheet = Sheet(
            self.measures, self.department, self.person, self.funds, self.interim, self.signed_by,
            self.signature or kept,
        )  # fmt: skip
        return replace(hazard, sheet=sheet)


@dataclass(frozen=True, slots=True)
class Submit:
    """It is put right; say what was done, with photos. Somebody else must re-inspect it · 报告整改完成，申请复查。"""

    action: ClassVar = Action.SUBMIT
    result: str
    photos: tuple[UUID, ...] = ()

    def apply(self, hazard: Hazard, context: Context) -> Hazard:
        return replace(hazard, result=self.result, rectified_by=context.by.id, asked=None)


@dataclass(frozen=True, slots=True)
class Pass:
    """Re-inspected, and put right: the hazard is closed, and its work order with it · 复查通过，销案。"""

    action: ClassVar = Action.PASS
    photos: tuple[UUID, ...] = ()

    def apply(self, hazard: Hazard, context: Context) -> Hazard:
        return replace(hazard, closed_at=context.now)


@dataclass(frozen=True, slots=True)
class Fail:
    """Re-inspected, and not put right: say what is wanting. The deadline stays; where it was listed meanwhile, with a later
    one, that is it · 复查不通过，继续整改。"""

    action: ClassVar = Action.FAIL
    why: str
    photos: tuple[UUID, ...] = ()

    def apply(self, hazard: Hazard, context: Context) -> Hazard:
        failed = replace(hazard, failed=hazard.failed + 1, failed_why=self.why, failed_version=hazard.version + 1)
        until, limit = hazard.listed_until, hazard.rectify
        if until is None or limit is None or end_of_day(until) <= max(limit.due_at, context.now):
            return failed
        return _due(failed, until, context)


@dataclass(frozen=True, slots=True)
class AskExtension:
    """More time is needed, until the end of a day: somebody else decides · 申请延期整改。"""

    action: ClassVar = Action.ASK_EXTENSION
    until: date
    why: str

    def apply(self, hazard: Hazard, context: Context) -> Hazard:
        rectify_until(hazard.unit, self.until, context.now, context.day, field="until")
        if hazard.rectify is not None and end_of_day(self.until) <= hazard.rectify.due_at:
            raise HAZARD_EXTENSION_EARLIER()
        return replace(hazard, asked=Extension(context.by.id, context.now, self.until, self.why))


@dataclass(frozen=True, slots=True)
class GrantExtension:
    """Give the time that was asked for · 批准延期整改。"""

    action: ClassVar = Action.GRANT_EXTENSION
    why: str

    def apply(self, hazard: Hazard, context: Context) -> Hazard:
        if hazard.asked is None:
            raise HAZARD_NOTHING_ASKED()
        return replace(_due(hazard, hazard.asked.until, context), asked=None, extensions=hazard.extensions + 1)


@dataclass(frozen=True, slots=True)
class DeclineExtension:
    """The deadline stays; say why · 不批准延期整改。"""

    action: ClassVar = Action.DECLINE_EXTENSION
    why: str

    def apply(self, hazard: Hazard, _: Context) -> Hazard:
        return replace(hazard, asked=None)


@dataclass(frozen=True, slots=True)
class Transfer:
    """It is overdue: hand it to the police station, which re-checks it weekly · 移交派出所。"""

    action: ClassVar = Action.TRANSFER
    to: str
    why: str

    def apply(self, hazard: Hazard, context: Context) -> Hazard:
        recheck = recheck_from(self.to, context.now, context.calendar)
        return replace(hazard, transferred_to=self.to, recheck=recheck, asked=None)


@dataclass(frozen=True, slots=True)
class Recheck:
    """The weekly re-check of what was transferred: how it stands; the next is due in a week · 每周复查登记。"""

    action: ClassVar = Action.RECHECK
    why: str
    photos: tuple[UUID, ...] = ()

    def apply(self, hazard: Hazard, _: Context) -> Hazard:
        return replace(hazard, rechecks=hazard.rechecks + 1)


@dataclass(frozen=True, slots=True)
class AddPhotos:
    """More photos of it, as it is now; nothing else changes · 补充照片。"""

    action: ClassVar = Action.ADD_PHOTOS
    photos: tuple[UUID, ...]
    why: str | None = None

    def apply(self, hazard: Hazard, _: Context) -> Hazard:
        if not self.photos:
            raise HAZARD_PHOTOS_MISSING()
        return hazard


@dataclass(frozen=True, slots=True)
class JudgeMajor:
    """It is a major hazard: name the edition of the criteria and the element · 判定为重大火灾隐患。"""

    action: ClassVar = Action.JUDGE_MAJOR
    edition: str
    element: str
    why: str | None = None

    def apply(self, hazard: Hazard, _: Context) -> Hazard:
        return replace(hazard, grade=Grade.MAJOR, criteria=Criteria(self.edition, self.element))


@dataclass(frozen=True, slots=True)
class Report:
    """A major hazard is reported in writing to the government, which decides on listing within seven working days · 书面报告。"""

    action: ClassVar = Action.REPORT
    to: str
    document: str

    def apply(self, hazard: Hazard, context: Context) -> Hazard:
        decide = decide_from(self.to, context.now, context.calendar)
        return replace(hazard, listing=Listing.REPORTED, reported_to=self.to, document=self.document, decide=decide)


@dataclass(frozen=True, slots=True)
class List:
    """The government lists it, with a deadline of its own, which is then the hazard's · 挂牌督办。"""

    action: ClassVar = Action.LIST
    until: date
    why: str | None = None

    def apply(self, hazard: Hazard, context: Context) -> Hazard:
        rectify_until(hazard.unit, self.until, context.now, context.day, field="until")
        listed = replace(hazard, listing=Listing.LISTED, listed_until=self.until)
        return _due(listed, self.until, context) if hazard.state in UNRECTIFIED else listed


@dataclass(frozen=True, slots=True)
class DeclineListing:
    """The government does not list it; say why · 不予挂牌。"""

    action: ClassVar = Action.DECLINE_LISTING
    why: str

    def apply(self, hazard: Hazard, _: Context) -> Hazard:
        return replace(hazard, listing=Listing.DECLINED)


@dataclass(frozen=True, slots=True)
class Delist:
    """It passed its re-inspection, and is taken off the list · 摘牌销案。"""

    action: ClassVar = Action.DELIST
    why: str | None = None

    def apply(self, hazard: Hazard, _: Context) -> Hazard:
        return replace(hazard, listing=Listing.DELISTED)


def _due(hazard: Hazard, until: date, context: Context) -> Hazard:
    """Another deadline. Before the warning of the present one it is the same run of the limit; from then on a new one, which
    is warned and reminded of anew."""
    due = rectify_until(hazard.unit, max(until, context.day), context.now, context.day, field="until")
    before = hazard.rectify
    if before is not None and (before.warn_at > context.now or before.due_at == due.due_at):
        due = start_until(before.unit, due.due_at, before.started_at)
    return replace(hazard, rectify=due)


COMMANDS: tuple[type[Command], ...] = (
    StateSheet, Submit, Pass, Fail, AskExtension, GrantExtension, DeclineExtension, Transfer, Recheck,
    AddPhotos, JudgeMajor, Report, List, DeclineListing, Delist,
)  # fmt: skip
"""In the order in which the API shows them."""
