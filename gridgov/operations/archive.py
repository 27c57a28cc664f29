"""The file of a backup: a tar whose first member, `manifest.json`, names every other one with its size and checksum.

It holds keys: only its owner may read it. It appears whole or not at all.
"""

import io
import json
import os
import shutil
import tarfile
from collections.abc import Mapping
from hashlib import file_digest
from pathlib import Path
from typing import Any

from gridgov.local.errors import StartError, explained

FORMAT = 1


class ArchiveRefused(StartError):
    """The file is no backup, or not as it was written."""


def pack(folder: Path, facts: Mapping[str, Any], file: Path) -> dict[str, Any]:
    """Write everything in `folder` with `facts` to `file`; the manifest. Raises StartError."""
    members = {
        str(path.relative_to(folder)): {"bytes": path.stat().st_size, "sha256": _digest(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    manifest = {"gridgov": "backup", "format": FORMAT, **facts, "members": members}
    new = file.with_name(f"{file.name}.new")
    with explained(file):
        try:
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
                with tarfile.open(fileobj=stream, mode="w") as tar:
                    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
                    head = tarfile.TarInfo("manifest.json")
                    head.size, head.mode = len(text), 0o600
                    tar.addfile(head, io.BytesIO(text))
                    for name in members:
                        tar.add(folder / name, name)
                stream.flush()
                os.fsync(stream.fileno())
            new.replace(file)
        except BaseException:
            new.unlink(missing_ok=True)
            raise
    return manifest


def unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Put the members of `file` into `folder` and return the manifest. Raises ArchiveRefused unless every one is as it
    was written, and no other is there."""
    try:
        with tarfile.open(file, mode="r:") as tar:
            _take_out(tar, folder)
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
        if manifest["gridgov"] != "backup" or manifest["format"] > FORMAT:
            raise ValueError(manifest["format"])
        members: dict[str, Any] = manifest["members"]
    except (tarfile.TarError, OSError, ValueError, KeyError, TypeError) as error:
        raise ArchiveRefused(
            f"{file} 不是可用的网格通备份({type(error).__name__})；请换一个文件",
            f"{file} is no backup that can be used ({type(error).__name__}): take another one",
        ) from error
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {"manifest.json"}
    damaged = sorted(there ^ members.keys())
    damaged += [name for name in sorted(there & members.keys()) if _digest(folder / name) != members[name]["sha256"]]
    if damaged:
        raise ArchiveRefused(
            f"备份 {file} 已损坏或被改动({damaged[0]})；没有做任何改变，请换一个备份",
            f"the backup {file} is damaged or was changed ({damaged[0]}): nothing was done; take another one",
        )
    return manifest


def refuse_missing(file: Path) -> None:
    if not file.is_file():
        raise ArchiveRefused(f"没有文件 {file}", f"there is no file {file}")


def _take_out(tar: tarfile.TarFile, folder: Path) -> None:
    """Plain files within `folder`, for their owner only. Raises ValueError for anything else, which we never pack.

    Not `extractall(filter="data")`, which Python has since 3.11.4: Debian 12 has 3.11.2.
    """
    inside = folder.resolve()
    for member in tar:
        path = (inside / member.name).resolve()
        stream = tar.extractfile(member) if member.isreg() and path.is_relative_to(inside) else None
        if stream is None:
            raise ValueError(member.name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with stream, os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
            shutil.copyfileobj(stream, target)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
