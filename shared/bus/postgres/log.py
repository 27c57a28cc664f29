"""Reading the PostgreSQL log from outside (`shared.bus.log.Log`): plain queries, on a database that may lack the log."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from shared.bus.log import Place, Span
from shared.bus.port import Record
from shared.bus.postgres.pool import Pool
from shared.bus.postgres.schema import checked

_BATCH = 2_000

_SPANS = """
    SELECT t.name, p.number, {s}.head(p.id) AS next,
           coalesce((SELECT m.off FROM {s}.message m WHERE m.part = p.id ORDER BY m.off LIMIT 1), 0) AS first
    FROM {s}.partition p JOIN {s}.topic t ON t.id = p.topic WHERE t.name = ANY ($1)
"""

_COMMITTED = """
    SELECT t.name, p.number, max(g.off) AS off
    FROM {s}.progress g JOIN {s}.partition p ON p.id = g.part JOIN {s}.topic t ON t.id = p.topic
    WHERE g.grp = $1 GROUP BY t.name, p.number
"""

_RECORDS = """
    SELECT m.off, m.key, m.value, m.headers, m.at
    FROM {s}.message m JOIN {s}.partition p ON p.id = m.part JOIN {s}.topic t ON t.id = p.topic
    WHERE t.name = $1 AND p.number = $2 AND m.off >= $3 AND m.off < $4 ORDER BY m.off LIMIT $5
"""


class PostgresLog:
    """`dsn` as for PostgresBus."""

    def __init__(self, dsn: str, *, schema: str = "bus") -> None:
        self._pool = Pool(dsn, size=2, timeout=60.0)
        self._schema = checked(schema)

    async def start(self) -> None:
        await self._pool.open()

    async def close(self) -> None:
        await self._pool.close()

    async def describe(self) -> str:
        rows = await self._fetch("SELECT version FROM {s}.version")
        return f"PostgreSQL log, schema {self._schema} version {rows[0]['version'] if rows else '-'}"

    async def spans(self, topics: Sequence[str]) -> Mapping[Place, Span]:
        rows = await self._fetch(_SPANS, list(topics))
        return {Place(row["name"], row["number"]): Span(row["first"], row["next"]) for row in rows}

    async def committed(self, group: str) -> Mapping[Place, int]:
        rows = await self._fetch(_COMMITTED, group)
        return {Place(row["name"], row["number"]): row["off"] for row in rows}

    async def records(self, topic: str, spans: Mapping[Place, Span] | None = None) -> AsyncIterator[Record]:
        for place, span in sorted((spans if spans is not None else await self.spans([topic])).items()):
            at = span.first
            while place.topic == topic and at < span.next:
                rows = await self._fetch(_RECORDS, topic, place.partition, at, span.next, _BATCH)
                for row in rows:
                    headers = {name: str(text) for name, text in json.loads(row["headers"]).items()}
                    yield Record(topic, place.partition, row["off"], row["key"], row["value"], headers, row["at"])
                at = rows[-1]["off"] + 1 if rows else span.next

    async def _fetch(self, query: str, *arguments: object) -> list[Any]:
        if not await self._pool.fetch("SELECT 1 WHERE to_regclass($1) IS NOT NULL", f"{self._schema}.progress"):
            return []
        return await self._pool.fetch(query.replace("{s}", self._schema), *arguments)
