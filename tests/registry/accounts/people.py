"""Whom the tests of accounts sign in, and a browser that keeps its cookies as Chromium does."""

from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

import httpx2
from argon2 import PasswordHasher

from services.registry.accounts.account import Account
from services.registry.accounts.lifecycle import State
from services.registry.accounts.make_account import link_for, make_account
from shared.auth.principal import Principal, Role
from shared.change import Actor
from shared.ids import new_id
from tests.registry.conftest import Registry

PASSWORD = "correct horse 9"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""A real hash of it that takes no time: a hash says itself how it was made."""
KEEPER = Principal("keeper", Role.ADMIN)
SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


def account(person: str = "P1", user: str = "zhang", **more: Any) -> Account:
    """An account of `person` as the domain knows it; P1 is the grid worker of the toy city."""
    base: dict[str, Any] = {
        "id": new_id(), "person": person, "user": user, "name": "张三", "unit": "R1-S", "phone": None, "password": None,
        "state": State.ACTIVE, "must_change": False, "failures": 0, "paused_until": None, "version": 1,
    }  # fmt: skip
    return Account(**base | more)


async def person(registry: Registry, user: str = "zhang", **more: Any) -> Account:
    """Make an account in a filled registry; with PASSWORD unless another is given."""
    made = account(user=user, **{"password": CHEAP, **more})
    async with registry.uow() as uow:
        return await make_account(made, KEEPER, uow)


async def code_for(registry: Registry, made: Account) -> str:
    async with registry.uow() as uow:
        _, code = await link_for(made.id, uow, by=Actor("keeper", "admin"))
    return code


@dataclass(slots=True)
class Browser:
    """Sends its cookies and says that its own page asked, unless told otherwise."""

    client: httpx2.AsyncClient
    cookies: dict[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, json: Any = None, **headers: str) -> httpx2.Response:
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {**SAME_ORIGIN, **({"cookie": kept} if kept else {}), **headers}
        answer = await self.client.request(method, path, json=json, headers=sent)
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        self.client.cookies.clear()
        return answer

    async def sign_in(self, user: str = "zhang", password: str = PASSWORD, device: str = "desk") -> httpx2.Response:
        return await self.ask("POST", "/session", {"user": user, "password": password, "device": device})
