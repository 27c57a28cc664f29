"""`gridgov doctor`: is this installation well, and if not, what to do."""

import asyncio
import json
from dataclasses import asdict
from typing import Annotated

import typer

from gridgov.local.environment import model_of, read_settings
from gridgov.local.state import state_path
from gridgov.operations.doctor import examine
from gridgov.operations.reach import reach_installation
from shared.audit.examination import BAD, OK, Finding
from shared.clock import SystemClock

_SIGNS = {"ok": "✓", "attention": "!", "bad": "✗"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象 · one JSON object")] = False,
) -> None:
    """体检：每项是否正常、该做什么 · Examine the installation. Exit code 1 when anything is bad."""
    findings = asyncio.run(_examine())
    bad = any(finding.state == BAD for finding in findings)
    if as_json:
        print(json.dumps({"well": not bad, "findings": [asdict(finding) for finding in findings]}, ensure_ascii=False))
    else:
        for finding in findings:
            print(f"{_SIGNS[finding.state]} {finding.about:13} {finding.what}")
            if finding.state != OK:
                print(f"    → {finding.zh} / {finding.en}")
    raise typer.Exit(1 if bad else 0)


async def _examine() -> list[Finding]:
    settings = read_settings()
    async with reach_installation(settings) as installation, installation.engines() as engines:
        model = model_of(settings)
        return await examine(installation.patient(engines, state_path(), model, SystemClock().now))
