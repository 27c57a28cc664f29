"""What `gridgov up` says when it is ready: where it answers, what to try next, and a token to try it with."""

import shlex
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from gridgov.local.ports import DEFAULT
from gridgov.local.state import StateDirectory, state_path
from gridgov.local.tokens import issue
from gridgov.operations.sign_in_links import Link
from shared.auth.principal import Role
from shared.settings import Settings

_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, not listened on


def greeting(
    state: StateDirectory, listener: socket.socket, settings: Settings, links: Sequence[Link], seconds: float
) -> str:
    """A screen of text; the commands in it work as they stand in another terminal in the same directory."""
    port = listener.getsockname()[1]
    host = "127.0.0.1" if settings.host in _EVERYWHERE else settings.host
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    command = _command()
    lines = [
        "",
        f"网格通已就绪 GridGov is ready ({seconds:.1f} s)   {address}/",
        "",
        *_shown(links, address, command),
        "",
        "在本目录另开一个终端，投放样例民情，看它们变成工单",
        "to try next, in another terminal in this directory: sample messages become work orders",
        *(f"  {line}" for line in _exports(state, port)),
        f"  {command} replay",
        f"  TOKEN=$({command} token --role dispatcher --unit A7)",
        f'  curl -s -H "Authorization: Bearer $TOKEN" "{address}/dispatch/inbox/counts?below=true"',
        "",
        f"接口 API   {address}/intake/docs   /dispatch/docs   /supervision/docs   /registry/docs",
        f"日志 log   {state.logs / 'gridgov.log'}",
        "停止 stop  Ctrl-C",
        "",
        "管理员令牌，12 小时有效 · an administrator's token, good for 12 hours:",
        f"TOKEN={issue(state, Role.ADMIN, None)}",
        "",
    ]
    return "\n".join(lines)


def _shown(links: Sequence[Link], address: str, command: str) -> list[str]:
    """The links, each with who it signs in."""
    lines = [
        f"打开链接即登录，24 小时内有效、只能用一次；再要一个：{command} link --user 用户名",
        f"each link signs in once, within 24 hours; another one: {command} link --user NAME",
    ]
    for person, path in links:
        lines += [f"  {person.name}（{person.does_zh}） {person.user}, {person.does_en}", f"    {address}{path}"]
    return lines


def _command() -> str:
    """How to call the command from here."""
    program = Path(sys.prefix) / "bin" / "gridgov"
    here = Path.cwd()
    return shlex.quote(str(program.relative_to(here) if program.is_relative_to(here) else program))


def _exports(state: StateDirectory, port: int) -> list[str]:
    """What another terminal must know to find this instance, where it is not the default one."""
    chosen = {
        "GRIDGOV_STATE": str(state.path) if state.path != state_path({}) else None,
        "GRIDGOV_PORT": str(port) if port != DEFAULT else None,
    }
    given = [f"{name}={shlex.quote(value)}" for name, value in chosen.items() if value]
    return [f"export {' '.join(given)}"] if given else []
