"""What an operator asks of registry: its trails. It listens to nobody and has no invariants of its own."""

from services.registry.accounts.store import Accounts
from services.registry.duties.store import Duties, Plans
from services.registry.posts.store import Posts
from services.registry.premises.file_store import FileEntries
from services.registry.premises.store import Ledger as Premises
from services.registry.proposals.store import Proposals
from services.registry.units.store import Units
from shared.audit.evidence import Invariant
from shared.audit.examination import Question

aggregates = {
    store.kind: store.codec.table for store in (Units, Posts, Premises, FileEntries, Duties, Plans, Proposals, Accounts)
}
reactions = None
invariants: tuple[Invariant, ...] = ()
questions: dict[str, Question] = {}
