"""Every version of an aggregate, beside the newest: one more row with each change, by its store's `written`.

A table of versions has the columns of the aggregate's own and `recorded_at`, the instant of the change. So "what was true
at the end of a day" is the newest version recorded before that day ended.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from shared.change import Change
from shared.db.bulk import insert_rows, parameters
from shared.db.rowcodec import RowCodec
from shared.db.unit_of_work import UnitOfWork

T = TypeVar("T")


async def keep_versions(uow: UnitOfWork, history: RowCodec[Any], changes: Sequence[Change[T]]) -> None:
    """Add what `changes` made to the table of versions."""
    arrays = history.arrays(history.names, [change.after for change in changes])
    arrays["recorded_at"] = [change.at for change in changes]
    statement = insert_rows(history.table, (*history.names, "recorded_at"))
    await uow.connection.execute(statement, parameters(history.table, arrays))
