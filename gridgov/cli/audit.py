"""`gridgov audit`: do the invariants of the platform hold, in the databases, the topics and a load log?"""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from gridgov.local.environment import files_of, read_settings
from gridgov.operations.invariants import audit as examine
from gridgov.operations.load_log import read_acked
from gridgov.operations.reach import reach_installation
from shared.audit.evidence import Acked, Evidence, Violation
from shared.clock import SystemClock

TITLES = {
    1: "已受理的不丢失 what was acknowledged is stored",
    2: "一键一报、一报一单 one report per key, one work order per report",
    3: "每条民情只发布一次 every report told once",
    4: "研判后有工单 what is triaged has its work order",
    5: "版本不倒退 versions never go back",
    6: "催办一次且及时 each step once and in time",
    7: "留痕完好 trails verify",
    8: "位点不超前 offsets behind effects",
    9: "照片齐全 every attached photo is there",
    10: "隐患与工单一致 hazards and their work orders agree",
}
_SHOWN = 20


def audit(
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象 · one JSON object")] = False,
    acked: Annotated[
        Path | None,
        typer.Option(help="gridgov replay --acked 写出的文件 · the file that gridgov replay --acked wrote"),
    ] = None,
    within: Annotated[
        float, typer.Option(min=0, max=86_400, help="后续最多需要的秒数 T · seconds in which consequences must follow")
    ] = 60.0,
) -> None:
    """核对平台的不变量 · Check the invariants 1–10. Exit code 1 when one is broken."""
    answers = read_acked(acked) if acked is not None else None
    violations, checked = asyncio.run(_audit(answers, timedelta(seconds=within)))
    if as_json:
        found = [{"invariant": v.invariant, "what": v.what, "id": v.id} for v in violations]
        print(json.dumps({"violations": found, "checked": checked}, ensure_ascii=False))
    else:
        _show(violations, checked, has_log=answers is not None)
    raise typer.Exit(1 if violations else 0)


async def _audit(answers: list[Acked] | None, within: timedelta) -> tuple[list[Violation], dict[str, int]]:
    settings = read_settings()
    async with (
        reach_installation(settings) as installation,
        installation.engines() as engines,
        installation.log() as log,
    ):
        evidence = Evidence(engines, log, SystemClock().now(), within, answers, files_of(settings))
        return await examine(evidence), evidence.checked


def _show(violations: list[Violation], checked: dict[str, int], *, has_log: bool) -> None:
    for number, title in TITLES.items():
        found = [violation for violation in violations if violation.invariant == number]
        unread = number == 1 and not has_log
        print(f"{'✗' if found else '–' if unread else '✓'} {number} {title}{' (--acked)' if unread else ''}")
        for violation in found[:_SHOWN]:
            print(f"    {violation.id}: {violation.what}")
        if len(found) > _SHOWN:
            print(f"    … {len(found) - _SHOWN} more (--json)")
    print("核对 checked: " + ", ".join(f"{name} {count:,}" for name, count in checked.items()))
