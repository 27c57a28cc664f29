"""Encryption of single fields (residents' names and phones) with AES-256-GCM; the key's id travels in front.

Old keys decrypt for ever, the newest encrypts. The context (which row and field it belongs to) is authenticated, so a
ciphertext copied to another row does not decrypt.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.telemetry import logs

KEY_MISSING: Final = "fields.key_missing"
_KEY = 32
_KEY_ID = 4
_NONCE = 12
_TAG = 16


class Unreadable(Exception):
    """A field that cannot be decrypted here: one row's trouble, never that of the whole answer it is part of."""


class KeyMissing(Unreadable):
    """`key_file` is not in the directory of the keys; put back, it is found without a restart."""

    def __init__(self, key_file: str) -> None:
        super().__init__(key_file)
        self.key_file = key_file


class Damaged(Unreadable):
    """Changed, cut short, or copied from another row."""


class FieldCipher:
    """Keys are files `field-<8 hex digits>.key` of 32 bytes, mode 0600, in a directory that only the owner may read."""

    def __init__(self, keys: Path) -> None:
        keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory = keys
        self._missing: set[bytes] = set()
        self._log = logs.logger("fields")
        self._keys: dict[bytes, AESGCM] = {}
        self._read(_key_files(keys) or _first_key(keys))
        if not self._keys:
            raise PermissionError(f"none of the keys in {keys} can be used")

    def encrypt(self, text: str, context: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return self._newest + nonce + self._keys[self._newest].encrypt(nonce, text.encode(), context.encode())

    def decrypt(self, sealed: bytes, context: str) -> str:
        """Raises Unreadable: KeyMissing, which is logged once however many fields need the key, or Damaged."""
        if len(sealed) < _KEY_ID + _NONCE + _TAG:
            raise Damaged
        key_id, nonce, body = sealed[:_KEY_ID], sealed[_KEY_ID : _KEY_ID + _NONCE], sealed[_KEY_ID + _NONCE :]
        if key_id not in self._keys and (files := _key_files(self._directory)):
            # Another process may have brought a new key meanwhile, or an operator an old one.
            self._read(files)
        if (key := self._keys.get(key_id)) is None:
            if key_id not in self._missing:
                self._missing.add(key_id)
                self._log.error(KEY_MISSING, key_file=_file_of(key_id))
            raise KeyMissing(_file_of(key_id))
        try:
            return key.decrypt(nonce, body, context.encode()).decode()
        except InvalidTag:
            raise Damaged from None

    def _read(self, files: list[Path]) -> None:
        for file in files:
            # Put back half, or with rights for somebody else, a key is as good as missing, and takes nothing else along.
            with suppress(OSError, ValueError):
                self._keys[_id_of(file)] = _key_in(file)
                self._newest = _id_of(file)
        self._missing -= self._keys.keys()


def _key_files(keys: Path) -> list[Path]:
    """Oldest first."""
    return sorted(keys.glob("field-????????.key"), key=lambda file: (file.stat().st_mtime_ns, file.name))


def _key_in(file: Path) -> AESGCM:
    content = file.read_bytes()
    if len(content) != _KEY:  # half a key would be one, too, and find everything damaged
        raise ValueError(file.name)
    return AESGCM(content)


def _id_of(file: Path) -> bytes:
    return bytes.fromhex(file.stem.removeprefix("field-"))


def _file_of(key_id: bytes) -> str:
    return f"field-{key_id.hex()}.key"


def _first_key(keys: Path) -> list[Path]:
    """One key, however many processes find the directory empty at once: each locks it, and looks again."""
    directory = os.open(keys, os.O_RDONLY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        files = _key_files(keys) or [_make_key(keys)]
        os.fsync(directory)  # a key that a power cut takes away takes with it all that it encrypted
    finally:
        os.close(directory)
    return files


def _make_key(keys: Path) -> Path:
    file = keys / _file_of(os.urandom(_KEY_ID))
    # Written beside and renamed: a half-written key would make everything encrypted with it unreadable.
    draft = keys / f".{file.name}.{os.getpid()}"
    with open(draft, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as out:
        out.write(AESGCM.generate_key(_KEY * 8))
        out.flush()
        os.fsync(out.fileno())
    draft.rename(file)
    return file
