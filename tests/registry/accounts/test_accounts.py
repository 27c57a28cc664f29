"""Keeping accounts: who may make, edit, lock and reset whose, and what that does to who is signed in."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from services.registry.accounts.account import FAILURES
from services.registry.accounts.sign_in import CROWD
from shared.auth.principal import Role
from tests.registry.accounts.people import PASSWORD, Browser, code_for, person
from tests.registry.conftest import Registry

pytestmark = pytest.mark.anyio
NEW = "another long one"


@pytest.fixture
async def browser(registry: Registry) -> Browser:
    await registry.fill()
    return Browser(registry.client)


async def make(registry: Registry, by: str | None = "R1-S", **body: Any) -> httpx2.Response:
    told = {"person": "P1", "user": "zhang", "name": "张三", "unit": "R1-S", **body}
    return await registry.call("POST", "/accounts", told, unit=by)


async def do(registry: Registry, action: str, account: dict[str, Any], unit: str | None = "R1-S") -> httpx2.Response:
    path = f"/accounts/{account['id']}/{action}"
    return await registry.call("POST", path, {"why": "离岗"}, unit=unit, if_match=account["version"])


async def test_who_is_given_an_account_signs_in_by_its_link_and_chooses_a_password(
    registry: Registry, browser: Browser
) -> None:
    made = await make(registry)
    assert made.status_code == 201, made.text
    told = (await browser.ask("POST", "/session/link", {"code": made.json()["code"], "device": "phone"})).json()
    assert (told["must_change"], told["post"], told["role"], len(told["posts"])) == (True, None, "resident", 1)
    assert (await browser.ask("GET", "/posts")).status_code == 403  # until a password is chosen
    short = await browser.ask("PUT", "/session/password", {"new": "short"})
    assert short.status_code == 422
    chosen = (await browser.ask("PUT", "/session/password", {"new": NEW})).json()
    assert (chosen["must_change"], chosen["role"]) == (False, "grid_worker")
    assert (await browser.ask("GET", "/posts")).status_code == 200
    assert (await Browser(registry.client).sign_in(password=NEW)).status_code == 200


@pytest.mark.parametrize(
    ("unit", "body", "status", "code"),
    [
        ("R1-S", {"unit": None}, 403, "outside_reach"),
        ("R1-S", {"unit": "R1"}, 403, "outside_reach"),
        ("R1-S-02", {"unit": "R1-S-02"}, 403, "account_posts_outside"),
        ("R1-S", {"person": "P4"}, 403, "account_posts_outside"),
        (None, {"unit": "R9"}, 422, "account_unit_unknown"),
        (None, {"user": "13800138000"}, 422, "validation"),
        (None, {"phone": "12345"}, 422, "validation"),
    ],
)
async def test_nobody_makes_an_account_for_somebody_elses_people(
    registry: Registry, browser: Browser, unit: str | None, body: dict[str, Any], status: int, code: str
) -> None:
    answer = await make(registry, unit, **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await registry.rows())["accounts"] == 0


@pytest.mark.parametrize("taken", ["person", "user", "phone"])
async def test_person_user_name_and_phone_are_one_accounts_only(
    registry: Registry, browser: Browser, taken: str
) -> None:
    await make(registry, phone="13800138000")
    other = {"person": "P2", "user": "li", "phone": "13900139000"}
    first = {"person": "P1", "user": "zhang", "phone": "13800138000"}
    answer = await make(registry, **{**other, taken: first[taken]})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (409, "account_taken", taken)


async def test_locking_ends_every_session_and_voids_links_until_unlocked(registry: Registry, browser: Browser) -> None:
    made = await person(registry)
    code = await code_for(registry, made)
    await browser.sign_in()
    account = await registry.get(f"/accounts/{made.id}", unit="R1-S")
    assert len(account["sessions"]) == 1
    locked = await do(registry, "lock", account)
    assert (locked.status_code, locked.json()["possible"]) == (200, ["unlock"])
    registry.clock.advance(timedelta(seconds=5))
    assert (await browser.ask("GET", "/units")).json()["code"] == "session_ended"
    assert (await browser.ask("POST", "/session/renewal")).json()["code"] == "session_over"
    assert (await browser.sign_in()).json()["code"] == "sign_in_refused"
    assert (await do(registry, "lock", locked.json())).json()["code"] == "account_action_not_possible"
    assert (await do(registry, "unlock", locked.json())).status_code == 200
    assert (await browser.ask("POST", "/session/link", {"code": code})).json()["code"] == "link_refused"
    assert (await browser.sign_in()).status_code == 200
    trail = await registry.get(f"/accounts/{made.id}/trail", unit="R1-S")
    actions = [entry["action"] for entry in trail["entries"]]
    assert actions == ["register", "make_link", "sign_in", "lock", "unlock", "sign_in"]
    assert PASSWORD not in str(trail)
    assert "张三" not in str(trail)
    ended = [event for event in await registry.events() if "session_id" in event]
    assert [event["session_id"] for event in ended] == [account["sessions"][0]["id"]]
    await registry.assert_trails_hold()


async def test_who_signs_in_or_guesses_passwords_keeps_nobody_from_locking(
    registry: Registry, browser: Browser
) -> None:
    made = await person(registry)
    account = await registry.get(f"/accounts/{made.id}", unit="R1-S")
    await browser.sign_in()
    await browser.sign_in(password="a guess")
    locked = await do(registry, "lock", account)
    assert (locked.status_code, locked.json()["version"]) == (200, account["version"] + 3)
    assert (await do(registry, "unlock", account)).status_code == 412, "that it was locked was not seen"


async def test_a_reset_makes_the_old_password_void_and_gives_a_link(registry: Registry, browser: Browser) -> None:
    made = await person(registry)
    await browser.sign_in()
    account = await registry.get(f"/accounts/{made.id}", unit="R1-S")
    reset = await do(registry, "reset", account)
    assert reset.status_code == 200, reset.text
    assert (await browser.sign_in()).json()["code"] == "sign_in_refused"
    registry.clock.advance(timedelta(seconds=5))
    assert (await browser.ask("GET", "/session")).json()["code"] == "session_ended"
    told = (await browser.ask("POST", "/session/link", {"code": reset.json()["code"]})).json()
    assert told["must_change"] is True
    assert reset.json()["version"] == account["version"] + 2


async def test_who_signs_in_with_a_first_password_acts_in_no_post_until_they_chose_their_own(
    registry: Registry, browser: Browser
) -> None:
    made = await person(registry)
    account = await registry.get(f"/accounts/{made.id}", unit="R1-S")
    body = {"password": "told at the desk"}
    reset = await registry.call(
        "POST", f"/accounts/{made.id}/reset", body, unit="R1-S", if_match=str(account["version"])
    )
    assert (reset.status_code, reset.json()["code"]) == (200, None)
    told = (await browser.sign_in(password="told at the desk")).json()
    assert (told["must_change"], told["post"], told["role"]) == (True, None, "resident")
    chosen = (await browser.ask("PUT", "/session/password", {"new": "a word of my own 1"})).json()
    assert (chosen["must_change"], chosen["role"]) == (False, "grid_worker")


async def test_an_unlock_ends_the_wait_after_failures(registry: Registry, browser: Browser) -> None:
    made = await person(registry)
    for _ in range(FAILURES):
        await browser.sign_in(password="wrong")
    account = await registry.get(f"/accounts/{made.id}", unit="R1-S")
    assert account["paused_until"] is not None
    assert (await do(registry, "unlock", account)).status_code == 200
    assert (await browser.sign_in()).status_code == 200


async def test_who_holds_a_post_elsewhere_is_reset_from_above_and_locked_by_both(
    registry: Registry, browser: Browser
) -> None:
    """Else an administrator would act with what another part of the tree gave the person."""
    made = await person(registry, person="P4", user="zhao")  # dispatcher of R1, kept in R1-S
    account = await registry.get(f"/accounts/{made.id}", unit="R1-S")
    refused = await do(registry, "reset", account)
    assert (refused.status_code, refused.json()["code"]) == (403, "account_posts_outside")
    locked = await do(registry, "lock", account)
    assert locked.status_code == 200
    unlocked = (await do(registry, "unlock", locked.json(), unit="R1")).json()
    assert (await do(registry, "reset", unlocked, unit="R1")).status_code == 200


async def test_nobody_locks_or_resets_themselves(registry: Registry, browser: Browser) -> None:
    made = await person(registry, person="admin@None", user="root", unit=None)
    account = await registry.get(f"/accounts/{made.id}")
    for action in ("lock", "reset"):
        assert (await do(registry, action, account, unit=None)).json()["code"] == "account_own"


async def test_an_account_is_edited_and_moved_within_reach_only(registry: Registry, browser: Browser) -> None:
    made = await person(registry)
    path = f"/accounts/{made.id}"
    body = {"name": "张三丰", "phone": "13800138000", "unit": "R1-S"}
    edited = await registry.call("PUT", path, body, unit="R1-S", if_match=1)
    assert (edited.status_code, edited.json()["phone"]) == (200, "13800138000")
    outside = await registry.call("PUT", path, {**body, "unit": "R1"}, unit="R1-S", if_match=2)
    assert outside.json()["code"] == "outside_reach"
    drawn = await registry.call("PUT", path, {**body, "unit": "R1-S-02"}, unit="R1-S-02", if_match=2)
    assert drawn.status_code == 404


async def test_accounts_are_found_by_part_of_a_name(registry: Registry, browser: Browser) -> None:
    await person(registry, "zhangsan", name="张三")
    await person(registry, "lisi", person="P2", name="李四", unit="R1-S-01")

    async def found(**query: Any) -> list[str]:
        answer = await registry.client.get(
            "/accounts", params=query, headers={"authorization": f"Bearer {registry.token(Role.ADMIN, 'R1-S')}"}
        )
        return [item["user"] for item in answer.json()["items"]]

    assert await found() == ["lisi", "zhangsan"]
    assert await found(q="李") == await found(unit="R1-S-01") == ["lisi"]
    assert await found(unit="R1-S", below="true") == ["lisi", "zhangsan"]
    assert await found(q="%") == await found(state="locked") == []
    asked = "/names?subject=P1&subject=P2&subject=nobody"
    known = await registry.get(asked, role=Role.DEPARTMENT_HANDLER, unit="R1-S-D-AJ")
    assert known == {"items": [{"subject": "P1", "name": "张三"}, {"subject": "P2", "name": "李四"}]}
    elsewhere = await registry.get(asked, role=Role.LEADER, unit="R1-S-02")
    assert elsewhere == {"items": []}, "nobody's business in another community"
    for role in (Role.RESIDENT, Role.SAFETY_MANAGER):
        assert (await registry.call("GET", asked, role=role, unit="R1-S")).status_code == 403

    async def chosen(q: str, unit: str = "R1-S") -> list[str]:
        answer = await registry.get(f"/people/called?q={q}", role=Role.LEADER, unit=unit)
        return [one["person"] for one in answer["items"]]

    assert await chosen("张") == await chosen("zhang") == await chosen("p1") == ["P1"]
    assert await chosen("四", "R1-S-02") == [], "who neither is kept there nor holds a post there"


ATTEMPTS: list[tuple[str, Callable[[Browser], Awaitable[httpx2.Response]], int]] = [
    ("wrong", lambda b: b.ask("PUT", "/session/password", {"old": "wrong", "new": NEW}), 403),
    ("missing", lambda b: b.ask("PUT", "/session/password", {"new": NEW}), 403),
    ("same", lambda b: b.ask("PUT", "/session/password", {"old": PASSWORD, "new": PASSWORD}), 422),
    ("right", lambda b: b.ask("PUT", "/session/password", {"old": PASSWORD, "new": NEW}), 200),
]


@pytest.mark.parametrize(("name", "attempt", "status"), ATTEMPTS, ids=[name for name, _, _ in ATTEMPTS])
async def test_changing_a_password_asks_for_the_old_one(
    registry: Registry, browser: Browser, name: str, attempt: Any, status: int
) -> None:
    await person(registry)
    elsewhere = Browser(registry.client)
    for each in (browser, elsewhere):
        assert (await each.sign_in()).status_code == 200
    assert (await attempt(browser)).status_code == status
    registry.clock.advance(timedelta(seconds=5))
    assert (await browser.ask("GET", "/session")).status_code == 200
    assert (await elsewhere.ask("GET", "/session")).status_code == (401 if name == "right" else 200)


async def test_guessing_at_an_open_page_ends_as_guessing_at_the_door(registry: Registry, browser: Browser) -> None:
    await person(registry)
    await browser.sign_in()
    for _ in range(FAILURES):
        await browser.ask("PUT", "/session/password", {"old": "wrong", "new": NEW})
    assert (await Browser(registry.client).sign_in()).status_code == 403
    assert FAILURES < CROWD


async def test_only_administrators_appoint_administrators(registry: Registry) -> None:
    await registry.fill()
    body = {"person": "P9", "role": "admin", "unit": "R1-S"}
    refused = await registry.call("POST", "/posts", body, role=Role.LEADER, unit="R1-S")
    assert (refused.status_code, refused.json()["code"]) == (403, "post_role_reserved")
    assert (await registry.call("POST", "/posts", body, unit="R1-S")).status_code == 201
