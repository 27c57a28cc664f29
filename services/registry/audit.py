"""What an operator asks of registry: its trails, its reactions, and whether its photos are there."""

from uuid import UUID

import sqlalchemy as sa

from services.registry.accounts.store import Accounts
from services.registry.activities.store import Activities
from services.registry.availability.store import Leaves, Shifts
from services.registry.composition.store import PeopleFacts
from services.registry.duties.store import Duties, Plans
from services.registry.hazards.store import Hazards
from services.registry.hazards.table import hazards
from services.registry.inspections.checklist_store import Checklists
from services.registry.inspections.store import Inspections
from services.registry.meetings.store import Meetings
from services.registry.posts.store import Posts
from services.registry.premises.file_store import FileEntries
from services.registry.premises.store import Ledger as Premises
from services.registry.proposals.store import Proposals
from services.registry.restructuring.store import Restructurings
from services.registry.schema import files
from services.registry.subscriptions import subscriptions
from services.registry.summary.store import Summaries
from services.registry.units.store import Units
from shared.audit.evidence import Evidence, Stands
from shared.audit.examination import Question
from shared.files.audit import attached_is_there
from shared.worktime.calendar import china


async def of_hazards(e: Evidence) -> dict[UUID, Stands]:
    """Where each hazard stands that was not fixed on the spot."""
    h = hazards.c
    stands = sa.case((h.state == "rectified", "closed"), (h.state == "awaiting_reinspection", "resolved"), else_="open")
    query = sa.select(h.id, h.number, stands.label("stands"), h.rectify_due_at, h.moved_at)
    rows = e.rows("registry", query.where(h.state != "fixed_on_spot"))
    return {row.id: Stands(row.number, row.stands, row.rectify_due_at, row.moved_at) async for row in rows}


_STORES = (
    Units, Posts, Premises, FileEntries, Hazards, Inspections, Duties, Plans, Proposals, Restructurings, Accounts, Leaves, Shifts, PeopleFacts,
    Activities, Meetings, Summaries, Checklists,
)  # fmt: skip
aggregates = {store.kind: store.codec.table for store in _STORES}
reactions = subscriptions(china())
invariants = (attached_is_there("registry", files),)
questions: dict[str, Question] = {}
