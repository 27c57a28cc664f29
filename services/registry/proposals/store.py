"""Proposals as rows, and reading them within the caller's part of the tree: both sides and the unit above see them."""

from collections.abc import Sequence
from uuid import UUID

from services.registry.proposals.proposal import Proposal, State
from services.registry.proposals.table import proposals
from services.registry.units.table import units
from shared.auth.principal import Principal
from shared.db.aggregates import Aggregates
from shared.db.keyset import Page, keyset
from shared.db.rowcodec import RowCodec
from shared.db.unit_of_work import UnitOfWork
from shared.units.scope import Scope


class Proposals(Aggregates[Proposal]):
    kind = "proposal"
    codec = RowCodec(Proposal, proposals)

    async def waiting(self) -> Sequence[Proposal]:
        """Those on which nothing is decided."""
        return await self.where(proposals.c.state == State.PROPOSED)


class ProposalReader:
    def __init__(self, uow: UnitOfWork, caller: Principal) -> None:
        self._connection, self._caller = uow.connection, caller
        self._scope = Scope(units, caller)

    async def one(self, id: UUID) -> Proposal | None:
        return await Proposals.seen(self._connection, self._scope.select(proposals).where(proposals.c.id == id))

    async def find(self, *, state: State | None, waiting: bool, limit: int, after: str | None) -> Page[Proposal]:
        """A page in the order in which they were made."""
        query = self._scope.select(proposals)
        if state is not None:
            query = query.where(proposals.c.state == state)
        if waiting:
            query = query.where(
                proposals.c.state == State.PROPOSED,
                proposals.c.proposed_by != self._caller.subject,
                self._scope.covers(proposals.c.decided_in),
            )
        return await keyset(self._connection, query, (proposals.c.id,), Proposals.codec.of, limit=limit, after=after)
