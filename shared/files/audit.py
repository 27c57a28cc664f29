"""What an operator asks of files: is every photo that belongs to something there, as it was stored?"""

from collections.abc import AsyncIterator

import sqlalchemy as sa

from shared.audit.evidence import Evidence, Invariant, Violation
from shared.files.store import document_of, open_store, photo_of, thumbnail_of


def attached_is_there(service: str, files: sa.Table) -> Invariant:
    """9. Every attached photo was ready, and is there in its full size, with its thumbnail; and so is every document."""

    async def examine(e: Evidence) -> AsyncIterator[Violation]:
        if e.files is None:
            return
        store = open_store(e.files, service)
        columns = (files.c.id, files.c.ready_at, files.c.bytes, files.c.width, files.c.thing_kind, files.c.thing_id)
        async for row in e.rows(service, sa.select(*columns).where(files.c.thing_id.is_not(None))):
            e.count("photos")
            whose = f"of {row.thing_kind} {row.thing_id}"
            if row.ready_at is None:
                yield Violation(9, f"{service}: a photo {whose} was never finished", str(row.id))
            elif (size := await store.size(photo_of(row.id) if row.width else document_of(row.id))) is None:
                yield Violation(9, f"{service}: a photo {whose} is gone", str(row.id))
            elif size != row.bytes:
                yield Violation(9, f"{service}: a photo {whose} has {size} bytes, not {row.bytes}", str(row.id))
            elif row.width and await store.size(thumbnail_of(row.id)) is None:
                yield Violation(9, f"{service}: the thumbnail of a photo {whose} is gone", str(row.id))

    return examine
