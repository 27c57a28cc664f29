"""A ledger as Excel over HTTP: what a filter shows, a template, and an import that takes all of a table or nothing.

    sheet_routes(routes, POSTS, "/posts", service=RegistryDep, sees=Staff, filter=PostFilter, rows=_rows, keeps=Keeper,
                 most=2_000, take=_take)

The path names the things in English, the ledger in Chinese. Put the routes before `/{id}`, which would take
`template.xlsx`. A table can do nothing that a form cannot: `take` asks the handlers of the forms.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ValidationError

from shared.auth.principal import Principal
from shared.errors import GridGovError, Invalid
from shared.http import problem_texts
from shared.http.call import Call, S
from shared.http.types import MediumText, QueryModel
from shared.http.uploads import FILE_BODY, REFUSED_ROWS, WORKBOOK, download, uploaded
from shared.sheets.columns import Called, Kind
from shared.sheets.ledger import Ledger
from shared.sheets.reading import Check, Unread
from shared.sheets.rows import Row
from shared.sheets.streaming import exported
from shared.sheets.taking import RowsRefused, Sent, Taken

LARGEST: Final = 32 * 1024 * 1024
"""Bytes of a table that is imported; what it holds is measured before anything is made of it."""


B = TypeVar("B", bound=BaseModel)
Q = TypeVar("Q", bound=QueryModel)
Pages = AsyncIterator[Sequence[Mapping[str, Any]]]
"""Rows as the ledger exports them, some at a time."""


class Passed(BaseModel):
    """What of a file was not read, in words."""

    zh: str
    en: str


def passed(unread: Iterable[Unread]) -> list[Passed]:
    """What else was in the file of an import."""
    return [Passed(zh=one.zh, en=one.en) for one in unread]


class Imported(BaseModel):
    """How many things of the table were entered, how many changed, and how many were there already as it says. `unread`:
    what else is in the file, hidden rows, sums, columns that nobody asked for, rows of what a table cannot change; left out
    where there is nothing."""

    entered: int
    changed: int
    same: int
    unread: list[Passed] = []


class ImportQuery(QueryModel):
    """`why` goes on the trail of each thing that is entered or changes."""

    why: MediumText | None = None


def sheet_routes(
    routes: APIRouter,
    ledger: Ledger,
    path: str,
    *,
    service: Any,
    sees: Any,
    filter: type[Q],
    rows: Callable[[Q, Call[S]], Pages],
    keeps: Any,
    most: int,
    take: Callable[[Sequence[Row], Call[S]], Awaitable[Taken]],
    by_name: Callable[[S, Principal, Collection[Kind]], Awaitable[Called]] | None = None,
    note: str = "",
) -> None:
    """All three routes. `service`, `sees` (export, template) and `keeps` (import) are the annotations of an endpoint's
    parameters; `by_name` finds what a row means that names a unit or a person; `note` says what else is to be known of an
    import."""
    export_route(routes, ledger, path, service=service, sees=sees, filter=filter, rows=rows)
    template_route(routes, ledger, path, sees=sees)

    async def import_(
        query: Annotated[ImportQuery, Query()], request: Request, caller: Principal, service: S
    ) -> Imported | Response:
        called = await by_name(service, caller, ledger.kinds) if by_name else None
        sent = await sent_table(request, ledger, most, called)
        try:
            async with service.uow() as uow:
                taken = await take(sent.reading.rows, Call(caller, uow, service, query.why))
                sent.require_all(taken.refused)
        except RowsRefused as refused:
            return await refused_file(refused)
        unread = passed((*sent.reading.unread, *taken.unread))
        return Imported(entered=taken.entered, changed=taken.changed, same=taken.same, unread=unread)

    import_.__annotations__ |= {"caller": keeps, "service": service}
    words = _words(path)
    routes.post(
        f"{path}/import", name=f"import {words}", max_body_size=LARGEST, response_model=Imported,
        response_model_exclude_defaults=True, openapi_extra=FILE_BODY, responses=REFUSED_ROWS,
        description=f"Enter and change the {words} of a table (up to {most:,}), all or nothing; again the second time it "
        f"changes nothing. {note}Where a row is refused, the file comes back whole with a column that says why; nothing was "
        f"changed then · 导入{ledger.name}。",
    )(import_)  # fmt: skip


def export_route(
    routes: APIRouter,
    ledger: Ledger,
    path: str,
    *,
    service: Any,
    sees: Any,
    filter: type[Q],
    rows: Callable[[Q, Call[S]], Pages],
) -> None:
    """The route for all that the list shows with the same filter: read and written in parts, few of them held at a time."""

    async def export(query: Q, caller: Principal, service: S) -> Response:
        async with service.uow() as uow:
            content = await exported(ledger, rows(query, Call(caller, uow, service)))
        return download(content, f"{ledger.name} {words}.xlsx")

    export.__annotations__ |= {"query": Annotated[filter, Query()], "caller": sees, "service": service}
    words = _words(path)
    routes.get(
        f"{path}.xlsx", name=f"export {words}", response_class=Response, responses=WORKBOOK,
        description=f"All {words} that the same filter shows, as a workbook · 导出{ledger.name}。",
    )(export)  # fmt: skip


def template_route(routes: APIRouter, ledger: Ledger, path: str, *, sees: Any) -> None:
    """The route for an empty table."""

    async def template(caller: Principal) -> Response:  # noqa: ARG001 - who may call it
        return download(await asyncio.to_thread(ledger.template), f"{ledger.name}模板 {words}.xlsx")

    template.__annotations__ |= {"caller": sees}
    words = _words(path)
    routes.get(
        f"{path}/template.xlsx", name=f"template of {words}", response_class=Response, responses=WORKBOOK,
        description=f"An empty table of {words} with drop-downs and notes · {ledger.name}导入模板。",
    )(template)  # fmt: skip


async def sent_table(request: Request, ledger: Ledger, most: int, called: Called | None = None) -> Sent:
    """The table in the body, read. Raises Invalid, TooLarge, and Invalid for more than `most` rows."""
    return await asyncio.to_thread(Sent.of, ledger, await uploaded(request, LARGEST), most, called)


async def refused_file(refused: RowsRefused) -> Response:
    """The answer to an import that took nothing."""
    return download(*await asyncio.to_thread(refused.file), status=422)


def as_body(body: type[B], told: Mapping[str, Any]) -> B:
    """A row as a form would say it: `body` of the columns that are called as its fields, without what is empty. Raises
    ValidationError."""
    said = {name: told[name] for name in body.model_fields if told.get(name) not in (None, "")}
    return body.model_validate_json(json.dumps(said, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def as_a_form(read: Callable[[Mapping[str, Any]], object]) -> Check:
    """The check of a ledger whose rows are read as the bodies of a form are: `read` raises ValidationError, or our own."""

    def check(told: Mapping[str, Any]) -> Iterator[GridGovError]:
        try:
            read(told)
        except ValidationError as error:
            found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
            for why in problem_texts.fields(found):
                yield Invalid(why["code"], why["zh"], why["en"], field=_column(why["field"]))
        except GridGovError as error:
            yield type(error)(error.code, error.zh, error.en, field=_column(error.field or ""))

    return check


def _column(field: str) -> str:
    """The column of a field of the body: what is nested there stands beside the others in a table."""
    return next((part for part in reversed(field.split(".")) if not part.isdigit()), field)


def _words(path: str) -> str:
    return path.strip("/").replace("-", " ")
