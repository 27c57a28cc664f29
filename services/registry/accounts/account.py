"""An account: one person who may sign in, by user name or phone. What they may do is said by the posts they hold.

It keeps a hash of the password, never the password. Whoever fails too often waits, whatever they send; a locked account
stays locked until an administrator unlocks it. Every sign-in and every failure that counts is a change on its trail.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from services.registry.accounts.lifecycle import LIFE, Action, State
from services.registry.errors import (
    ACCOUNT_NAME_INVALID,
    ACCOUNT_PHONE_INVALID,
    ACCOUNT_USER_INVALID,
    PASSWORD_IS_NAME,
    POST_PERSON_INVALID,
)
from shared.change import Actor, Change
from shared.events.base import Event
from shared.events.registry.accounts import SessionEnded
from shared.units.passing import Succession

FAILURES: Final = 5
"""So many wrong passwords in a row, and the account waits for PAUSE."""
PAUSE: Final = timedelta(minutes=15)
STRANGER: Final = Actor(id="unknown", role="public")
"""Who failed to sign in: it need not have been the person."""

_PERSON: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_USER: Final = re.compile(r"[a-z][a-z0-9._-]{1,63}")
_PHONE: Final = re.compile(r"1[3-9][0-9]{9}")


@dataclass(frozen=True, slots=True)
class Account:
    """`person` is the subject in posts, tokens and trails; `unit` keeps the account, and without one it is an
    administrator's of the whole platform. `password` is an argon2id hash; without one only links sign in."""

    id: UUID
    person: str
    user: str
    name: str
    unit: str | None
    phone: str | None
    password: str | None
    state: State
    must_change: bool
    failures: int
    paused_until: datetime | None
    version: int

    @property
    def administers_all(self) -> bool:
        return self.unit is None

    def open_at(self, now: datetime) -> bool:
        """Whether the right password signs in now."""
        return self.state is State.ACTIVE and not self.paused_at(now)

    def paused_at(self, now: datetime) -> bool:
        return self.paused_until is not None and now < self.paused_until

    def actor(self, device: str | None = None) -> Actor:
        """The person as the account's own trail names them, whatever post they act in."""
        return Actor(id=self.person, role="account", unit=self.unit, device=device)


def succeed(account: Account, succession: Succession, *, by: Actor, now: datetime) -> Change[Account]:
    """The account, kept by the successor of the unit that kept it."""
    after = replace(account, unit=succession.successor, version=account.version + 1)
    return Change(after, "succeed", by, now, what=succession.trail())


def register(account: Account, *, by: Actor, now: datetime, why: str | None = None) -> Change[Account]:
    """A new account (version 1). Raises Invalid; whether names are taken is for the caller to see."""
    _check(account)
    return Change(account, "register", by, now, why, {"person": account.person, "unit": account.unit})


def _check(account: Account) -> None:
    if not _PERSON.fullmatch(account.person):
        raise POST_PERSON_INVALID()
    if not _USER.fullmatch(account.user):
        raise ACCOUNT_USER_INVALID()
    if account.phone is not None and not _PHONE.fullmatch(account.phone):
        raise ACCOUNT_PHONE_INVALID()
    if not account.name.strip() or len(account.name) > 100:
        raise ACCOUNT_NAME_INVALID()


def edit(
    account: Account, name: str, phone: str | None, unit: str | None, *, by: Actor, now: datetime, why: str | None
) -> Change[Account]:
    """Another name, phone, or unit that keeps the account; the trail names what changed, not to what. Raises Invalid."""
    after = replace(account, name=name, phone=phone, unit=unit)
    _check(after)
    changed = [part for part in ("name", "phone", "unit") if getattr(after, part) != getattr(account, part)]
    return _step(after, "edit", by, now, {"changed": changed, "unit": unit}, why)


def sign_in(account: Account, *, now: datetime, device: str, **how: str) -> Change[Account]:
    """Signed in, by the right password or a link; `how` is what the trail tells of it."""
    return _step(replace(account, failures=0, paused_until=None), "sign_in", account.actor(device), now, how)


def fail(account: Account, *, now: datetime, **how: str) -> Change[Account]:
    """A wrong password came; the last of FAILURES in a row makes the account wait."""
    failures = account.failures + 1
    if failures < FAILURES:
        after = replace(account, failures=failures)
    else:
        after = replace(account, failures=0, paused_until=now + PAUSE)
        how = {**how, "paused_until": (now + PAUSE).isoformat()}
    return _step(after, "fail", STRANGER, now, how)


def sign_out(
    account: Account, ended: tuple[SessionEnded, ...], *, now: datetime, device: str | None
) -> Change[Account]:
    return _step(account, "sign_out", account.actor(device), now, {}, events=ended)


def make_link(
    account: Account, until: datetime, *, by: Actor, now: datetime, why: str | None = None
) -> Change[Account]:
    """A link was made that signs in once."""
    return _step(account, "make_link", by, now, {"until": until.isoformat()}, why)


def lock(
    account: Account, ended: tuple[SessionEnded, ...], *, by: Actor, now: datetime, why: str | None
) -> Change[Account]:
    """Nobody signs in any more, and who is signed in is out. Raises Conflict."""
    after = replace(account, state=State(LIFE.move(account.state, Action.LOCK).after))
    return _step(after, "lock", by, now, {"sessions": len(ended)}, why, ended)


def unlock(account: Account, *, by: Actor, now: datetime, why: str | None) -> Change[Account]:
    """Signing in is possible again at once, also where the account only waited."""
    state = State(LIFE.move(account.state, Action.UNLOCK).after)
    return _step(replace(account, state=state, failures=0, paused_until=None), "unlock", by, now, {}, why)


def reset(
    account: Account, ended: tuple[SessionEnded, ...], *, by: Actor, now: datetime, why: str | None,
    password: str | None = None,
) -> Change[Account]:  # fmt: skip
    """The old password is void and sessions end. The person chooses a new one after signing in, by a link, or with
    `password` (the hash of one that the administrator told them). Raises Conflict."""
    LIFE.move(account.state, Action.RESET)
    after = replace(account, password=password, must_change=True, failures=0, paused_until=None)
    by_what = "link" if password is None else "password"
    return _step(after, "reset", by, now, {"sessions": len(ended), "by": by_what}, why, ended)


def change_password(
    account: Account, password: str, ended: tuple[SessionEnded, ...], *, now: datetime, device: str | None
) -> Change[Account]:
    """`password` is the new hash; other sessions end."""
    after = replace(account, password=password, must_change=False, failures=0, paused_until=None)
    return _step(after, "change_password", account.actor(device), now, {"sessions": len(ended)}, events=ended)


def refuse_name(account: Account, password: str) -> None:
    """Raise Invalid for a password that anybody who knows the person would try first."""
    known = {account.user, account.person.lower(), account.name.lower(), account.phone}
    if password.lower() in known:
        raise PASSWORD_IS_NAME()


def _step(
    after: Account, action: str, by: Actor, now: datetime, what: dict[str, Any], why: str | None = None,
    events: tuple[Event, ...] = (),
) -> Change[Account]:  # fmt: skip
    return Change(replace(after, version=after.version + 1), action, by, now, why, what, events)
