"""Activities as rows: what writers look at, and the numbers of new ones."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from services.registry.activities.activity import Activity
from services.registry.activities.table import activities, serials
from shared.db.aggregates import Aggregates
from shared.db.rowcodec import RowCodec
from shared.numbers import new_serials


class Activities(Aggregates[Activity]):
    kind = "activity"
    codec = RowCodec(Activity, activities, derived={"key": lambda one: one.key})

    async def known(self, *, keys: Collection[str] = (), numbers: Collection[str] = ()) -> Sequence[Activity]:
        """The activities that are known by one of `keys`, or have one of `numbers`."""
        wanted = sa.or_(
            *(
                column == sa.any_(sa.literal(list(values), sa.ARRAY(sa.Text)))
                for column, values in ((activities.c.key, keys), (activities.c.number, numbers))
            )
        )
        return await self.where(wanted)

    async def new_numbers(self, count: int) -> list[str]:
        """The running parts of `count` new numbers; never handed out again."""
        return await new_serials(self._uow.connection, serials, count)
