"""Inspections for the contract that every store keeps: one with all its fields."""

from typing import Any

from services.registry.hazards.hazard import Grade
from services.registry.hazards.items import Item
from services.registry.inspections.answers import Answer, Result, Verdict
from services.registry.inspections.checklists import Contents, Inspector, Question
from services.registry.inspections.inspection import Finding, Inspection, Kind, Told, Where
from services.registry.inspections.kept_checklist import KeptChecklist
from services.registry.premises.kinds import Category
from shared.ids import new_id
from tests.conftest import NOON
from tests.registry.toy_city import TODAY


def full_inspection() -> Inspection:
    made = new_id()
    finding = Finding(
        new_id(), Item.GAS, "6", "胶管老化", Grade.MAJOR, fixed_on_spot=False, rectify_by=TODAY, edition="GB 35181",
        element="6.1", photos=(new_id(),),
    )  # fmt: skip
    told = Told(
        Kind.JOINT, "seven_items", 1, NOON, at_night=True, answers=(Answer("6", Verdict.FAIL, "漏气"),),
        findings=(finding,), companions="李红", inspected_person="王强", unsigned_why="拒签", remark="已告知",
    )  # fmt: skip
    return Inspection(
        id=made, number=f"R1-S-J{made}", where=Where(new_id(), f"R1-{made}", "R1-S", Category.SHOP), told=told,
        made_at=NOON, doubtful=True, inspector="P1", by_unit="R1-S-01-001", sent_at=NOON,
        results={Item.GAS: Result.FAILED}, imported=True, version=1,
    )  # fmt: skip


def full_checklist() -> KeptChecklist:
    contents = Contents(
        "夜查表", "Night check", "2026", "办法", "A", frozenset({Inspector.STREET}), frozenset({Category.SHOP}),
        areas=True, questions=(Question("1", "疏散", "通道畅通", "evacuation", "畅通", "有问题"),),
    )  # fmt: skip
    return KeptChecklist(new_id(), f"night_{new_id().hex}", "R1-S", 2, contents, 1)


def beside() -> dict[str, Any]:
    return {"caller": "P1", "client_key": str(new_id()), "body_hash": b"1"}
