"""Restructurings for the contract tests of stores and APIs."""

from services.registry.restructuring.lifecycle import State
from services.registry.restructuring.plan import Restructuring
from services.registry.restructuring.step import Part, Step, StepKind
from services.registry.units.kinds import Kind
from shared.auth.principal import Role
from shared.ids import new_id
from tests.conftest import NOON
from tests.registry.conftest import Registry
from tests.registry.toy_city import SQUARE, TODAY, city_case
from tests.support.api_contract import ApiCase, Who


def full_restructuring() -> Restructuring:
    part = Part("R1-S-01-9", "新网格", Kind.GRID, "R1-S-01", 3, 7, SQUARE)
    step = Step(StepKind.SPLIT, ("R1-S-01-001",), (part,), main="R1-S-01-9", parent="R1", name="名", label="村民小组")
    return Restructuring(
        id=new_id(), number=f"R1-T{new_id()}", state=State.APPROVED, effective_from=TODAY, why="整合优化", steps=(step,),
        area="R1", concerned=("R1-S",), drafted_by="P1", drafted_in="R1-S", drafted_at=NOON, decided_by="P2",
        decided_at=NOON, answer="同意", applied_at=NOON, failure={"code": "x"}, result={"units": 3}, version=1,
    )  # fmt: skip


async def restructurings_case(registry: Registry) -> ApiCase:
    await registry.fill()
    step = {"kind": "rename", "units": ["R1-S-01"], "name": "新塘社区"}
    body = {"effective_from": "2026-12-01", "steps": [step], "why": "统一名称"}
    # By whom they are asked for afterwards: only who drafted a plan changes it.
    made = [(await registry.call("POST", "/restructurings", body)).json() for _ in range(4)]
    path = f"/restructurings/{made[0]['id']}"
    return city_case(
        one=path,
        many="/restructurings",
        change=("PUT", path, body | {"why": "另有说明"}),
        malformed=body | {"effective_from": "2026-02-30"},
        unfit=Who(Role.DISPATCHER, "R1"),
    )
