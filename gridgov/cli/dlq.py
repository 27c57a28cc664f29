"""`gridgov dlq`: the letters that no service could take: list, show, replay, discard."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import typer

from gridgov.local.environment import read_settings
from gridgov.operations import dead_letters as dead
from gridgov.operations.dead_letters import Letter
from gridgov.operations.journal import note, operator
from gridgov.operations.reach import Installation, reach_installation
from services.manifest import SERVICES
from shared.clock import SystemClock
from shared.errors import Invalid

app = typer.Typer(name="dlq", no_args_is_help=True, help="死信 · letters that no service could take")

AsJson = Annotated[bool, typer.Option("--json", help="只输出 JSON · JSON only")]
Service = Annotated[str | None, typer.Option(help="只看一个服务 · of one service only")]
Which = Annotated[str, typer.Argument(metavar="LETTER", help="编号，见 list · its id, as list shows it")]
By = Annotated[str | None, typer.Option(help="操作人，默认系统账号 · who, default the account")]


@app.command("list")
def list_(
    service: Service = None,
    everything: Annotated[bool, typer.Option("--all", help="包括已处理的 · also those dealt with")] = False,
    as_json: AsJson = False,
) -> None:
    """列出死信 · List letters: where they came from, what they are, why they are here."""

    async def work(installation: Installation) -> list[Letter]:
        async with installation.log() as log:
            found = [letter for name in _services(service) for letter in await dead.letters(log, name)]
        return [letter for letter in found if everything or letter.mark is None]

    found = _run(work)
    if as_json:
        print(json.dumps([letter.facts() for letter in found], ensure_ascii=False))
        return
    for letter in found:
        facts = letter.facts()
        done = f"  [{letter.mark.action} {letter.mark.by}: {letter.mark.why}]" if letter.mark else ""
        print(f"{letter.id}  {facts['at'][:19]}Z  {letter.type}  {letter.origin}\n    {letter.reason}{done}")
    if not found:
        print("没有死信 / no dead letters")
    elif any(letter.mark is None for letter in found):
        print("先修复原因，再 gridgov dlq replay；或 gridgov dlq discard / mend the cause, then replay; or discard")


@app.command()
def show(letter: Which) -> None:
    """显示一封死信，不含正文和个人信息 · Show one letter as JSON, without free text and personal data."""

    async def work(installation: Installation) -> Letter:
        async with installation.log() as log:
            return await dead.find(log, letter)

    print(json.dumps(_run(work).contents(), ensure_ascii=False, indent=2))


@app.command()
def replay(
    letter: Annotated[str | None, typer.Argument(metavar="LETTER", help="编号 · its id")] = None,
    everything: Annotated[bool, typer.Option("--all", help="全部未处理的 · all that are open")] = False,
    service: Service = None,
    by: By = None,
) -> None:
    """把死信重新投回原主题 · Send letters to the topics they came from again."""
    if (letter is None) is not everything:
        raise typer.BadParameter("LETTER 或 --all，二选一 / either LETTER or --all")

    async def work(installation: Installation) -> tuple[int, list[Letter]]:
        who, sent, left = by or operator(), 0, []
        async with installation.log() as log, installation.bus() as bus:
            wanted = (
                [await dead.find(log, letter)]
                if letter
                else [one async for one in dead.pending(log, _services(service))]
            )
            producer = await bus.producer("operator")
            for one in wanted:
                if everything and one.hindrance is not None:
                    left.append(one)
                    continue
                now = SystemClock().now()
                await dead.send_again(one, producer, dead.mark("replayed", at=now, by=who))
                note("dlq.replayed", at=now, by=who, letter=one.id)
                sent += 1
            await producer.close()
        return sent, left

    sent, left = _run(work)
    print(f"已重发 {sent} 封 / {sent} sent again")
    for one in left:
        print(f"未重发 not sent: {one.id}: {one.hindrance}")


@app.command()
def discard(
    letter: Which,
    why: Annotated[str, typer.Option(help="原因，会记录 · why; it is kept")],
    by: By = None,
) -> None:
    """不再处理一封死信，记下原因 · Put a letter aside for good, with the reason."""
    if not why.strip():
        raise typer.BadParameter("请写明原因 / say why", param_hint="--why")

    async def work(installation: Installation) -> None:
        now, who = SystemClock().now(), by or operator()
        async with installation.log() as log, installation.bus() as bus:
            one = await dead.find(log, letter)
            producer = await bus.producer("operator")
            await dead.put_mark(one, producer, dead.mark("discarded", at=now, by=who, why=why))
            await producer.close()
        note("dlq.discarded", at=now, by=who, letter=one.id, why=why, type=one.type, origin=one.origin)

    _run(work)
    print(f"已标记为不再处理 {letter} / {letter} is put aside")


def _services(service: str | None) -> tuple[str, ...]:
    if service is None:
        return tuple(SERVICES)
    if service not in SERVICES:
        raise Invalid(
            "service_unknown",
            f"没有服务 {service}；可选：{'、'.join(SERVICES)}",
            f"there is no service {service}: they are {', '.join(SERVICES)}",
        )
    return (service,)


def _run(work: Callable[[Installation], Coroutine[Any, Any, Any]]) -> Any:
    async def main() -> Any:
        async with reach_installation(read_settings()) as installation:
            return await work(installation)

    return asyncio.run(main())
