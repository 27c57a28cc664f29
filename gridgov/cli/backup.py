"""`gridgov backup FILE`: databases, log and keys of one instant, while GridGov runs or not."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from gridgov.local.environment import files_directory, keys_of, read_settings
from gridgov.operations.backup import back_up
from gridgov.operations.journal import note, operator
from gridgov.operations.reach import reach_installation
from shared.clock import SystemClock


def backup(
    file: Annotated[
        Path, typer.Argument(help="要写的文件，内含密钥，请妥善保管 · the file; it holds keys, keep it safe")
    ],
) -> None:
    """备份全部数据库、事件日志和密钥 · Back up all databases, the log of events and the keys."""
    manifest = asyncio.run(_back_up(file.absolute()))
    size = sum(member["bytes"] for member in manifest["members"].values())
    print(f"✓ {file} ({size / 1e6:.1f} MB, {manifest['at'][:19]}Z)")


async def _back_up(file: Path) -> dict[str, Any]:
    settings, now = read_settings(), SystemClock().now()
    async with reach_installation(settings) as installation:
        manifest = await back_up(installation, keys_of(settings), file, now=now, files=files_directory(settings))
    note("backup", at=now, by=operator(), file=str(file))
    return manifest
