"""What an operator asks of registry: its trails, its reactions, and whether its photos are there."""

from services.registry.accounts.store import Accounts
from services.registry.availability.store import Leaves, Shifts
from services.registry.composition.store import PeopleFacts
from services.registry.duties.store import Duties, Plans
from services.registry.inspections.store import Inspections
from services.registry.posts.store import Posts
from services.registry.premises.file_store import FileEntries
from services.registry.premises.store import Ledger as Premises
from services.registry.proposals.store import Proposals
from services.registry.schema import files
from services.registry.subscriptions import subscriptions
from services.registry.units.store import Units
from shared.audit.examination import Question
from shared.files.audit import attached_is_there
from shared.worktime.calendar import china

aggregates = {
    store.kind: store.codec.table
    for store in (
        Units,
        Posts,
        Premises,
        FileEntries,
        Duties,
        Plans,
        Inspections,
        Proposals,
        Accounts,
        Leaves,
        Shifts,
        PeopleFacts,
    )
}
reactions = subscriptions(china())
invariants = (attached_is_there("registry", files),)
questions: dict[str, Question] = {}
