"""Page cursors: where a page sorted by (instant, id) ended, as one opaque word."""

import base64
import binascii
import json
from datetime import datetime
from uuid import UUID

from shared.errors import Invalid


def cursor(at: datetime, row_id: UUID) -> str:
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), str(row_id)]).encode()).decode()


def read_cursor(text: str) -> tuple[datetime, UUID]:
    """Where the page before ended. Raises Invalid for a word that is not one of ours."""
    try:
        at, row_id = json.loads(base64.urlsafe_b64decode(text))
        instant = datetime.fromisoformat(at)
        if instant.tzinfo is None:
            raise ValueError(at)
        return instant, UUID(row_id)
    except (ValueError, TypeError, AttributeError, binascii.Error):
        raise Invalid(
            "cursor_invalid",
            "翻页标记无效，请从第一页重新读取。",
            "The cursor is not one of ours; read again from the first page.",
            field="after",
        ) from None
