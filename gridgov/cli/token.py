"""`gridgov token`: a bearer token from the built-in issuer, and nothing else on standard output."""

import os
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Annotated, Final
from urllib.parse import quote
from uuid import UUID

import typer

from gridgov.local.errors import StartError
from gridgov.local.ports import http_port
from gridgov.local.state import StateDirectory
from gridgov.local.tokens import issue
from shared.auth.principal import Role
from shared.errors import Invalid

_PATIENCE: Final = 1.0
"""Seconds; a token is wanted at once, and the unit is only a courtesy."""


def token(
    role: Annotated[str, typer.Option(help=f"角色 · role: {', '.join(Role)}")],
    unit: Annotated[str | None, typer.Option(help="所在单位编码 · code of the unit")] = None,
    premises: Annotated[
        UUID | None, typer.Option(help="消防安全管理人所管场所的 id · id of a safety manager's premises")
    ] = None,
    subject: Annotated[str | None, typer.Option(help="人员标识，默认同角色 · who, default the role's name")] = None,
    hours: Annotated[int, typer.Option(min=1, max=24 * 30, help="有效小时 · hours of validity")] = 12,
) -> None:
    """打印一个访问令牌 · Print a bearer token."""
    made = issue(StateDirectory.peek(), _role(role), unit, subject=subject, hours=hours, premises=premises)
    print(made)
    if unit is not None and _is_missing(unit, made):
        typer.echo(
            f"注意：没有单位 {unit}，持此令牌看不到任何内容；单位编码见 GET /registry/units / "
            f"note: there is no unit {unit}, so this token sees nothing; GET /registry/units has the codes",
            err=True,
        )


def _is_missing(unit: str, token: str) -> bool:
    """Whether GridGov runs here and says that there is no such unit; False where nobody can be asked."""
    try:
        connection = HTTPConnection("127.0.0.1", http_port(os.environ), timeout=_PATIENCE)
        connection.request("GET", f"/registry/units/{quote(unit)}", headers={"Authorization": f"Bearer {token}"})
        return connection.getresponse().status == HTTPStatus.NOT_FOUND
    except (OSError, HTTPException, StartError):
        return False


def _role(name: str) -> Role:
    """Raises Invalid with the roles there are, as one line; typer's own box would be four, in English only."""
    try:
        return Role(name)
    except ValueError:
        raise Invalid(
            "role_unknown",
            f"没有角色 {name}；可用的角色：{'、'.join(Role)}",
            f"there is no role {name}; the roles are {', '.join(Role)}",
            field="role",
        ) from None


def make_token(role: str, unit: str | None = None) -> str:
    """The same for other commands, from the state directory in use. Raises StartError where there is none."""
    return issue(StateDirectory.peek(), Role(role), unit)
