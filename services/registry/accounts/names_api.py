"""What staff are called, for pages that show who acted in services that know subjects alone."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from services.registry.deps import RegistryDep, Staff
from shared.http.routes import router
from shared.http.types import QueryModel, ShortText

routes = router(tags=["账号 · Accounts"])


class NamesQuery(QueryModel):
    """Subjects, as trails name those who acted."""

    subject: Annotated[list[ShortText], Field(min_length=1, max_length=50)]


class PersonName(BaseModel):
    subject: str
    name: str


class NamesOut(BaseModel):
    """Of those whose work you may meet and who have an account; the others have no name here."""

    items: list[PersonName]


@routes.get("/names")
async def names(query: Annotated[NamesQuery, Query()], caller: Staff, registry: RegistryDep) -> NamesOut:
    """What people who acted are called, for staff · 留痕中经办人的姓名。"""
    async with registry.uow() as uow:
        found = await registry.people(uow, caller, query.subject)
    return NamesOut(items=[PersonName(subject=subject, name=name) for subject, name in sorted(found.items())])
