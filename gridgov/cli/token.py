"""`gridgov token`: a bearer token from the built-in issuer, and nothing else on standard output."""

from typing import Annotated

import typer

from gridgov.local.state import StateDirectory
from gridgov.local.tokens import issue
from shared.auth.principal import Role
from shared.errors import Invalid


def token(
    role: Annotated[str, typer.Option(help=f"角色 · role: {', '.join(Role)}")],
    unit: Annotated[str | None, typer.Option(help="所在单位编码 · code of the unit")] = None,
    subject: Annotated[str | None, typer.Option(help="人员标识，默认同角色 · who, default the role's name")] = None,
    hours: Annotated[int, typer.Option(min=1, max=24 * 30, help="有效小时 · hours of validity")] = 12,
) -> None:
    """打印一个访问令牌 · Print a bearer token."""
    print(issue(StateDirectory.peek(), _role(role), unit, subject=subject, hours=hours))


def _role(name: str) -> Role:
    """Raises Invalid with the roles there are, as one line; typer's own box would be four, in English only."""
    try:
        return Role(name)
    except ValueError:
        raise Invalid(
            "role_unknown",
            f"没有角色 {name};可用的角色:{'、'.join(Role)}",
            f"there is no role {name}; the roles are {', '.join(Role)}",
            field="role",
        ) from None


def make_token(role: str, unit: str | None = None) -> str:
    """The same for other commands, from the state directory in use. Raises StartError where there is none."""
    return issue(StateDirectory.peek(), Role(role), unit)
