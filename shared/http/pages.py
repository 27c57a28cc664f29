"""Lists over HTTP, page by page: what a query says of the page it wants, and the page as it is answered."""

from collections.abc import Callable
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, Field

from shared.db.keyset import Page
from shared.http.types import Cursor, QueryModel

T = TypeVar("T")
R = TypeVar("R")


class PageQuery(QueryModel):
    """A page of at most `limit` rows behind the cursor `after`. A list's query derives from this and from its filter."""

    limit: Annotated[int, Field(ge=1, le=500)] = 100
    after: Cursor | None = None


class PageOut(BaseModel, Generic[T]):
    """`next` is the cursor of the following page, null at the end."""

    items: list[T]
    next: str | None = None

    @classmethod
    def of(cls, page: Page[R], show: Callable[[R], T]) -> "PageOut[T]":
        """The rows of a page as `show` tells each of them."""
        return cls(items=[show(row) for row in page.rows], next=page.next)
