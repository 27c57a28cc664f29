"""`gridgov <service> api|worker|migrate`: the same three commands for each of the four services."""

from typing import Annotated

import typer

from gridgov.cluster.roles import Role, run_role

Port = Annotated[
    int | None,
    typer.Option("--port", "--metrics-port", min=1, max=65535, help="HTTP 端口，默认 GRIDGOV_PORT 或 8000 · HTTP port"),
]


def service_app(service: str) -> typer.Typer:
    app = typer.Typer(name=service, no_args_is_help=True)

    @app.command()
    def api(port: Port = None) -> None:
        """HTTP 接口 · Answer HTTP under /<service>/ until a signal; needs DATABASE_URL."""
        run_role(service, Role.API, port)

    @app.command()
    def worker(port: Port = None) -> None:
        """事件收发；端口只有健康检查和指标 · Move events until a signal; needs DATABASE_URL and GRIDGOV_KAFKA.

        Its port answers /livez, /readyz and /metrics only."""
        run_role(service, Role.WORKER, port)

    @app.command()
    def migrate() -> None:
        """升级数据结构、建主题、载入初始数据后退出 · Migrate, make the topics, put in first data, and end.

        A worker does the same when it starts."""
        run_role(service, Role.MIGRATE)

    return app
