"""`gridgov kafka start|stop|status`: real Apache Kafka on this machine, without Docker.

The brokers go on running after the command ends, until `stop`; their data stay for the next start.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from gridgov.local.errors import StartError, explained
from gridgov.local.kafka.local_broker import LocalKafka
from gridgov.local.kafka.probe import brokers_seen_by
from gridgov.local.state import state_path

app = typer.Typer(
    name="kafka", help="本机 Kafka(不需要 Docker) · real Kafka on this machine, without Docker", no_args_is_help=True
)

Directory = Annotated[
    Path | None,
    typer.Option("--dir", help="数据目录，默认在状态目录下 · directory, default kafka/ in the state directory"),
]
AsJson = Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象 · print one JSON object and nothing else")]


@app.command()
def start(
    brokers: Annotated[int | None, typer.Option(help="1 或 3，默认沿用或 1 · 1 or 3, default as before or 1")] = None,
    directory: Directory = None,
    as_json: AsJson = False,
) -> None:
    """启动，等到可用后返回 · start, and return when the brokers answer."""
    if brokers not in (None, 1, 3):
        raise typer.BadParameter("1 或 3 / 1 or 3", param_hint="--brokers")
    with _clear_errors():
        kafka = _kafka(directory, brokers)
        with explained(kafka.directory):
            kafka.directory.parent.mkdir(parents=True, exist_ok=True, mode=0o700)  # perhaps the state directory
        kafka.start()
        _show(kafka, as_json)
    if not as_json:
        typer.echo(f"使用 / use it: GRIDGOV_KAFKA={kafka.bootstrap} make up")


@app.command()
def stop(directory: Directory = None, as_json: AsJson = False) -> None:
    """停止由 start 启动的进程，保留数据 · stop what `start` started; the data stay."""
    with _clear_errors():
        kafka = _kafka(directory, None)
        stopped = kafka.stop()
        if as_json:
            typer.echo(json.dumps({"directory": str(kafka.directory), "stopped": stopped}))
        else:
            typer.echo(f"已停止 {stopped} 个节点 / {stopped} broker(s) stopped")


@app.command()
def status(directory: Directory = None, as_json: AsJson = False) -> None:
    """显示状态；全部可用时退出码为 0，否则为 1 · show it; exit code 0 when all brokers answer, else 1."""
    with _clear_errors():
        everything_answers = _show(_kafka(directory, None), as_json)
    raise typer.Exit(0 if everything_answers else 1)


def _kafka(directory: Path | None, brokers: int | None) -> LocalKafka:
    where = directory or state_path() / "kafka"
    known = len(LocalKafka(where).brokers())
    return LocalKafka(where, brokers or known or 1, detached=True)


def _show(kafka: LocalKafka, as_json: bool) -> bool:
    """Print the brokers; whether there are any and all answer."""
    rows: list[dict[str, Any]] = [
        {
            "number": broker.node.number,
            "port": broker.node.port,
            "pid": broker.pid if broker.running() else None,
            "answers": broker.running() and broker.node.number in brokers_seen_by(broker.node.port),
        }
        for broker in kafka.brokers()
    ]
    if as_json:
        typer.echo(json.dumps({"directory": str(kafka.directory), "bootstrap": kafka.bootstrap, "brokers": rows}))
    elif not rows:
        typer.echo(f"{kafka.directory} 还没有 Kafka / no Kafka in {kafka.directory} yet: gridgov kafka start")
    for row in rows if not as_json else ():
        state = "可用 / answers" if row["answers"] else "未运行 / down" if row["pid"] is None else "启动中 / starting"
        typer.echo(f"{row['number']}  127.0.0.1:{row['port']}  pid {row['pid'] or '-'}  {state}")
    return bool(rows) and all(row["answers"] for row in rows)


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except StartError as error:
        typer.echo(error.line, err=True)
        raise typer.Exit(1) from error
