"""The key files of the built-in issuer: Ed25519 keys as JWK, one file each, readable by their owner only.

A key's id is a UUIDv7, so the newest sorts last: it signs, all verify. A token's `kid` is looked up among the loaded
keys and never becomes part of a path.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

from joserfc.jwk import OKPKey

from shared.ids import new_id

_SETTLING_NS: Final = 2 * 10**9
"""Within this time after a change the directory's time stamp may hide a second one."""


class KeyDirectory:
    """The keys in `directory`, read again when the directory changes, so that a rotation needs no restart."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._keys: dict[str, OKPKey] = {}
        self._changed_ns = -1

    def ensure(self) -> None:
        """Make the directory and a first key where there is none. Safe to call from several processes at once."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._locked():
            if not any(self._directory.glob("*.jwk")):
                self._write()

    def rotate(self) -> str:
        """Make a new key, which signs from now on; its id."""
        with self._locked():
            return self._write()

    def newest(self) -> tuple[str, OKPKey]:
        """The signing key and its id. Raises FileNotFoundError when there is none."""
        self._refresh()
        if not self._keys:
            raise FileNotFoundError(f"no signing key in {self._directory}; call ensure() first")
        key_id = max(self._keys)
        return key_id, self._keys[key_id]

    def get(self, key_id: str) -> OKPKey | None:
        """The key with this id; an id not known yet makes one look at the directory's time stamp."""
        key = self._keys.get(key_id)
        if key is None:
            self._refresh()
            key = self._keys.get(key_id)
        return key

    def _refresh(self) -> None:
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

    def _write(self) -> str:
        key_id = str(new_id())
        key = OKPKey.generate_key("Ed25519")
        target = self._directory / f"{key_id}.jwk"
        unfinished = target.with_suffix(".new")
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            json.dump(key.as_dict(private=True), file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
        return key_id

    @contextmanager
    def _locked(self) -> Iterator[None]:
        handle = os.open(self._directory / ".lock", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
