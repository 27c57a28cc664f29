"""What every ledger's Excel must do, as checks to run on each of them: one row of `SheetCase` per ledger.

@pytest.mark.parametrize("check", SHEET_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("case", SHEETS, ids=lambda case: case.path)
async def test_the_sheet(service, case, check):
    await check(Sheets(service.client, service.token, service.rows), case)
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2

from shared.http.uploads import XLSX
from tests.support.api_contract import Who
from tests.support.workbooks import Cells, edited, rows_of, table

PROBLEM = "问题 / Problem"


@dataclass(frozen=True, slots=True)
class SheetCase:
    """`rows` under `header`, as an export writes them, are new and may be entered by `keeper`. Each of `bad` is a row
    that never is, behind what its reason says: its column, or a word. `stranger` keeps others of the kind elsewhere, and
    `unfit` has a role that may not."""

    path: str
    header: Cells
    rows: Sequence[Cells]
    bad: Sequence[tuple[str, Cells]]
    keeper: Who
    stranger: Who
    unfit: Who
    open_to_all: bool = False
    """Whether everybody of the staff may read it, wherever they are."""
    things: int | None = None
    """How many things the rows are, where not each is one."""
    drafts: bool = False
    """Whether what is entered is no part of an export yet."""


class Sheets:
    """The routes of a ledger, and how many rows its service has stored."""

    def __init__(
        self, client: httpx2.AsyncClient, token: Callable[..., str], stored: Callable[[], Awaitable[dict[str, int]]]
    ) -> None:
        self._client, self._token, self.stored = client, token, stored

    def _as(self, who: Who) -> dict[str, str]:
        return {"authorization": f"Bearer {self._token(*who)}"}

    async def sent(self, case: SheetCase, content: bytes, who: Who | None = None) -> httpx2.Response:
        return await self._client.post(f"{case.path}/import", content=content, headers=self._as(who or case.keeper))

    async def got(self, case: SheetCase, name: str, who: Who | None = None) -> bytes:
        answer = await self._client.get(f"{case.path}{name}", headers=self._as(who or case.keeper))
        assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX), answer.text
        assert answer.headers["content-disposition"].startswith("attachment")
        return answer.content

    async def done(self, case: SheetCase, content: bytes) -> dict[str, int]:
        """What an import says that it did; of one that answers with what is new, how much of that there is."""
        answer = await self.sent(case, content)
        told = rows_of(answer.content) if answer.headers["content-type"] == XLSX else answer.json()
        assert answer.status_code == 200, told
        return {"entered": len(told)} if isinstance(told, list) else told


def _plain(value: Any) -> str:
    """A cell as the rows of a case write it."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    return str(value)


async def it_is_taken_once_and_comes_out_as_it_came_in(sheets: Sheets, case: SheetCase) -> None:
    content, many = table(case.header, *case.rows), case.things or len(case.rows)
    assert (await sheets.done(case, content))["entered"] == many
    stored = await sheets.stored()
    exported = await sheets.got(case, ".xlsx")
    shown = [{name: _plain(row[name]) for name in case.header} for row in rows_of(exported)]
    for row in () if case.drafts else case.rows:
        told = {name: _plain(cell) for name, cell in zip(case.header, row, strict=True) if cell is not None}
        assert any(told.items() <= one.items() for one in shown), (told, shown)
    for again in (content, exported):
        done = await sheets.done(case, again)
        assert not done["entered"] and not done.get("changed") and done.get("same", many) >= many, done
    assert await sheets.stored() == stored


async def a_bad_row_is_told_and_nothing_is_taken(sheets: Sheets, case: SheetCase) -> None:
    before = await sheets.stored()
    answer = await sheets.sent(case, table(case.header, *case.rows, *(row for _, row in case.bad)))
    assert (answer.status_code, answer.headers["content-type"]) == (422, XLSX), answer.text
    said = [row[PROBLEM] or "" for row in rows_of(answer.content)]
    assert said[: len(case.rows)] == [""] * len(case.rows), "whole, to be mended and sent again"
    for line, ((wrong, _), words) in enumerate(zip(case.bad, said[len(case.rows) :], strict=True), len(case.rows) + 2):
        assert words.startswith(f"第 {line} 行 row {line}：") and wrong in words, (wrong, words)
        assert re.search(" / .*[a-z]", words), f"not in English: {words}"
    assert await sheets.stored() == before


async def the_template_comes_back_empty_and_takes_what_is_filled_in(sheets: Sheets, case: SheetCase) -> None:
    template = await sheets.got(case, "/template.xlsx")
    answer = await sheets.sent(case, template)
    assert (answer.status_code, answer.json()["code"]) == (422, "sheet_without_rows"), answer.text
    for at, row in enumerate(case.rows, 3):
        template = edited(template, at, dict(zip(case.header, row, strict=True)))
    assert (await sheets.done(case, template))["entered"] == (case.things or len(case.rows))


async def from_elsewhere_nothing_is_taken_and_nothing_shown(sheets: Sheets, case: SheetCase) -> None:
    before, content = await sheets.stored(), table(case.header, *case.rows)
    assert (await sheets.sent(case, content, case.unfit)).status_code == 403
    refused = await sheets.sent(case, content, case.stranger)
    assert refused.status_code == 422, refused.text
    assert await sheets.stored() == before
    if not case.open_to_all:
        await sheets.done(case, content)
        assert rows_of(await sheets.got(case, ".xlsx", case.stranger)) == []


SHEET_CHECKS = (
    it_is_taken_once_and_comes_out_as_it_came_in,
    a_bad_row_is_told_and_nothing_is_taken,
    the_template_comes_back_empty_and_takes_what_is_filled_in,
    from_elsewhere_nothing_is_taken_and_nothing_shown,
)
