"""`gridgov front`: one address for the apis of a cluster."""

from typing import Annotated

import typer

from gridgov.cluster.front import run_front


def front(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="默认 GRIDGOV_PORT 或 8000 · the port")] = None,
) -> None:
    """把 /<服务>/ 转给各服务的接口进程 · Pass /<service>/ on to the apis that GRIDGOV_UPSTREAMS names."""
    run_front(port)
