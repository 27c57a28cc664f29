"""Accepting many work orders in one request (批量签收): each in a transaction of its own, each answers for itself."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.dispatch.deps import DispatchDep
from services.dispatch.work_orders.act import act_on
from services.dispatch.work_orders.commands.take_up import Accept
from services.dispatch.work_orders.deps import context_of
from services.dispatch.work_orders.lifecycle import Action, roles_of
from shared.auth.permissions import may
from shared.auth.principal import Principal
from shared.db.transient import is_transient
from shared.errors import GridGovError
from shared.http.problems import TRANSIENT, status_of
from shared.http.routes import router
from shared.http.types import Id, StrictModel

routes = router(tags=["工单 · Work orders"])

Worker = Annotated[Principal, may(*roles_of(Action.ACCEPT))]


class BatchItem(StrictModel):
    """A work order, at the version that was read."""

    id: Id
    version: Annotated[int, Field(ge=1)]


class BatchIn(StrictModel):
    """What to do to each; at most 200."""

    action: Literal["accept"]
    items: Annotated[list[BatchItem], Field(min_length=1, max_length=200)]


class ItemProblem(BaseModel):
    """Why it was not done, as the single action would have answered."""

    code: str
    status: int
    title_zh: str
    title_en: str


class BatchItemOut(BaseModel):
    """What became of one: its new version and state, or the problem; then nothing was changed in it."""

    id: UUID
    version: int | None = None
    state: str | None = None
    problem: ItemProblem | None = None


class BatchOut(BaseModel):
    """In the order in which they were sent; `done` were accepted, `failed` were not."""

    done: int
    failed: int
    items: list[BatchItemOut]


@routes.post("/work-orders/batch")
async def batch(body: BatchIn, caller: Worker, dispatch: DispatchDep) -> BatchOut:
    """Accept many at once: each answers for itself, none waits for or undoes another · 批量签收，逐张生效、逐张答复。"""
    items: list[BatchItemOut] = []
    for at, item in enumerate(body.items):
        try:
            async with dispatch.uow() as uow:
                context = await context_of(uow, caller, dispatch)
                order = await act_on(item.id, item.version, Accept(), caller, context, uow)
            items.append(BatchItemOut(id=item.id, version=order.version, state=order.state))
        except GridGovError as error:
            items.append(_refused(item.id, error))
        except Exception as error:
            if not is_transient(error):
                raise
            # Those before it are done, and are answered for; those behind it would wait for the same, each for seconds.
            items += [_refused(left.id, TRANSIENT()) for left in body.items[at:]]
            break
    failed = sum(item.problem is not None for item in items)
    return BatchOut(done=len(items) - failed, failed=failed, items=items)


def _refused(id: UUID, error: GridGovError) -> BatchItemOut:
    problem = ItemProblem(code=error.code, status=status_of(error), title_zh=error.zh, title_en=error.en)
    return BatchItemOut(id=id, problem=problem)
