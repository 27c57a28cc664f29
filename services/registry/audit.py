"""What an operator asks of registry: its trails, and whether its photos are there. It listens to nobody."""

from services.registry.accounts.store import Accounts
from services.registry.activities.store import Activities
from services.registry.meetings.store import Meetings
from services.registry.posts.store import Posts
from services.registry.premises.file_store import FileEntries
from services.registry.premises.store import Ledger as Premises
from services.registry.proposals.store import Proposals
from services.registry.schema import files
from services.registry.units.store import Units
from shared.audit.examination import Question
from shared.files.audit import attached_is_there

aggregates = {
    store.kind: store.codec.table
    for store in (Units, Posts, Premises, FileEntries, Proposals, Accounts, Activities, Meetings)
}
reactions = None
invariants = (attached_is_there("registry", files),)
questions: dict[str, Question] = {}
