"""What the endpoints of feedback are given beside intake's own: how often a caller may do what, for how long a report may
be opened again, and how residents see photos of the work."""

from dataclasses import dataclass, field
from typing import Annotated, Final

import sqlalchemy as sa
from fastapi import Depends, Request

from services.intake.errors import FOLLOW_CODE_WRONG
from services.intake.feedback.reading import followed
from services.intake.feedback.schemas import FollowedOut, followed_out
from services.intake.reports.deps import Intake
from shared.db.unit_of_work import UnitOfWork
from shared.files.public_link import PublicLinks
from shared.http.rate_limit import RateLimit

_EVERYBODY: Final = "everybody"


@dataclass(frozen=True, slots=True)
class Feedback:
    """Limits are per process. Many people may share one address (a company, a mobile network), so those per address are
    wide; what one may do to one report is narrow."""

    reopen_days: int
    links: PublicLinks
    reports_of_all: RateLimit = field(default_factory=lambda: RateLimit(300, 0.2, most_keys=1))
    reports: RateLimit = field(default_factory=lambda: RateLimit(20, 30))
    wrong_codes: RateLimit = field(default_factory=lambda: RateLimit(20, 30))
    photos: RateLimit = field(default_factory=lambda: RateLimit(60, 10))
    photos_of_all: RateLimit = field(default_factory=lambda: RateLimit(300, 0.5, most_keys=1))
    answers: RateLimit = field(default_factory=lambda: RateLimit(10, 60))

    def take_report(self, caller: str) -> None:
        """Count a new report of `caller`, an address. Raises Unavailable (429)."""
        self.reports.take(caller)
        self.reports_of_all.take(_EVERYBODY)

    def take_photo(self, caller: str) -> None:
        """Count a photo of `caller`, an address. Raises Unavailable (429)."""
        self.photos.take(caller)
        self.photos_of_all.take(_EVERYBODY)

    def wrong_code(self, caller: str) -> Exception:
        """Count a wrong number or code of `caller`, and what to raise."""
        self.wrong_codes.take(caller)
        return FOLLOW_CODE_WRONG()


async def _feedback(request: Request) -> Feedback:
    feedback: Feedback = request.app.state.feedback
    return feedback


FeedbackDep = Annotated[Feedback, Depends(_feedback)]


async def told(row: sa.RowMapping, intake: Intake, feedback: Feedback, uow: UnitOfWork) -> FollowedOut:
    """What the reporter of a report is told of it now."""
    tree = await intake.projection.tree(uow.connection)
    return followed_out(await followed(uow.connection, row, uow.now), tree, feedback.reopen_days, feedback.links)
