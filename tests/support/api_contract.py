"""What the API of every aggregate must do, as checks to run on each of them: one row of `ApiCase` per aggregate.

CASES = {"posts": posts_case, ...}        # async: put something there, and say how it is reached

@pytest.mark.parametrize("check", API_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_the_api(service, case, check):
    await check(Api(service.client, service.token), await case(service))

An aggregate that nobody changes over HTTP says `change=None` and runs `READ_CHECKS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import httpx2

from shared.auth.principal import Role


class Who(NamedTuple):
    role: Role
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class ApiCase:
    """`one` is the path of a single one, `many` that of a list with at least four; `change` (method, path, body) is
    right at the present version, and `malformed` a body that never is. `keeper` may read and change it, `stranger` may
    change others of the kind but lies elsewhere, `unfit` has a role that may not change any."""

    one: str
    many: str
    keeper: Who
    stranger: Who
    unfit: Who | None = None
    change: tuple[str, str, Any] | None = None
    malformed: Any = None
    name: str = "id"
    """The field that tells the items of the list apart."""
    open_to_all: bool = False
    """Whether everybody who signed in may read it, wherever they are."""
    without_version: int = 428
    """409 where the same request without If-Match would make a new one (PUT)."""


class Api:
    def __init__(self, client: httpx2.AsyncClient, token: Callable[[Role, str | None], str]) -> None:
        self._client, self._token = client, token

    async def ask(
        self, method: str, path: str, who: Who | None, body: Any = None, *, if_match: str | None = None
    ) -> httpx2.Response:
        headers = {"authorization": f"Bearer {self._token(*who)}"} if who is not None else {}
        if if_match is not None:
            headers["if-match"] = if_match
        return await self._client.request(method, path, json=body, headers=headers)

    async def change(self, case: ApiCase, who: Who | None, if_match: str | None) -> httpx2.Response:
        assert case.change is not None
        method, path, body = case.change
        return await self.ask(method, path, who, body, if_match=if_match)

    async def etag(self, case: ApiCase) -> str:
        answer = await self.ask("GET", case.one, case.keeper)
        assert answer.status_code == 200, answer.text
        assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
        return str(answer.headers["etag"])


async def nobody_comes_in_without_a_token(api: Api, case: ApiCase) -> None:
    answers = [await api.ask("GET", path, None) for path in (case.one, case.many)]
    if case.change is not None:
        answers.append(await api.change(case, None, '"1"'))
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "token_missing")}


async def a_role_that_may_not_is_told_so(api: Api, case: ApiCase) -> None:
    answer = await api.change(case, case.unfit, await api.etag(case))
    assert (answer.status_code, answer.json()["code"]) == (403, "role_not_permitted")


async def from_elsewhere_it_is_not_there(api: Api, case: ApiCase) -> None:
    read = await api.ask("GET", case.one, case.stranger)
    assert read.status_code == (200 if case.open_to_all else 404)
    listed = await api.ask("GET", case.many, case.stranger)
    mine = await api.ask("GET", case.many, case.keeper)
    names = {item[case.name] for item in mine.json()["items"]}
    assert names
    assert case.open_to_all or not names & {item[case.name] for item in listed.json()["items"]}


async def from_elsewhere_it_does_not_change(api: Api, case: ApiCase) -> None:
    etag = await api.etag(case)
    changed = await api.change(case, case.stranger, etag)
    assert changed.status_code == (403 if case.open_to_all else 404)
    assert await api.etag(case) == etag


async def a_change_wants_the_version_that_was_read(api: Api, case: ApiCase) -> None:
    etag = await api.etag(case)
    for if_match, status in ((None, case.without_version), ('"999"', 412), ("1", 422), ('"x"', 422), ("*", 422)):
        answer = await api.change(case, case.keeper, if_match)
        assert answer.status_code == status, (if_match, answer.text)
        assert await api.etag(case) == etag


async def a_change_answers_with_the_new_version_and_the_old_one_is_stale(api: Api, case: ApiCase) -> None:
    etag = await api.etag(case)
    changed = await api.change(case, case.keeper, etag)
    assert changed.status_code == 200, changed.text
    assert changed.headers["etag"] != etag
    assert changed.headers["etag"] == await api.etag(case)
    late = await api.change(case, case.keeper, etag)
    assert (late.status_code, late.json()["code"]) == (412, "version_mismatch")


async def what_is_malformed_names_its_field(api: Api, case: ApiCase) -> None:
    assert case.change is not None
    method, path, _ = case.change
    answer = await api.ask(method, path, case.keeper, case.malformed, if_match=await api.etag(case))
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"]
    assert {"title_zh", "title_en"} <= answer.json().keys()


async def pages_show_every_one_once_and_say_honestly_when_there_is_no_more(api: Api, case: ApiCase) -> None:
    async def walk(limit: int) -> list[str]:
        found: list[str] = []
        after = ""
        while True:
            joined = "&" if "?" in case.many else "?"
            answer = await api.ask("GET", f"{case.many}{joined}limit={limit}{after}", case.keeper)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += [item[case.name] for item in page["items"]]
            if page["next"] is None:
                return found
            assert len(page["items"]) == limit
            after = f"&after={page['next']}"

    whole = await walk(100)
    assert len(whole) == len(set(whole)) >= 4
    for limit in (1, 2, 3, len(whole) - 1, len(whole)):
        assert await walk(limit) == whole, limit
    odd = await api.ask("GET", f"{case.many}{'&' if '?' in case.many else '?'}after=AAAA", case.keeper)
    assert (odd.status_code, odd.json()["field"]) == (422, "after")


READ_CHECKS = (
    nobody_comes_in_without_a_token,
    from_elsewhere_it_is_not_there,
    pages_show_every_one_once_and_say_honestly_when_there_is_no_more,
)
API_CHECKS = (
    *READ_CHECKS,
    a_role_that_may_not_is_told_so,
    from_elsewhere_it_does_not_change,
    a_change_wants_the_version_that_was_read,
    a_change_answers_with_the_new_version_and_the_old_one_is_stale,
    what_is_malformed_names_its_field,
)
