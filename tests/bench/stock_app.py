"""What intake is compared with: FastAPI and SQLAlchemy Core as their documentation shows them, no more.

Takes the same body as intake does, writes two rows in one transaction, answers 201 with the id. No token is looked at,
no key, no trail, no outbox, nothing is measured or logged: what is left is what any such service pays.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from fastapi import FastAPI, Request
from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import create_async_engine

metadata = sa.MetaData()
reports = sa.Table(
    "reports",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("title", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("occurred_at", sa.DateTime(timezone=True)),
    sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
)
events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("report_id", sa.Uuid, nullable=False),
    sa.Column("body", JSONB, nullable=False),
)


class ReportIn(BaseModel):
    channel: str
    title: str | None = None
    text: str
    occurred_at: datetime | None = None


class ReceiptOut(BaseModel):
    id: UUID


def create(url: str, pool: int) -> FastAPI:
    # As many connections as help it, kept open: the default (5, and 10 more that are closed after use) is slower.
    engine = create_async_engine(url, pool_size=pool, max_overflow=0)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        yield
        await engine.dispose()

    app = FastAPI(lifespan=lifespan)

    @app.post("/reports", status_code=201)
    async def submit(body: ReportIn, request: Request) -> ReceiptOut:
        report_id, now = uuid4(), datetime.now(UTC)
        async with engine.begin() as connection:
            await connection.execute(
                sa.insert(reports).values(id=report_id, submitted_at=now, **body.model_dump()),
            )
            await connection.execute(
                sa.insert(events).values(report_id=report_id, body={"type": "submitted", "at": now.isoformat()})
            )
        return ReceiptOut(id=report_id)

    return app
