"""The key files of the built-in issuer: Ed25519 keys as JWK, one file each, readable by their owner only.

Whole keys lie in `tokens`, for the issuer alone; their public parts in `verifying`, which is all that a verifier reads,
so whoever breaks into a service that only verifies can sign nothing. A key's id is a UUIDv7, so the newest sorts last:
it signs, all verify. A token's `kid` is looked up among the loaded keys and never becomes part of a path.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

from joserfc.jwk import OKPKey

from shared.ids import new_id

_SETTLING_NS: Final = 2 * 10**9
"""Within this time after a change the directory's time stamp may hide a second one."""
LOOK_SECONDS: Final = 1.0
"""So long a key that was taken away may go on verifying. Looked for at each request, it would cost a file's look-up."""


class KeyDirectory:
    """The keys in `directory`, read again when the directory changes, so that another key, or one less, needs no restart."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._keys: dict[str, OKPKey] = {}
        self._changed_ns = -1
        self._look_at = 0.0

    def newest(self) -> tuple[str, OKPKey]:
        """The signing key and its id. Raises FileNotFoundError when there is none."""
        self._refresh()
        if not self._keys:
            raise FileNotFoundError(f"no key in {self._directory}")
        key_id = max(self._keys)
        return key_id, self._keys[key_id]

    def get(self, key_id: str) -> OKPKey | None:
        """The key with this id; None for one that is not there, or was taken away `LOOK_SECONDS` ago."""
        if key_id not in self._keys or time.monotonic() >= self._look_at:
            self._refresh()
        return self._keys.get(key_id)

    def _refresh(self) -> None:
        self._look_at = time.monotonic() + LOOK_SECONDS
        try:
            changed_ns = self._directory.stat().st_mtime_ns
        except FileNotFoundError:
            self._keys = {}
            return
        if changed_ns == self._changed_ns:
            return
        self._keys = {
            path.stem: OKPKey.import_key(cast("Any", json.loads(path.read_text())))
            for path in self._directory.glob("*.jwk")
        }
        settled = time.time_ns() - changed_ns > _SETTLING_NS
        self._changed_ns = changed_ns if settled else -1


class SigningKeys:
    """What an issuer signs with, under the directory `keys`. Made where they are missing, by several processes at once
    too."""

    def __init__(self, keys: Path) -> None:
        self._whole, self._public = signing(keys), verifying(keys)
        for directory in (self._whole, self._public):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._locked():
            if not holds_keys(self._whole):
                self._make()
            for path in self._whole.glob("*.jwk"):  # from a backup, or a version that kept no public parts
                if not (self._public / path.name).exists():
                    self._publish(path.stem, OKPKey.import_key(cast("Any", json.loads(path.read_text()))))

    def _make(self) -> None:
        key_id, key = str(new_id()), OKPKey.generate_key("Ed25519")
        self._publish(key_id, key)  # first: what it signs must be verified at once
        _write(self._whole / f"{key_id}.jwk", key.as_dict(private=True))

    def _publish(self, key_id: str, key: OKPKey) -> None:
        _write(self._public / f"{key_id}.jwk", key.as_dict(private=False))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        handle = os.open(self._whole / ".lock", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def signing(keys: Path) -> Path:
    """Where the whole keys under `keys` are, which sign."""
    return keys / "tokens"


def verifying(keys: Path) -> Path:
    """Where the public parts of the keys under `keys` are."""
    return keys / "verifying"


def holds_keys(directory: Path) -> bool:
    """Whether there is a key in `directory`, which need not exist."""
    return any(directory.glob("*.jwk"))


def _write(target: Path, content: Mapping[str, Any]) -> None:
    unfinished = target.with_suffix(".new")
    unfinished.unlink(missing_ok=True)  # of a process that was killed; the lock is ours
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(target)
