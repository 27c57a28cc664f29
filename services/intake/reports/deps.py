"""What intake's endpoints are given: the service as the composition root built it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.intake.classifier.port import Classifier
from services.intake.places.point_systems import PointSystems
from services.intake.reports.follow_code_store import FollowCodes
from services.intake.reports.reporter_store import ReporterSeal
from services.intake.reports.submit_report import Receipt, Submission
from shared.db.group_commit import GroupCommit
from shared.db.unit_of_work import UnitOfWork
from shared.files.public_link import StaffLinks
from shared.http.network import Network
from shared.units.projection import UnitProjection


@dataclass(frozen=True, slots=True)
class Intake:
    """`uow` opens a unit of work; `submissions` stores submissions in groups; `categories` are the first-level names of
    the category tree; `seal` keeps reporters' names and phones unreadable in the database, `codes` the codes by which
    they follow; `network` knows who asks, and where the pages are; `point_systems` says in which coordinate system points
    are that do not say so themselves; `classifier` suggests categories."""

    uow: Callable[[], UnitOfWork]
    projection: UnitProjection
    submissions: GroupCommit[Submission, Receipt]
    categories: frozenset[str]
    seal: ReporterSeal
    codes: FollowCodes
    network: Network
    point_systems: PointSystems
    classifier: Classifier
    staff_links: StaffLinks


async def _intake(request: Request) -> Intake:
    # async, though it waits for nothing: FastAPI would run a plain function in a thread, at ten times its cost.
    intake: Intake = request.app.state.intake
    return intake


IntakeDep = Annotated[Intake, Depends(_intake)]
