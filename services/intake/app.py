"""Intake, put together: API with group commit, relay, consumer with triage, housekeeping."""

from collections.abc import Sequence

from services.intake.classifier.categories import category_tree
from services.intake.classifier.port import Classifier
from services.intake.deps import Intake
from services.intake.reports import api as reports
from services.intake.reports.submit_report import Receipt, Submission, submit_reports
from services.intake.schema import tables, units
from services.intake.subscriptions import subscriptions
from services.intake.triage.triage_reports import Triage
from services.intake.unit_of_work import IntakeUnitOfWork
from shared.db.group_commit import GroupCommit
from shared.field_cipher import FieldCipher
from shared.service import Resources, Service
from shared.service_builder import service_builder
from shared.units.projection import UnitProjection


def build(resources: Resources, classifier: Classifier) -> Service:
    projection = UnitProjection(units)
    builder = service_builder(resources, tables)
    triage = Triage(classifier, resources.settings.triage_threshold)

    def uow() -> IntakeUnitOfWork:
        return IntakeUnitOfWork(builder.database, projection)

    async def submit(submissions: Sequence[Submission]) -> Sequence[Receipt]:
        async with uow() as work:
            return await submit_reports(submissions, work)

    categories = frozenset(category.zh for category in category_tree().categories)
    intake = Intake(uow, GroupCommit(submit), categories, FieldCipher(resources.keys))
    return builder.service(
        title="网格通·受理 GridGov intake",
        routers=[reports.routes],
        state={"intake": intake},
        consumer=builder.consumer(subscriptions(projection, triage), uow),
    )
