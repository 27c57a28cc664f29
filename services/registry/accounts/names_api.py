"""What staff are called, for pages that show who acted in services that know subjects alone, and for choosing one."""

from typing import Annotated, Final

from fastapi import Query
from pydantic import BaseModel, Field

from services.registry.accounts.reading import AccountReader, Colleague
from services.registry.deps import Keeper, RegistryDep, Staff
from shared.http.routes import router
from shared.http.types import QueryModel, ShortText

routes = router(tags=["账号 · Accounts"])
_CHOICES: Final = 20


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


class CalledQuery(QueryModel):
    """`q`: part of a name or user name, the end of a phone number (four digits or more), or the beginning of what somebody
    signs in as."""

    q: ShortText


class CalledOut(BaseModel):
    """At most 20, who is meant exactly first. Who has no account has no name to be found by."""

    items: list[Colleague]


@routes.get("/people/called")
async def people_called(query: Annotated[CalledQuery, Query()], caller: Keeper, registry: RegistryDep) -> CalledOut:
    """Whom you may mean, of the people in your part of the tree: for choosing one in a form · 按姓名选人。"""
    async with registry.uow() as uow:
        found = await AccountReader(uow, caller).called(query.q, limit=_CHOICES)
    return CalledOut(items=found)
