"""The endpoints for the actions of a lifecycle: POST {path}/{action}, for the roles that its table names.

    act = Actions(routes, "/leave/{leave_id}", LIFE.roles_of, service=RegistryDep, shows=LeaveOut, show=_shown)

    @act.on(Action.GRANT)
    async def grant(leave_id: UUID, version: int, body: AnswerBody, call: Call[Registry]) -> Leave:
        \"\"\"Grant what another asked for · 批准。\"\"\"

Each wants If-Match, runs in one transaction, and answers with the thing as it then is, and its new ETag.
"""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Annotated, Any, Generic, Protocol, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response

from shared.auth.permissions import may
from shared.auth.principal import Principal, Role
from shared.http.call import Call, S
from shared.http.etags import ExpectedVersion, answer
from shared.http.json_body import fingerprint
from shared.http.types import ActKey, Id, StrictModel


class Shown(Protocol):
    """An answer that says which version it shows."""

    @property
    def version(self) -> int: ...


A = TypeVar("A", bound=StrEnum)
T = TypeVar("T")
B = TypeVar("B", bound=StrictModel)
Do = Callable[[UUID, int, B, Call[S]], Awaitable[T]]
"""Does an action to the thing of an id as the caller read it (its version), with the body; the thing afterwards."""


async def _key(request: Request, key: ActKey = None) -> str | None:
    """Of key and body together: another body under the same key is another act."""
    return None if key is None else fingerprint([key, await request.json()]).hex()


async def _no_key() -> None:
    """Acts are safe by their version alone."""


KeyOfAct = Annotated[str | None, Depends(_key)]
"""For `Actions(key=…)`: an act that comes again under its key takes effect once; `call.key` names both."""


class Actions(Generic[A, S, T]):
    """`path` ends with the thing's id; `shows` is the model of the answer, which `show` makes of the thing."""

    def __init__(
        self,
        routes: APIRouter,
        path: str,
        roles: Callable[[A], frozenset[Role]],
        *,
        service: Any,
        shows: type[Shown],
        show: Callable[[T, Call[S]], Awaitable[Shown]],
        key: Any = Annotated[None, Depends(_no_key)],
    ) -> None:
        self._routes, self._path, self._roles = routes, path, roles
        self._service, self._shows, self._show, self._key = service, shows, show, key

    def on(self, action: A) -> Callable[[Do[B, S, T]], Do[B, S, T]]:
        """Serve `action` by the function below, whose annotation says what the body is, and its docstring the rest."""

        def served(do: Do[B, S, T]) -> Do[B, S, T]:
            self.serve(action, do.__annotations__["body"], do.__doc__, do)
            return do

        return served

    def serve(self, action: A, body_type: type[B], text: str | None, do: Do[B, S, T]) -> None:
        """The same, where the body and its text are made, for example from a command."""
        show = self._show

        async def act(
            id: UUID, body: B, version: int, caller: Principal, service: S, key: str | None, response: Response
        ) -> Any:
            async with service.uow() as uow:
                call = Call(caller, uow, service, key=key)
                shown = await show(await do(id, version, body, call), call)
            answer(response, shown.version)
            return shown

        name = self._path.rpartition("{")[2].rstrip("}")
        act.__annotations__ |= {
            "id": Annotated[Id, Path(alias=name)], "body": body_type, "version": ExpectedVersion,
            "caller": Annotated[Principal, may(*self._roles(action))], "service": self._service,
            "key": self._key, "return": self._shows,
        }  # fmt: skip
        path, word = action.replace("_", "-"), action.replace("-", "_")
        self._routes.post(f"{self._path}/{path}", name=f"{name.removesuffix('_id')}_{word}", description=text)(act)
