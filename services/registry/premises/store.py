"""Premises as rows: what writers look at, and the numbers of new files."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import sqlalchemy as sa

from services.registry.premises.names import spelled
from services.registry.premises.premises import Premises
from services.registry.premises.table import premises, premises_versions, serials
from shared.change import Change
from shared.db.aggregates import Aggregates
from shared.db.history import keep_versions
from shared.db.rowcodec import RowCodec
from shared.numbers import new_serials

_SPELLED: dict[str, Callable[[Premises], Any]] = {"spelled": lambda one: spelled(one.about.name)}
HISTORY = RowCodec(Premises, premises_versions, beside=("recorded_at",), derived=_SPELLED)


class Ledger(Aggregates[Premises]):
    kind = "premises"
    codec = RowCodec(Premises, premises, derived={"key": lambda one: one.key, **_SPELLED})

    async def known(self, *, keys: Collection[str] = (), numbers: Collection[str] = ()) -> Sequence[Premises]:
        """The premises that are known by one of `keys`, or have one of `numbers`."""
        # Arrays: a table has more rows than a statement may have parameters.
        wanted = sa.or_(
            *(
                column == sa.any_(sa.literal(list(values), sa.ARRAY(sa.Text)))
                for column, values in ((premises.c.key, keys), (premises.c.number, numbers))
            )
        )
        rows = await self._uow.connection.execute(sa.select(*self.codec.columns).where(wanted))
        return [self.codec.of_values(row) for row in rows]

    async def new_numbers(self, count: int) -> list[str]:
        """The running parts of `count` new numbers; never handed out again."""
        return await new_serials(self._uow.connection, serials, count)

    async def written(self, changes: Sequence[Change[Premises]]) -> None:
        await keep_versions(self._uow, HISTORY, changes)
