"""Registry, put together: API, relay, consumer and housekeeping on the resources that were opened."""

from services.registry.accounts import api as accounts
from services.registry.accounts import names_api as names
from services.registry.accounts import session_api as session
from services.registry.accounts import sheet_api as accounts_sheet
from services.registry.accounts.by_name_reading import by_name
from services.registry.accounts.deps import Access
from services.registry.accounts.metrics import SignInMetrics
from services.registry.accounts.names_reading import called, colleagues, names_of
from services.registry.accounts.passwords import Passwords
from services.registry.accounts.sign_in import SignIn
from services.registry.activities import api as activities
from services.registry.activities import sheet_api as activities_sheet
from services.registry.activities.in_file import activities_in_file
from services.registry.activities.store import Activities
from services.registry.activities.table import activities as activity_rows
from services.registry.availability import leave_api, shifts_api
from services.registry.availability import sheet_api as availability_sheet
from services.registry.city.seed import DATA, SEEDING, seed
from services.registry.composition import api as composition
from services.registry.composition import sheet_api as composition_sheet
from services.registry.coverage import api as coverage
from services.registry.demo.make_demo import make_demo
from services.registry.deps import Registry
from services.registry.duties import api as duties
from services.registry.duties import plan_api as duty_plans
from services.registry.duties import sheet_api as duties_sheet
from services.registry.duties.count_entries import count_entries
from services.registry.duties.keep_duties import KeepDuties
from services.registry.duties.seed_plans import seed_plans
from services.registry.duties.store import Duties
from services.registry.duties.table import duties as duty_rows
from services.registry.hazards import api as hazards
from services.registry.hazards import sheet_api as hazards_sheet
from services.registry.hazards.follow_calendar import follow_calendar
from services.registry.hazards.lifecycle import FINDERS
from services.registry.hazards.store import Hazards
from services.registry.hazards.table import hazards as hazard_rows
from services.registry.inspections import api as inspections
from services.registry.inspections import checklist_api as checklists
from services.registry.inspections import checklist_sheet_api as checklists_sheet
from services.registry.inspections import sheet_api as inspections_sheet
from services.registry.inspections.store import Inspections
from services.registry.inspections.table import inspections as inspection_rows
from services.registry.meetings import api as meetings
from services.registry.meetings import sheet_api as meetings_sheet
from services.registry.meetings.meeting import KEEPERS
from services.registry.meetings.store import Meetings
from services.registry.meetings.table import meetings as meeting_rows
from services.registry.posts import api as posts
from services.registry.posts import sheet_api as posts_sheet
from services.registry.posts.follow_premises import follow_premises
from services.registry.posts.store import holders
from services.registry.premises import api as premises
from services.registry.premises import file_api as premises_file
from services.registry.premises import file_sheet_api as premises_file_sheet
from services.registry.premises import sheet_api as premises_sheet
from services.registry.premises.deps import INSPECTORS
from services.registry.premises.file_store import FileEntries
from services.registry.premises.file_table import file_entries
from services.registry.premises.store import Ledger
from services.registry.premises.table import premises as premises_rows
from services.registry.proposals import api as proposals
from services.registry.proposals.store import Proposals
from services.registry.proposals.table import proposals as proposal_rows
from services.registry.restructuring import api as restructuring
from services.registry.restructuring import sheet_api as restructuring_sheet
from services.registry.restructuring.owned import OWNED
from services.registry.restructuring.store import Restructurings
from services.registry.restructuring.table import restructurings
from services.registry.restructuring.watch import RestructuringWatch
from services.registry.schema import files, measured_by, tables
from services.registry.subscriptions import subscriptions
from services.registry.summary import api as summary
from services.registry.summary.watch import SummaryWatch
from services.registry.units import api as units
from services.registry.units import map_api as maps
from services.registry.units import sheet_api as sheet
from services.registry.units import tree_api as tree
from services.registry.units.table import successions
from services.registry.units.table import units as unit_rows
from shared.calendar_watch import CalendarWatch
from shared.db.unit_of_work import UnitOfWork
from shared.field_cipher import FieldCipher
from shared.files import document_api as documents
from shared.files.api import file_routes
from shared.files.attach import Inside, Owner
from shared.files.public_link import StaffLinks
from shared.service import Resources, Service
from shared.service_builder import service_builder
from shared.units.succession import SuccessionWatch
from shared.worktime.calendar import china


def build(resources: Resources) -> Service:
    builder = service_builder(resources, tables)
    passwords, calendar = Passwords(), china()

    cipher = FieldCipher(resources.keys)

    def uow() -> UnitOfWork:
        return UnitOfWork(builder.database)

    async def first_city() -> None:
        async with uow() as work:
            new = await seed(work, resources.settings.city)
            await seed_plans(work, by=SEEDING)
            if new and resources.settings.demo and resources.settings.city is None:
                await make_demo(work, DATA, cipher, calendar, photos)

    owners: dict[str, Owner] = {
        Duties.kind: duty_rows,
        Hazards.kind: hazard_rows,
        Inspections.kind: inspection_rows,
        Activities.kind: activity_rows,
        Meetings.kind: meeting_rows,
        FileEntries.kind: Inside(file_entries, "premises_id", premises_rows),
    }
    photos, tidying = builder.files(files, owners, unit_rows, served=True)
    sign_in = SignIn(uow, passwords, SignInMetrics(resources.metrics.registry))
    return builder.service(
        title="网格通·登记 GridGov registry",
        routers=[
            session.routes,
            accounts_sheet.routes,
            accounts.routes,
            names.routes,
            sheet.routes,
            units.routes,
            maps.routes,
            tree.routes,
            posts_sheet.routes,
            posts.routes,
            availability_sheet.routes,
            leave_api.routes,
            shifts_api.routes,
            composition_sheet.routes,
            composition.routes,
            coverage.routes,
            premises_sheet.routes,
            premises_file_sheet.routes,
            premises_file.routes,
            premises.routes,
            duties_sheet.routes,
            hazards_sheet.routes,
            hazards.routes,
            duties.routes,
            duty_plans.routes,
            inspections_sheet.routes,
            checklists_sheet.routes,
            checklists.routes,
            inspections.routes,
            proposals.routes,
            summary.routes,
            restructuring_sheet.routes,
            restructuring.routes,
            activities_sheet.routes,
            activities.routes,
            meetings_sheet.routes,
            meetings.routes,
            documents.routes,
            file_routes(*sorted(FINDERS | set(INSPECTORS) | set(KEEPERS))),
        ],
        live=builder.live(
            unit_rows,
            {
                Proposals.kind: proposal_rows,
                Restructurings.kind: restructurings,
                Ledger.kind: premises_rows,
                Duties.kind: duty_rows,
                Hazards.kind: hazard_rows,
                Inspections.kind: inspection_rows,
                Activities.kind: activity_rows,
            },
            served=(Ledger.kind, *owners),
        ),
        state={
            "registry": Registry(
                uow,
                holders,
                names_of,
                colleagues,
                called,
                by_name,
                follow_premises,
                calendar,
                StaffLinks(cipher),
                cipher,
            ),
            "access": Access(uow, resources.signer, sign_in, passwords, resources.behind_proxy),
            "files": photos,
            "file_ledgers": (activities_in_file,),
            "entry_written": count_entries(calendar),
        },
        consumer=builder.consumer(subscriptions(calendar), uow),
        loops={
            **tidying,
            "registry.duties": KeepDuties(uow, calendar).run,
            "registry.summaries": SummaryWatch(uow, calendar).run,
            "registry.calendar": CalendarWatch(uow, measured_by, calendar, follow_calendar, service="registry").run,
            "registry.restructuring": RestructuringWatch(uow).run,
            "registry.successions": SuccessionWatch(uow, successions, OWNED, service="registry").run,
        },
        seed=first_city,
    )
