"""`gridgov cluster up|down|status|keys`: the cluster form on this machine, without Docker."""

import asyncio
import json
import signal
from pathlib import Path
from typing import Annotated

import typer

from gridgov.cluster.launcher import Launcher, make_keys
from gridgov.cluster.status import Status, status_of, stop_cluster
from gridgov.cluster.waiting import say
from gridgov.local.environment import read_settings
from gridgov.local.ports import claim, http_port
from gridgov.local.state import StateDirectory, state_path

app = typer.Typer(name="cluster", no_args_is_help=True)

Directory = Annotated[
    Path | None, typer.Option("--dir", help="状态目录，默认 GRIDGOV_STATE · state directory, default GRIDGOV_STATE")
]
AsJson = Annotated[bool, typer.Option("--json", help="只输出一行 JSON · one line of JSON")]


@app.command()
def up(
    brokers: Annotated[int, typer.Option(help="Kafka 节点数，1 或 3 · brokers, 1 or 3")] = 1,
    workers: Annotated[int, typer.Option(min=1, max=12, help="每个服务的 worker 数 · workers per service")] = 1,
    apis: Annotated[int, typer.Option(min=1, max=12, help="每个服务的 api 数 · apis per service")] = 1,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="入口端口，默认 GRIDGOV_PORT · the front's")
    ] = None,
    directory: Directory = None,
    failpoints: Annotated[
        Path | None, typer.Option(help="故障测试 · for fault tests: a file of lines PART:POINTS", hidden=True)
    ] = None,
    through: Annotated[
        list[str] | None,
        typer.Option(help="故障测试 · for fault tests: database=PORT, kafka=PORT, a proxy's", hidden=True),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """在前台运行整个集群，Ctrl-C 停止 · Run the whole in the foreground until Ctrl-C; data and keys stay."""
    if brokers not in (1, 3):
        raise typer.BadParameter("1 或 3 / 1 or 3", param_hint="--brokers")
    port = port or http_port()
    ways = _ways(through or [], brokers)
    claim(port).close()
    with StateDirectory.open(directory) as state:
        launcher = Launcher(
            state, port=port, brokers=brokers, workers=workers, apis=apis, failpoints=failpoints, through=ways
        )
        asyncio.run(_up(launcher, state.path, as_json=as_json))


@app.command()
def keys(directory: Directory = None) -> None:
    """建立部署共用的密钥 · Make the keys that all processes of a deployment share, where there are none yet."""
    with StateDirectory.open(directory) as state:
        make_keys(state)
        print(f"密钥目录 keys: GRIDGOV_KEYS={state.secrets}")


@app.command()
def down(directory: Directory = None, as_json: AsJson = False) -> None:
    """停止 · Stop a cluster that runs; its data stay."""
    stopped = stop_cluster(_where(directory))
    if as_json:
        print(json.dumps({"directory": str(_where(directory)), "stopped": stopped}))
    else:
        print("已停止 stopped" if stopped else "没有运行中的集群 no cluster is running")


@app.command()
def status(directory: Directory = None, as_json: AsJson = False) -> None:
    """各部件的状态；全部就绪时退出码为 0 · What runs and is ready; exit code 0 when all is."""
    found = asyncio.run(status_of(_where(directory)))
    _show(found, as_json=as_json)
    raise typer.Exit(0 if found.ready else 1)


def _ways(through: list[str], brokers: int) -> dict[str, int]:
    ways: dict[str, int] = {}
    for each in through:
        what, _, port = each.partition("=")
        if what not in ("database", "kafka") or not port.isdecimal() or not 0 < int(port) < 65536:
            raise typer.BadParameter("database=PORT 或 / or kafka=PORT", param_hint="--through")
        ways[what] = int(port)
    if "kafka" in ways and brokers != 1:
        raise typer.BadParameter("kafka= 只用于一个节点 / kafka= is for one broker only", param_hint="--through")
    return ways


async def _up(launcher: Launcher, directory: Path, *, as_json: bool) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    greeting = asyncio.create_task(_greet(directory, as_json=as_json))
    try:
        await launcher.run(stop)
    finally:
        greeting.cancel()
    say("集群已停止，数据已保存", "the cluster has stopped; everything is kept")


async def _greet(directory: Path, *, as_json: bool) -> None:
    """Once, when everything is ready."""
    while True:
        await asyncio.sleep(0.5)
        found = await status_of(directory)
        if found.ready:
            break
    _show(found, as_json=as_json)
    if as_json:
        return
    # Registry's code, which the launcher itself never needs.
    from gridgov.operations.sign_in_links import first_people, links_for, local_database  # noqa: PLC0415 - as above

    async with local_database(directory) as database:
        links = await links_for(first_people(read_settings().city), database)
    lines = [
        f"\n入口 front: {found.url}",
        f"令牌 token: GRIDGOV_STATE={directory} gridgov token --role admin",
        f"登录 sign in, 24 h, once; again: GRIDGOV_STATE={directory} gridgov link --user NAME",
        *(f"  {person.name}（{person.does_zh}） {person.user}\n    {found.url}{path}" for person, path in links),
    ]
    print("\n".join(lines), flush=True)


def _show(found: Status, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(found.as_json(), ensure_ascii=False), flush=True)
        return
    if not found.parts:
        print(f"{found.directory} 没有运行中的集群 no cluster is running", flush=True)
    for part in found.parts:
        state = "就绪 ready" if part["ready"] else "未就绪 not ready " + ", ".join(part["missing"])
        print(f"{part['name']:24} {part['port'] or '-':>6}  pid {part['pid'] or '-':>8}  {state}", flush=True)


def _where(directory: Path | None) -> Path:
    return (directory or state_path()).absolute()
