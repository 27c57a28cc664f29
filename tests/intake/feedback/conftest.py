"""A report without an account, from being sent to being closed, on the service of tests/intake/conftest.py."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import sqlalchemy as sa

from services.intake.feedback.keep_progress import keep_progress
from services.intake.reports.follow_work_order import follow_work_orders
from services.intake.reports.table import reports
from shared.bus.batch import Batch
from shared.events.codec import Envelope
from shared.events.dispatch.work_orders import WorkOrderMoved
from shared.events.limits import LimitTold
from shared.ids import new_id
from shared.limits import LimitState
from tests.conftest import NOON
from tests.intake.conftest import Intake
from tests.support.city import INSIDE, STREET_URBAN

ACCEPT_BY, RESOLVE_BY = NOON + timedelta(hours=4), NOON + timedelta(days=5)
BODY = {"text": "路边井盖不见了", "address": "星湖社区三栋", "point": INSIDE}


@dataclass(slots=True)
class Resident:
    """Somebody without an account, at one address, with the receipt of one report."""

    intake: Intake
    number: str = ""
    secret: str = ""
    address: str = "203.0.113.7"
    version: int = 0

    def headers(self, **more: str) -> dict[str, str]:
        return {"x-forwarded-for": self.address, **({"follow-code": self.secret} if self.secret else {}), **more}

    async def send(self, body: dict[str, Any] | None = None, key: str | None = None) -> httpx2.Response:
        return await self.intake.client.post(
            "/public/reports", json=body or BODY, headers=self.headers(**{"idempotency-key": key or str(uuid4())})
        )

    async def report(self, **more: Any) -> None:
        answer = await self.send({**BODY, **more})
        assert answer.status_code == 201, answer.text
        self.number, self.secret = answer.json()["number"], answer.json()["secret"]

    async def look(self, **changed: str) -> httpx2.Response:
        headers = self.headers(**{"follow-code": changed.get("secret", self.secret)})
        return await self.intake.client.get(f"/public/reports/{changed.get('number', self.number)}", headers=headers)

    async def seen(self) -> dict[str, Any]:
        answer = await self.look()
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def say(self, what: str, **body: Any) -> httpx2.Response:
        return await self.intake.client.post(f"/public/reports/{self.number}/{what}", json=body, headers=self.headers())

    @property
    async def id(self) -> UUID:
        async with self.intake.engine.connect() as connection:
            found = await connection.scalar(sa.select(reports.c.id).where(reports.c.number == self.number))
        assert found is not None
        return found

    async def work(self, *actions: str, **facts: Any) -> None:
        """Dispatch tells that this happened to the work order, each with the next version."""
        report_id, told = await self.id, []
        for action in actions:
            self.version += 1
            told.append(Envelope(new_id(), moved(report_id, action, self.version, **facts)))
        async with self.intake.uow() as uow:
            await follow_work_orders(Batch(told), uow)
            await keep_progress(Batch(told), uow)

    async def closed(self, result: str = "已安装新井盖。") -> None:
        await self.intake.triage_by_rule(await self.id)
        await self.work("open", "accept", "start")
        await self.work("resolve", "verify", "close", result=result, state="closed", limits={})


STATES = {
    "open": "assigned",
    "accept": "accepted",
    "start": "in_progress",
    "resolve": "resolved",
    "reopen": "in_progress",
}


def running(due_at: datetime, state: LimitState = LimitState.RUNNING) -> LimitTold:
    return LimitTold(unit=STREET_URBAN, limit="4wh", started_at=NOON, warn_at=NOON, due_at=due_at, state=state)


def moved(report_id: UUID, action: str, version: int, **facts: Any) -> WorkOrderMoved:
    limits = {"accept": running(ACCEPT_BY), "resolve": running(RESOLVE_BY)}
    told = {
        "state": STATES.get(action, action), "lead_unit": STREET_URBAN, "area": "A7", "street": "A7-QT", "limits": limits,
        "priority": "normal", "category": "c", "result": None, **facts,
    }  # fmt: skip
    return WorkOrderMoved(
        work_order_id=report_id, number="GD-1", sources=({"kind": "report", "id": report_id, "number": "1"},),
        action=action, previous="?", at=NOON, version=version, **told,
    )  # fmt: skip


@pytest.fixture
async def resident(intake: Intake) -> Resident:
    made = Resident(intake)
    await made.report()
    return made
