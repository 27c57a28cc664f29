"""`gridgov restore FILE`: an installation becomes what a backup holds. GridGov must be stopped."""

import asyncio
import logging
from pathlib import Path
from typing import Annotated, Any

import typer

from gridgov.local.environment import files_directory, keys_of, read_settings
from gridgov.operations.archive import refuse_missing
from gridgov.operations.journal import note, operator
from gridgov.operations.reach import own_installation
from gridgov.operations.restore import bring_back
from shared.clock import SystemClock


def restore(
    file: Annotated[Path, typer.Argument(help="gridgov backup 写出的文件 · a file that gridgov backup wrote")],
    replace: Annotated[
        bool, typer.Option("--replace", help="替换现有数据 · replace the data that are here now")
    ] = False,
) -> None:
    """从备份恢复数据库、事件日志和密钥 · Bring back databases, log and keys from a backup."""
    # A topic just made has no leader for a moment; the producer says so on every try, and it is nobody's business.
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    manifest = asyncio.run(_restore(file.absolute(), replace=replace))
    print(f"✓ 已恢复到 {manifest['at'][:19]}Z；可以启动了 / restored as of then: start it again")


async def _restore(file: Path, *, replace: bool) -> dict[str, Any]:
    settings, now = read_settings(), SystemClock().now()
    refuse_missing(file)  # before a state directory is made for it
    async with own_installation(settings) as installation:
        manifest = await bring_back(
            installation, keys_of(settings), file, now=now, replace=replace, files=files_directory(settings)
        )
    note("restore", at=now, by=operator(), file=str(file), of=manifest["at"])
    return manifest
