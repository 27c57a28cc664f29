"""The table of proposals."""

import sqlalchemy as sa

from services.registry.proposals.proposal import Proposal
from services.registry.schema import metadata
from shared.db.columns import columns_of
from shared.units.scope import placed_by

proposals = sa.Table(
    "proposals",
    metadata,
    *columns_of(Proposal),
    sa.Index("proposals_state", "state", "id"),
    info=placed_by("decided_in", "concerned", owned_by="proposed_by"),
)
