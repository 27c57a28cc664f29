"""A tiny service behind the real edge, with an endpoint of each kind."""

import asyncio
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query
from prometheus_client import CollectorRegistry

from shared.auth.permissions import anyone, may, signed_in
from shared.auth.principal import Principal, Role
from shared.auth.tokens import LocalIssuer, LocalVerifier
from shared.clock import SystemClock
from shared.errors import NotFound, require_version
from shared.http.app import create_api
from shared.http.etags import ExpectedVersion
from shared.http.routes import router
from shared.http.types import Id, IdempotencyKey, Instant, Latitude, Longitude, QueryModel, ShortText, StrictModel
from shared.telemetry import context, logs
from shared.telemetry.metrics import Metrics
from tests.support.asgi import Answer, Sent, send


class Place(StrictModel):
    longitude: Longitude
    latitude: Latitude


class Body(StrictModel):
    text: ShortText
    count: int = 1
    place: Place | None = None
    at: Instant | None = None


class Large(StrictModel):
    numbers: list[int]


class Filter(QueryModel):
    limit: int = 10
    state: list[ShortText] | None = None


@dataclass
class Edge:
    """The app, what its endpoints took in, and what was logged."""

    app: FastAPI
    issuer: LocalIssuer
    metrics: Metrics
    log: StringIO
    taken: list[Any]

    def token(self, role: Role = Role.ADMIN) -> str:
        return self.issuer.issue("person-1", role, unit="S1")

    def send(self, sent: Sent) -> Answer:
        return asyncio.run(send(self.app, sent))

    def get(self, path: str, *headers: tuple[bytes, bytes], query: bytes = b"") -> Answer:
        return self.send(Sent("GET", path, query, headers))


def build(directory: Path, **options: Any) -> Edge:
    clock, log, taken = SystemClock(), StringIO(), []
    logs.configure(log)
    issuer = LocalIssuer(directory / "keys", clock)
    verifier = LocalVerifier(directory / "keys", clock)
    metrics = Metrics(CollectorRegistry())
    routes = router(prefix="/things", tags=["things"])

    @routes.post("/{thing}", status_code=201)
    async def make(
        thing: Id, body: Body, key: IdempotencyKey, caller: Annotated[Principal, may(Role.ADMIN, Role.GRID_WORKER)]
    ) -> dict[str, str]:
        taken.append((thing, body, key, caller))
        return {"id": str(thing), "text": body.text}

    @routes.put("/{thing}")
    async def change(thing: Id, version: ExpectedVersion, caller: Annotated[Principal, signed_in()]) -> dict[str, str]:
        require_version(version, 3)
        return {}

    @routes.get("")
    async def find(_: Annotated[None, anyone()], filter: Annotated[Filter, Query()]) -> dict[str, Any]:
        return {"limit": filter.limit, "state": filter.state, "trace": context.traceparent()}

    @routes.post("/large/body", max_body_size=200_000)
    async def large(_: Annotated[None, anyone()], body: Large) -> int:
        return len(body.numbers)

    @routes.get("/broken/{how}")
    async def broken(_: Annotated[None, anyone()], how: str) -> None:
        if how == "defect":
            raise KeyError("张三 13800001111")
        if how == "refused":
            raise ConnectionRefusedError
        if how == "missing":
            raise NotFound("thing_not_found", "没有这个东西", "there is no such thing")
        await asyncio.sleep(0.2)

    app = create_api("Things", [routes], service="things", verifier=verifier, metrics=metrics, clock=clock, **options)
    return Edge(app, issuer, metrics, log, taken)
