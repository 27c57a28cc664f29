"""Signing in, going on, and out: what the routes of the session answer, and what is on the trail."""

from datetime import timedelta
from http.cookies import SimpleCookie

import pytest

from services.registry.accounts.account import FAILURES, PAUSE
from shared.auth.cookie import TOKEN_COOKIE
from shared.auth.principal import Role
from tests.registry.accounts.people import PASSWORD, Browser, code_for, person
from tests.registry.conftest import Registry

pytestmark = pytest.mark.anyio
SECRET = "__Host-gridgov-session"


@pytest.fixture
async def browser(registry: Registry) -> Browser:
    await registry.fill()
    return Browser(registry.client)


async def test_who_signs_in_acts_in_a_post_and_is_told_which_there_are(registry: Registry, browser: Browser) -> None:
    made = await person(registry)
    answer = await browser.sign_in()
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["account"], told["user"], told["name"]) == (str(made.id), "zhang", "张三")
    assert told["posts"] and told["post"] == told["posts"][0]["id"]
    assert told["posts"][0]["role_zh"] == "网格员"
    assert told["posts"][0]["unit"]["name"]
    again = await browser.ask("GET", "/session")
    assert again.json() == told


async def test_both_cookies_are_for_this_host_and_no_script(registry: Registry, browser: Browser) -> None:
    await person(registry)
    answer = await browser.sign_in()
    for line in answer.headers.get_list("set-cookie"):
        ((name, morsel),) = SimpleCookie(line).items()
        assert name.startswith("__Host-")
        assert (morsel["secure"], morsel["httponly"], morsel["samesite"].lower()) == (True, True, "strict")
        assert (morsel["path"], morsel["domain"], morsel["max-age"]) == ("/", "", str(12 * 3600))
    assert set(browser.cookies) == {TOKEN_COOKIE, SECRET}


async def test_the_phone_does_instead_of_the_user_name(registry: Registry, browser: Browser) -> None:
    await person(registry, phone="13800138000")
    assert (await browser.sign_in(" 13800138000 ")).status_code == 200
    assert (await browser.sign_in("ZHANG")).status_code == 200


@pytest.mark.parametrize(
    ("user", "password"), [("zhang", "wrong"), ("nobody", PASSWORD), ("linked", PASSWORD), ("locked", PASSWORD)]
)
async def test_every_failure_is_answered_alike(registry: Registry, browser: Browser, user: str, password: str) -> None:
    await person(registry)
    await person(registry, "linked", person="P8", password=None)
    await person(registry, "locked", person="P9", state="locked")
    answer = await browser.sign_in(user, password)
    assert (answer.status_code, answer.json()["code"]) == (403, "sign_in_refused")
    assert "set-cookie" not in answer.headers
    shown = {key: value for key, value in answer.json().items() if key != "correlation_id"}
    other = (await browser.sign_in("nobody", "x")).json()
    assert shown == {key: value for key, value in other.items() if key != "correlation_id"}


async def test_after_five_failures_the_right_password_waits_a_quarter_of_an_hour(
    registry: Registry, browser: Browser
) -> None:
    await person(registry)
    for _ in range(FAILURES):
        assert (await browser.sign_in(password="wrong")).status_code == 403
    assert (await browser.sign_in()).status_code == 403
    registry.clock.advance(PAUSE - timedelta(seconds=1))
    assert (await browser.sign_in()).status_code == 403
    registry.clock.advance(timedelta(seconds=1))
    assert (await browser.sign_in()).status_code == 200
    await registry.assert_trails_hold()


async def test_a_right_password_between_makes_the_count_begin_anew(registry: Registry, browser: Browser) -> None:
    await person(registry)
    for _ in range(2):
        for _ in range(FAILURES - 1):
            assert (await browser.sign_in(password="wrong")).status_code == 403
        assert (await browser.sign_in()).status_code == 200


async def test_an_address_that_fails_too_often_is_shut_out_for_a_while(registry: Registry, browser: Browser) -> None:
    await person(registry)
    for _ in range(50):
        assert (await browser.ask("POST", "/session/link", {"code": "x" * 43})).status_code == 403
    answer = await browser.sign_in()
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "900")
    registry.clock.advance(timedelta(minutes=15))
    assert (await browser.sign_in()).status_code == 200


async def test_a_link_signs_in_once_and_not_after_a_day(registry: Registry, browser: Browser) -> None:
    made = await person(registry, password=None)
    code, late = await code_for(registry, made), await code_for(registry, made)
    answer = await browser.ask("POST", "/session/link", {"code": code, "device": "phone"})
    assert (answer.status_code, answer.json()["name"]) == (200, "张三")
    assert (await browser.ask("POST", "/session/link", {"code": code})).json()["code"] == "link_refused"
    registry.clock.advance(timedelta(hours=24))
    assert (await browser.ask("POST", "/session/link", {"code": late})).json()["code"] == "link_refused"


async def test_a_token_runs_out_in_minutes_and_is_renewed_until_the_session_is_over(
    registry: Registry, browser: Browser
) -> None:
    await person(registry)
    await browser.sign_in(device="phone")
    old = dict(browser.cookies)
    registry.clock.advance(timedelta(minutes=6))
    assert (await browser.ask("GET", "/session")).json()["code"] == "token_expired"
    assert (await browser.ask("POST", "/session/renewal")).status_code == 200
    assert (await browser.ask("GET", "/session")).status_code == 200
    copied = Browser(registry.client, {TOKEN_COOKIE: browser.cookies[TOKEN_COOKIE]})
    assert (await copied.ask("POST", "/session/renewal")).json()["code"] == "session_over"
    registry.clock.advance(timedelta(days=30))
    assert (await browser.ask("POST", "/session/renewal")).json()["code"] == "session_over"
    assert old[SECRET] == browser.cookies[SECRET]


@pytest.mark.parametrize(("device", "hours"), [("desk", 12), ("phone", 720), ("board", 720)])
async def test_how_long_a_session_stays_depends_on_what_it_is_on(
    registry: Registry, browser: Browser, device: str, hours: int
) -> None:
    await person(registry)
    await browser.sign_in(device=device)
    registry.clock.advance(timedelta(hours=hours, seconds=-1))
    assert (await browser.ask("POST", "/session/renewal")).status_code == 200
    registry.clock.advance(timedelta(seconds=1))
    assert (await browser.ask("POST", "/session/renewal")).status_code == 401


async def test_another_post_gives_another_token(registry: Registry, browser: Browser) -> None:
    await person(registry, person="P4", unit=None)
    told = (await browser.sign_in()).json()
    assert {held["role"] for held in told["posts"]} == {"admin", "dispatcher"}
    assert (told["role"], told["unit"]) == ("admin", None)
    other = next(held for held in told["posts"] if held["role"] != "admin")
    changed = await browser.ask("PUT", "/session/post", {"post": other["id"]})
    assert (changed.json()["role"], changed.json()["unit"]) == (Role.DISPATCHER, other["unit"]["code"])
    assert (await browser.ask("GET", "/units/R/trail")).status_code == 403  # above its unit
    assert (await browser.ask("POST", "/session/renewal")).json()["post"] == other["id"]
    refused = await browser.ask("PUT", "/session/post", {"post": str(told["account"])[:-4] + "ffff"})
    assert (refused.status_code, refused.json()["code"]) == (422, "session_post_not_held")


async def test_who_signed_out_is_out_at_once(registry: Registry, browser: Browser) -> None:
    await person(registry)
    await browser.sign_in()
    kept = dict(browser.cookies)
    assert (await browser.ask("DELETE", "/session")).status_code == 204
    assert browser.cookies == {}
    assert (await browser.ask("DELETE", "/session")).status_code == 204
    registry.clock.advance(timedelta(seconds=5))
    thief = Browser(registry.client, kept)
    assert (await thief.ask("GET", "/units")).json()["code"] == "session_ended"
    assert (await thief.ask("POST", "/session/renewal")).json()["code"] == "session_over"
    await registry.assert_trails_hold()


FOREIGN = [
    {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"sec-fetch-site": "none"},
    {"origin": "https://evil.example"}, {"origin": "null"}, {},
]  # fmt: skip


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
async def test_with_the_cookie_only_the_own_pages_change_something(
    registry: Registry, browser: Browser, headers: dict[str, str]
) -> None:
    await person(registry, person="P4", unit=None)
    told = (await browser.sign_in()).json()
    sent = {"cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items()), **headers}
    answer = await registry.client.put("/session/post", json={"post": told["post"]}, headers=sent)
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_foreign")
    assert (await registry.client.get("/session", headers=sent)).status_code == 200
    if headers:
        for path in ("/session", "/session/link", "/session/renewal"):
            refused = await registry.client.post(path, json={"user": "zhang", "password": "x"}, headers=sent)
            assert refused.json()["code"] in ("origin_foreign", "validation")


async def test_an_older_browser_is_known_by_its_origin(registry: Registry, browser: Browser) -> None:
    await person(registry)
    told = (await browser.sign_in()).json()
    sent = {"cookie": f"{TOKEN_COOKIE}={browser.cookies[TOKEN_COOKIE]}", "origin": "http://registry"}
    assert (await registry.client.put("/session/post", json={"post": told["post"]}, headers=sent)).status_code == 200


async def test_a_program_learns_who_its_token_says_it_is(registry: Registry) -> None:
    told = await registry.get("/session", role=Role.DISPATCHER, unit="R1-S")
    assert (told["account"], told["role"], told["unit"], told["posts"]) == (None, "dispatcher", "R1-S", [])


async def test_a_token_in_the_query_is_none(registry: Registry, browser: Browser) -> None:
    token = registry.token(Role.ADMIN)
    answer = await registry.client.get("/units", params={"access_token": token})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")
