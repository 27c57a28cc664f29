"""`gridgov verify-trail`: every trail entry of every service, recomputed and compared."""

import asyncio
import json
import time
from importlib import import_module
from typing import Annotated

import typer

from services.embedded.chosen import read_settings
from services.operations.reach import reach_installation
from shared.trail.verify import Verified, verify


def verify_trail(
    as_json: Annotated[bool, typer.Option("--json", help="只输出一行 JSON · one line of JSON")] = False,
) -> None:
    """核对全部留痕的哈希链 · Verify every hash-chained trail. Exit code 1 when any entry is wrong."""
    started = time.monotonic()
    results = asyncio.run(_verify_all())
    seconds = time.monotonic() - started
    violations = [violation for result in results for violation in result.violations]
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


async def _verify_all() -> list[Verified]:
    results = []
    async with reach_installation(read_settings()) as installation, installation.engines() as engines:
        for service, engine in engines.items():
            stored = import_module(f"services.{service}.store.tables")
            async with engine.connect() as connection:
                results.append(await verify(connection, stored.tables, stored.aggregates))
    return results
