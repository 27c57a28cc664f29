"""The endpoints of one kind of thing: it is read, entered, stated anew, acted on. Each answers with a thing and its ETag.

    leave = Things(routes, "/leave/{leave_id}", RegistryDep, LIFE.roles_of)

    @leave.on(Action.GRANT)
    async def grant(leave_id: Id, version: ExpectedVersion, body: AnswerBody, call: Call[Registry]) -> LeaveOut:
        \"\"\"Grant what another asked for · 批准。\"\"\"

A function takes what FastAPI reads from the request, as any endpoint does, and `call`: who calls, within which transaction.
What is committed is what was answered: the transaction ends after the function, before the answer is sent.
"""

from collections.abc import Awaitable, Callable
from enum import StrEnum
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, Protocol, TypeVar

from fastapi import APIRouter, Response

from shared.auth.permissions import may
from shared.auth.principal import Principal, Role
from shared.http.call import Call, Service
from shared.http.etags import answer


class Shown(Protocol):
    """An answer that says which version it shows; None: nobody changed the thing yet."""

    @property
    def version(self) -> int | None: ...


Do = TypeVar("Do", bound=Callable[..., Awaitable[Shown]])


class Things:
    """`path` ends with a thing's id. `service` and `who` are the annotations of an endpoint's parameters; `roles` says who
    may do which action of the lifecycle; `options` are those of the route."""

    def __init__(
        self,
        routes: APIRouter,
        path: str,
        service: Any,
        roles: Callable[[Any], frozenset[Role]] = lambda _: frozenset(),
    ) -> None:
        self._routes, self._path, self._service, self._roles = routes, path, service, roles

    def get(self, who: Any) -> Callable[[Do], Do]:
        """GET {path}."""
        return self._serve(who, self._routes.get(self._path))

    def post(self, who: Any, **options: Any) -> Callable[[Do], Do]:
        """POST to the path without the id: a new thing (201)."""
        return self._serve(who, self._routes.post(self._path.rpartition("/")[0], status_code=201, **options))

    def put(self, who: Any, part: str = "", **options: Any) -> Callable[[Do], Do]:
        """PUT {path}, or a part of it."""
        return self._serve(who, self._routes.put(self._path + part, **options))

    def act(self, who: Any, word: str, **options: Any) -> Callable[[Do], Do]:
        """POST {path}/{word}."""
        return self._serve(who, self._routes.post(f"{self._path}/{word}", **options))

    def on(self, action: StrEnum) -> Callable[[Do], Do]:
        """The same for an action of the lifecycle, for the roles that its table names."""
        name = self._path.rpartition("{")[2].removesuffix("}").removesuffix("_id")
        who = Annotated[Principal, may(*self._roles(action))]
        return self.act(who, action.replace("_", "-"), name=f"{name}_{action.replace('-', '_')}")

    def _serve(self, who: Any, route: Callable[[Callable[..., Any]], Any]) -> Callable[[Do], Do]:
        def served(do: Do) -> Do:
            async def endpoint(caller: Principal, service: Service, response: Response, **taken: Any) -> Shown:
                async with service.uow() as uow:
                    shown = await do(**taken, call=Call(caller, uow, service))
                if shown.version is not None:
                    answer(response, shown.version)
                return shown

            own = signature(do)
            given = {"caller": who, "service": self._service, "response": Response}
            parameters = [one for one in own.parameters.values() if one.name != "call"]
            parameters += [Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind) for name, kind in given.items()]
            all_by_name = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in parameters]
            endpoint.__signature__ = Signature(all_by_name, return_annotation=own.return_annotation)  # type: ignore[attr-defined]
            endpoint.__name__, endpoint.__doc__ = do.__name__, do.__doc__
            route(endpoint)
            return do

        return served
