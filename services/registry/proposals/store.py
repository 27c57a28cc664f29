"""Proposals as rows, and reading them within the caller's part of the tree: both sides and the unit above see them."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.registry.errors import PROPOSAL_NOT_FOUND
from services.registry.proposals.proposal import Proposal, State
from services.registry.proposals.table import proposals
from services.registry.units.table import units
from shared.db.aggregates import Aggregates
from shared.db.filters import equal
from shared.db.keyset import Paged
from shared.db.rowcodec import RowCodec
from shared.db.scoped_reader import ScopedReader
from shared.http.pages import PageQuery


class Proposals(Aggregates[Proposal]):
    kind = "proposal"
    codec = RowCodec(Proposal, proposals)

    async def waiting(self) -> Sequence[Proposal]:
        """Those on which nothing is decided."""
        return await self.where(proposals.c.state == State.PROPOSED)


class ProposalQuery(PageQuery):
    """`waiting`: only those that wait for your decision."""

    state: State | None = None
    waiting: bool = False
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class ProposalReader(ScopedReader[Proposal]):
    units, store, missing = units, Proposals, PROPOSAL_NOT_FOUND

    def find(self, wanted: ProposalQuery) -> Paged[Proposal]:
        """In the order in which they were made."""
        query = self._select().where(*equal({proposals.c.state: wanted.state}))
        if wanted.waiting:
            query = query.where(
                proposals.c.state == State.PROPOSED,
                proposals.c.proposed_by != self._caller.subject,
                self._scope.covers(proposals.c.decided_in),
            )
        return Paged(self._connection, query, (proposals.c.id,), self._read)
