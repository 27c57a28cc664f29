"""`gridgov verify-trail`: every trail entry of every service, recomputed and compared; with heads kept elsewhere too."""

import asyncio
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from gridgov.local.environment import read_settings
from gridgov.operations.reach import reach_installation
from gridgov.operations.trail_heads import not_as_written, write_heads
from services.manifest import SERVICES
from shared.trail.verify import Verified, Violation, verify


def verify_trail(
    as_json: Annotated[bool, typer.Option("--json", help="只输出一行 JSON · one line of JSON")] = False,
    heads: Annotated[
        Path | None,
        typer.Option(help="与以前写出的链头核对 · also compare with the heads that --write-heads once wrote"),
    ] = None,
    new_heads: Annotated[
        Path | None,
        typer.Option(
            "--write-heads",
            help="完好时写出全部链头；请存到别处 · when all is intact, write the heads; keep the file elsewhere",
        ),
    ] = None,
) -> None:
    """核对全部留痕的哈希链 · Verify every hash-chained trail. Exit code 1 when any entry is wrong."""
    started = time.monotonic()
    results, lost = asyncio.run(_verify_all(heads, new_heads))
    seconds = time.monotonic() - started
    violations = [*(violation for result in results for violation in result.violations), *lost]
    entries = sum(result.entries for result in results)
    if as_json:
        print(
            json.dumps(
                {
                    "entries": entries,
                    "chains": sum(result.chains for result in results),
                    "seconds": round(seconds, 3),
                    "violations": [
                        {
                            "service": v.service,
                            "kind": v.kind,
                            "id": str(v.aggregate_id),
                            "seq": v.seq,
                            "problem": v.problem,
                        }
                        for v in violations
                    ],
                },
                ensure_ascii=False,
            )
        )
    else:
        for result in results:
            print(f"{result.service:12} 链 chains {result.chains:>9,}   条 entries {result.entries:>9,}")
        for v in violations:
            print(f"✗ {v.service} {v.kind} {v.aggregate_id} #{v.seq}: {v.problem}")
        verdict = f"✗ {len(violations)} 处错误 violations" if violations else "✓ 全部完好 all intact"
        print(f"{verdict} ({entries:,} 条 entries, {seconds:.1f} s)")
    raise typer.Exit(1 if violations else 0)


async def _verify_all(heads: Path | None, new_heads: Path | None) -> tuple[list[Verified], list[Violation]]:
    async with reach_installation(read_settings()) as installation, installation.engines() as engines:
        results = [await _verify(engines, service) for service in engines]
        lost = await not_as_written(engines, heads) if heads is not None else []
        if new_heads is not None and not lost and not any(result.violations for result in results):
            await write_heads(engines, new_heads)
        return results, lost


async def _verify(engines: Mapping[str, AsyncEngine], service: str) -> Verified:
    async with engines[service].connect() as connection:
        return await verify(connection, SERVICES[service].tables, SERVICES[service].aggregates)
