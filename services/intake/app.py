"""Intake, put together: API with group commit, relay, consumer with triage, housekeeping."""

from collections.abc import Sequence

from services.intake.classifier.categories import category_tree
from services.intake.classifier.port import Classifier
from services.intake.feedback import api as feedback
from services.intake.feedback import page_api as page
from services.intake.feedback import page_report_api as page_report
from services.intake.feedback import public_api as public
from services.intake.feedback import upload_api as upload
from services.intake.feedback.deps import Feedback
from services.intake.places.point_systems import PointSystems
from services.intake.reports import api as reports
from services.intake.reports import board_api
from services.intake.reports import linked_photos_api as linked_photos
from services.intake.reports.deps import Intake
from services.intake.reports.follow_code_store import FollowCodes
from services.intake.reports.lifecycle import SENDERS
from services.intake.reports.metrics import ReportMetrics
from services.intake.reports.reporter_store import ReporterSeal
from services.intake.reports.store import Reports
from services.intake.reports.submit_report import Receipt, Submission, submit_reports
from services.intake.reports.succeed_units import succeed_units
from services.intake.reports.table import reports as table
from services.intake.schema import files, tables, units
from services.intake.subscriptions import subscriptions
from services.intake.triage import api as triage
from services.intake.triage.triage_reports import Triage
from shared.db.group_commit import GroupCommit
from shared.db.unit_of_work import UnitOfWork
from shared.errors import GridGovError
from shared.field_cipher import FieldCipher
from shared.files.api import file_routes
from shared.files.public_link import PublicLinks, StaffLinks
from shared.http.network import Network
from shared.service import Resources, Service
from shared.service_builder import service_builder
from shared.units.projection import UnitProjection
from shared.units.succession import SuccessionWatch


def build(resources: Resources, classifier: Classifier) -> Service:
    projection = UnitProjection(units)
    builder = service_builder(resources, tables)
    by_rule = Triage(classifier, resources.settings.triage_threshold, projection)

    def uow() -> UnitOfWork:
        return UnitOfWork(builder.database)

    async def submit(submissions: Sequence[Submission]) -> Sequence[Receipt | GridGovError]:
        async with uow() as work:
            return await submit_reports(submissions, work, projection=projection)

    categories = frozenset(category.zh for category in category_tree().categories)
    cipher, settings = FieldCipher(resources.keys), resources.settings
    seal = ReporterSeal(cipher, ReportMetrics(resources.metrics.registry))
    network = Network(settings.public_url, behind_proxy=resources.behind_proxy)
    point_systems = PointSystems.configured(settings.point_systems)
    photos, tidying = builder.files(files, {Reports.kind: table}, units.units)
    successions = SuccessionWatch(uow, units.successions, (succeed_units,), service="intake")
    return builder.service(
        title="网格通·受理 GridGov intake",
        routers=[
            linked_photos.routes,
            reports.routes,
            board_api.routes,
            triage.routes,
            feedback.routes,
            public.routes,
            upload.routes,
            page.routes,
            page_report.routes,
            file_routes(*SENDERS),
        ],
        live=builder.live(units.units, {Reports.kind: table}),
        state={
            "intake": Intake(
                uow,
                projection,
                GroupCommit(submit),
                categories,
                seal,
                FollowCodes(cipher),
                network,
                point_systems,
                classifier,
                StaffLinks(cipher),
            ),
            "feedback": Feedback(settings.reopen_days, PublicLinks(cipher)),
            "files": photos,
        },
        consumer=builder.consumer(subscriptions(projection, by_rule), uow),
        loops={**tidying, "intake.successions": successions.run},
    )
