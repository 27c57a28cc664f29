"""The built-in issuer and verifier over time: expiry, rotation, several processes, and what a token says."""

import asyncio
import json
import multiprocessing
import shutil
import stat
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.auth import keys, tokens
from shared.auth.keys import KeyDirectory, SigningKeys, verifying
from shared.auth.principal import PLATFORM_WIDE, STAFF, Principal, Reach, Role
from shared.auth.tokens import LocalIssuer, LocalVerifier, TokenSigner
from shared.change import Actor
from shared.clock import SetClock
from shared.errors import Unauthenticated
from shared.ids import new_id

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


def verified(verifier: LocalVerifier, token: str) -> Principal:
    return asyncio.run(verifier.verify(token))


def refused(verifier: LocalVerifier, token: str) -> str:
    with pytest.raises(Unauthenticated) as error:
        verified(verifier, token)
    return error.value.code


def test_a_token_carries_who_in_which_role_and_where(tmp_path: Path, clock: SetClock) -> None:
    token = LocalIssuer(tmp_path, clock).issue("worker-7", Role.GRID_WORKER, unit="A3-QT", device="phone-1")
    principal = verified(LocalVerifier(tmp_path, clock), token)
    assert (principal.subject, principal.role, principal.unit) == ("worker-7", Role.GRID_WORKER, "A3-QT")
    assert principal.actor() == Actor("worker-7", "grid_worker", "A3-QT", "phone-1")


def test_a_token_ends_thirty_seconds_after_its_lifetime_also_when_it_was_verified_before(
    tmp_path: Path, clock: SetClock
) -> None:
    verifier = LocalVerifier(tmp_path, clock)
    token = LocalIssuer(tmp_path, clock).issue("a", Role.ADMIN, lifetime=timedelta(minutes=5))
    verified(verifier, token)
    clock.advance(timedelta(minutes=5, seconds=29))
    verified(verifier, token)
    clock.advance(timedelta(seconds=1))
    assert refused(verifier, token) == "token_expired"


def test_a_token_from_the_future_waits_also_when_the_clock_is_set_back(tmp_path: Path, clock: SetClock) -> None:
    verifier = LocalVerifier(tmp_path, clock)
    token = LocalIssuer(tmp_path, clock).issue("a", Role.ADMIN)
    verified(verifier, token)
    clock.advance(timedelta(seconds=-30))
    verified(verifier, token)
    clock.advance(timedelta(seconds=-1))
    assert refused(verifier, token) == "token_not_yet_valid"


def another_key(keys: Path) -> None:
    """As an operator brings one: made elsewhere, whole where tokens are signed, its public part where they are verified."""
    SigningKeys(keys / "elsewhere")
    for made in (keys / "elsewhere").glob("*/*.jwk"):
        made.rename(keys / made.parent.name / made.name)


def test_the_newest_key_signs_and_all_verify_without_a_restart(tmp_path: Path, clock: SetClock) -> None:
    issuer, verifier = LocalIssuer(tmp_path, clock), LocalVerifier(tmp_path, clock)
    signed = [issuer.issue("a", Role.ADMIN)]
    verified(verifier, signed[0])
    for _ in range(5):
        another_key(tmp_path)
        signed.append(issuer.issue("a", Role.ADMIN))
        for token in signed:
            verified(verifier, token)
    heads = {token.partition(".")[0] for token in signed}
    assert len(heads) == len(signed)


def test_another_directory_another_audience_or_another_issuer_is_not_trusted(tmp_path: Path, clock: SetClock) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    LocalIssuer(ours, clock)
    token = LocalIssuer(theirs, clock).issue("a", Role.ADMIN)
    assert refused(LocalVerifier(ours, clock), token) == "token_invalid"
    assert refused(LocalVerifier(theirs, clock, audience="else"), token) == "token_invalid"
    assert refused(LocalVerifier(theirs, clock, issuer="else"), token) == "token_invalid"


def test_key_files_are_readable_by_their_owner_only(tmp_path: Path, clock: SetClock) -> None:
    keys = tmp_path / "state" / "keys"
    LocalIssuer(keys, clock)
    another_key(keys)
    files = list(keys.glob("*/*.jwk"))
    assert sorted(path.parent.name for path in files) == ["tokens", "tokens", "verifying", "verifying"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert {stat.S_IMODE(path.parent.stat().st_mode) for path in files} == {0o700}


def test_a_verifier_needs_and_sees_no_private_key(tmp_path: Path, clock: SetClock) -> None:
    token = LocalIssuer(tmp_path / "issuer", clock).issue("a", Role.ADMIN)
    shutil.copytree(verifying(tmp_path / "issuer"), verifying(tmp_path / "service"))
    (key,) = (json.loads(path.read_text()) for path in (tmp_path / "service").rglob("*.jwk"))
    assert (key["kty"], "d" in key) == ("OKP", False)
    assert verified(LocalVerifier(tmp_path / "service", clock), token).subject == "a"
    shutil.rmtree(verifying(tmp_path / "issuer"))
    verifier = LocalVerifier(tmp_path / "issuer", clock)
    refused(verifier, token)
    LocalIssuer(tmp_path / "issuer", clock)  # as after an upgrade from a version that kept whole keys only
    assert verified(verifier, token).subject == "a"


def test_a_second_issuer_keeps_the_first_ones_key(tmp_path: Path, clock: SetClock) -> None:
    LocalIssuer(tmp_path, clock)
    LocalIssuer(tmp_path, clock)
    assert len(list(tmp_path.glob("*/*.jwk"))) == 2


def _ensure(directory: Path) -> None:
    SigningKeys(directory)


def test_processes_that_start_at_once_make_one_key_between_them(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("fork")
    processes = [spawn.Process(target=_ensure, args=(tmp_path / "keys",)) for _ in range(6)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(20)
        assert process.exitcode == 0
    assert sorted(path.parent.name for path in (tmp_path / "keys").rglob("*.jwk")) == ["tokens", "verifying"]


def test_remembered_tokens_stay_bounded(tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "CACHED", 3)
    issuer, verifier = LocalIssuer(tmp_path, clock), LocalVerifier(tmp_path, clock)
    for number in range(6):
        verified(verifier, issuer.issue(f"person-{number}", Role.RESIDENT))
    assert len(verifier._verified) == 3


def test_a_refused_token_is_not_remembered(tmp_path: Path, clock: SetClock) -> None:
    verifier = LocalVerifier(tmp_path, clock)
    LocalIssuer(tmp_path, clock)
    refused(verifier, "a.b.c")
    assert verifier._verified == {}


def test_a_key_that_was_taken_away_verifies_nothing_any_more(
    tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "LOOK_SECONDS", 0.05)
    issuer, verifier = LocalIssuer(tmp_path, clock), LocalVerifier(tmp_path, clock)
    token = issuer.issue("a", Role.ADMIN)
    verified(verifier, token)
    [public] = verifying(tmp_path).glob("*.jwk")
    public.unlink()
    time.sleep(0.06)
    assert refused(verifier, token) == "token_invalid"


def test_without_a_key_every_token_is_refused(tmp_path: Path, clock: SetClock) -> None:
    token = LocalIssuer(tmp_path, clock).issue("a", Role.ADMIN)
    assert refused(LocalVerifier(tmp_path / "none", clock), token) == "token_invalid"
    with pytest.raises(FileNotFoundError, match="no key"):
        KeyDirectory(tmp_path / "none").newest()


@pytest.mark.parametrize("role", Role)
def test_reach_is_the_units_subtree_or_everything_for_platform_roles_or_nothing(role: Role) -> None:
    bound = Principal("a", role, "A3").reach
    # A resident lives in a unit; that shows them nobody else's reports. A safety manager sees one place.
    assert bound == Reach("A3" if role in STAFF else None, everything=False)
    assert bound.nothing is (role not in STAFF)
    unbound = Principal("a", role).reach
    assert unbound.everything is (role in PLATFORM_WIDE)
    assert unbound.nothing is (role not in PLATFORM_WIDE)


def test_a_token_of_a_session_says_which_and_until_when(tmp_path: Path, clock: SetClock) -> None:
    session = new_id()
    token = LocalIssuer(tmp_path, clock).issue("a", Role.ADMIN, session=session, lifetime=timedelta(minutes=5))
    principal = verified(LocalVerifier(tmp_path, clock), token)
    assert (principal.session, principal.expires_at) == (session, clock.now() + timedelta(minutes=5))


def test_a_signer_without_keys_makes_none(tmp_path: Path, clock: SetClock) -> None:
    with pytest.raises(FileNotFoundError):
        TokenSigner(tmp_path, clock).issue("a", Role.ADMIN)
    assert list(tmp_path.iterdir()) == []
