"""The `gridgov` command. Each subcommand is a file in `gridgov/cli`; none is imported before it is called for."""

import sys
from importlib import import_module
from typing import Any

import typer

from gridgov.cli.terminal import fit
from gridgov.local.errors import StartError
from services.manifest import SERVICES
from shared.errors import GridGovError

COMMANDS = {
    "up": "启动网格通 · Start GridGov here: database, services, pages",
    "replay": "投放民情文件 · Send a file of messages as reports and show what became of them",
    "link": "登录链接 · A link that signs somebody in once",
    "token": "打印访问令牌 · Print a bearer token",
    "verify-trail": "核对留痕 · Verify every hash-chained trail",
    "audit": "核对不变量 · Check that nothing is lost, doubled or out of order",
    "doctor": "体检 · What is well here, what is not, and what to do",
    "dlq": "死信 · Letters that no service could take: list, show, replay, discard",
    "backup": "备份 · Databases, log and keys into one file, while GridGov runs",
    "restore": "恢复 · Bring back what a backup holds",
    "classifier": "类别模型 · Train, evaluate and show the category model",
    "kafka": "本机 Kafka · A local Kafka broker without Docker",
    "cluster": "本机集群：各服务各角色分进程 · The cluster form here: Kafka, each service and role a process",
    **{row.name: f"{row.zh} · {row.name.capitalize()} by itself: api, worker, migrate" for row in SERVICES.values()},
    "front": "统一入口 · One address for the apis of a cluster",
}
"""Subcommand → its line in the help. The file is `gridgov/cli/<name>.py`, `-` written `_`; a service's is `service.py`."""


def _app(wanted: str | None) -> typer.Typer:
    """The command with `wanted` loaded and the others as lines of the help: `gridgov token` must not pay for
    scikit-learn."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="网格通 GridGov")
    app.callback()(lambda: None)
    for name, line in COMMANDS.items():
        if name != wanted:
            app.command(name, help=line)(lambda: None)
            continue
        word = "service" if name in SERVICES else name.replace("-", "_")
        module: Any = import_module(f"gridgov.cli.{word}")
        if word == "service":
            app.add_typer(module.service_app(name), name=name, help=line)
        elif hasattr(module, "app"):
            app.add_typer(module.app, name=name, help=line)
        else:
            app.command(name)(getattr(module, word))
    return app


def main() -> None:
    """Run the command. What a user can mend is one line, in Chinese and English, and exit code 1; never a trace."""
    for stream in (sys.stdout, sys.stderr):
        fit(stream)
    try:
        _app(sys.argv[1] if len(sys.argv) > 1 else None)()
    except StartError as error:
        print(error.line, file=sys.stderr)
        sys.exit(1)
    except GridGovError as error:
        print(f"{error.zh} / {error.en}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:  # before or after a command that handles it
        sys.exit(130)


if __name__ == "__main__":
    main()
