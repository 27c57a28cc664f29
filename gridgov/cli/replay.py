"""`gridgov replay`: a file of residents' messages becomes reports, over HTTP, as any other client would send them.

Running it again changes nothing: each row has its own key. Exit codes: 0 done, 1 not finished, 2 file or call not
usable, 3 done but rows were refused (they are written to a file like the one sent), 130 interrupted.
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final, TextIO

import typer
from rich.console import Console
from yarl import URL

from gridgov.local.errors import StartError
from gridgov.local.ports import http_port
from gridgov.replay.acked import NotingClient, open_log
from gridgov.replay.books import Books
from gridgov.replay.client import Client
from gridgov.replay.file import File, Row, read_file, write_refused
from gridgov.replay.progress import Shown
from gridgov.replay.refusal import FileRefused, Stopped
from gridgov.replay.run import Replay
from gridgov.replay.table import Names, of_file, show

SAMPLE: Final = Path(__file__).resolve().parents[2] / "services" / "intake" / "data" / "sample_messages.csv"
_SHOWN_STUCK: Final = 10
_NAMES_WITHIN: Final = 10.0
_FINISHED, _UNFINISHED, _UNUSABLE, _REFUSED, _INTERRUPTED = 0, 1, 2, 3, 130


def replay(
    file: Annotated[
        Path | None,
        typer.Argument(help="xlsx、xls、ods、csv、txt；不写则用自带样例 · a table; the built-in sample when left out"),
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(min=0.01, max=100_000, help="每秒条数；不写则全速 · reports per second; else full speed"),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="只取前 N 条 · only the first N messages")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="末行输出 JSON · print one JSON object")] = False,
    url: Annotated[str | None, typer.Option(help="默认 http://127.0.0.1:GRIDGOV_PORT · where GridGov answers")] = None,
    wait: Annotated[
        float, typer.Option(min=1, help="多少秒没有进展即放弃 · give up after so many seconds without progress")
    ] = 120.0,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            help="列对应：表中列名=number|title|occurred_at|text|address|longitude|latitude|system，或保存了对应的 .json · "
            "which column is what: HEADER=text,HEADER=title or a .json that holds it"
        ),
    ] = None,
    acked: Annotated[
        Path | None,
        typer.Option(help="把每个 201 应答追加到此文件 · add every answer 201 to this file, for gridgov audit"),
    ] = None,
) -> None:
    """提交文件中的留言，等到全部派单，并报告结果 · Submit a file's messages, wait for work orders, say what happened."""
    try:
        base = address(url, os.environ)
        told = read_file(file or SAMPLE, limit, columns or ())
        log = open_log(acked) if acked is not None else None
    except FileRefused as refused:
        typer.echo(refused.line, err=True)
        raise typer.Exit(_UNUSABLE) from None
    except KeyboardInterrupt:
        raise typer.Exit(_INTERRUPTED) from None
    console = Console()
    if not as_json:
        for line in of_file(told):
            console.print(line, highlight=False, soft_wrap=True)
    books = Books(read=sum(sheet.rows for sheet in told.reading.sheets), refusals=list(told.reading.refusals))
    with log or nullcontext():
        code, names = _run(told.rows, books, base, log, rate=rate, wait=wait, names_wanted=not as_json)
    written = write_refused(told, books.refusals) if books.refusals else None
    if as_json:
        print(json.dumps(_facts(told, books, written), ensure_ascii=False), flush=True)
    else:
        show(books, names, console)
    if books.refusals:
        typer.echo(_refused_line(books, written), err=True)
    raise typer.Exit(_REFUSED if code == _FINISHED and books.refusals else code)


def _facts(file: File, books: Books, written: Path | None) -> dict[str, Any]:
    """What scripts read: the summary, each refused row, and what of the file was read."""
    return {
        **asdict(books.summary()),
        "refusals": [refusal.facts() for refusal in books.refusals],
        "refused_file": str(written) if written else None,
        "sheets": [sheet.facts() for sheet in file.reading.sheets],
        "not_read": [asdict(unread) for unread in file.reading.unread],
    }


def _refused_line(books: Books, written: Path | None) -> str:
    if written is None:
        return (
            f"拒绝 {books.refused} 行，但旁边和当前目录都不能写文件；请用 --json 查看每一行 / "
            f"{books.refused} rows were refused, and no file can be written beside yours or here: see them with --json"
        )
    return (
        f"拒绝 {books.refused} 行，原因见 {written} 的最后一列；改正后可直接提交该文件 / "
        f"{books.refused} rows were refused: the last column of {written} says why; correct it and replay that file"
    )


def address(url: str | None, environ: Mapping[str, str]) -> str:
    """Where GridGov answers. Raises FileRefused when `url` is none, or GRIDGOV_PORT no port."""
    if url is None:
        try:
            return f"http://127.0.0.1:{http_port(environ)}"
        except StartError as error:
            raise FileRefused(error.zh, error.en) from None
    try:
        parsed = URL(url)
        good = parsed.scheme in ("http", "https") and bool(parsed.host) and parsed.port is not None
    except ValueError:
        good = False
    if not good:
        raise FileRefused(
            f"--url {url} 不是网址；例如 --url http://127.0.0.1:8000",
            f"--url {url} is no address: write it as in --url http://127.0.0.1:8000",
        )
    return url


def _run(
    rows: Sequence[Row],
    books: Books,
    base: str,
    log: TextIO | None,
    *,
    rate: float | None,
    wait: float,
    names_wanted: bool,
) -> tuple[int, Names]:
    """The exit code, and the names for the table; what happened is in `books` however it ended."""
    names = Names()
    if not rows:
        return _FINISHED, names

    async def main() -> bool:
        nonlocal names
        shown = Shown(books, sys.stderr)
        async with NotingClient(base, _token, log, say=shown.say) as client:
            showing = asyncio.create_task(shown.keep())
            try:
                finished = await Replay(client, rows, books, rate=rate, wait=wait).run()
            finally:
                showing.cancel()
                await asyncio.wait([showing])
            if names_wanted:
                names = await _names(client)
            return finished

    try:
        if asyncio.run(main()):
            return _FINISHED, names
    except Stopped as stopped:
        typer.echo(stopped.line, err=True)
        return _UNFINISHED, names
    except StartError as error:  # from the token: no state directory here
        typer.echo(error.line, err=True)
        return _UNFINISHED, names
    except KeyboardInterrupt:
        typer.echo(
            "已中断。已提交的不会丢失；再次运行会从断处继续，不会重复。 / Interrupted. What was sent is kept; "
            "run it again to continue, nothing is doubled.",
            err=True,
        )
        return _INTERRUPTED, names
    typer.echo(stuck_line(books, wait), err=True)
    return _UNFINISHED, names


def stuck_line(books: Books, wait: float) -> str:
    """Which reports have neither a work order nor a reason."""
    numbers = [waiting.number for waiting in books.outstanding.values()]
    first = ", ".join(numbers[:_SHOWN_STUCK])
    more = " …" if len(numbers) > _SHOWN_STUCK else ""
    return (
        f"{wait:.0f} 秒没有进展，{len(numbers)} 条民情还没有工单：{first}{more}；请查看 /readyz 和日志，稍后可再次运行 / "
        f"no progress for {wait:.0f} s, {len(numbers)} reports have no work order yet: {first}{more}; "
        "look at /readyz and the log, and run this again later"
    )


async def _names(client: Client) -> Names:
    """The table is as good with codes, so nothing about names may fail the run."""
    try:
        async with asyncio.timeout(_NAMES_WITHIN):
            return Names(await client.units())
    except (Stopped, TimeoutError):
        return Names()


def _token() -> str:
    # Late: signing keys need the state directory, which a file that cannot be used should not touch.
    from gridgov.cli.token import make_token  # noqa: PLC0415 - as above

    return make_token("service", None)
