"""The documents name what there is: files of the recipes, codes of errors, states of the lifecycles, which are whole."""

import re
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from shared.errors import ErrorRow
from shared.lifecycle import Lifecycle
from tests.architecture.sources import PRODUCTION, ROOT, module_of, name_of, python_files
from tests.support.lifecycle import assert_reached, assert_whole

NAMED = re.compile(r"`([a-z_]+/[A-Za-z0-9_/.-]+)`")


@pytest.mark.parametrize("document", ["docs/adding.md", "README.md", "README.zh-CN.md"])
def test_every_file_that_a_document_names_exists(document: str) -> None:
    named = set(NAMED.findall((ROOT / document).read_text("utf-8")))
    assert named
    assert {name for name in named if not (ROOT / name).exists()} == set()


def rows() -> dict[str, ErrorRow]:
    """All rows that any module declares, by code."""
    found: dict[str, ErrorRow] = {}
    for file in python_files(*PRODUCTION):
        if ".row(" not in file.read_text("utf-8"):
            continue
        for value in vars(import_module(module_of(file))).values():
            if isinstance(value, ErrorRow) and found.setdefault(value.code, value) is not value:
                raise AssertionError(f"{value.code} stands for two rows, one in {name_of(file)}")
    return found


def errors() -> str:
    lines = [
        "# Errors · 错误代码",
        "",
        "Made by `python -m tests.architecture.test_documents`; `{…}` stands for a fact.",
        "",
    ]
    lines += ["| code | kind | 中文 | English |", "|---|---|---|---|"]
    lines += [
        f"| `{row.code}` | {row.error.kind.value} | {row.zh} | {row.en} |".replace("\n", " ")
        for _, row in sorted(rows().items())
    ]
    return "\n".join(lines) + "\n"


def lives() -> Iterator[tuple[str, Lifecycle[StrEnum, StrEnum, Any]]]:
    """Each lifecycle that any module of a service declares, by module and name."""
    for file in python_files("services"):
        if "Lifecycle(" in file.read_text("utf-8"):
            module = module_of(file)
            found = vars(import_module(module)).items()
            yield from ((f"{module}.{name}", life) for name, life in found if isinstance(life, Lifecycle))


LIVES = dict(lives())
BEGUN = {
    "services.intake.reports.lifecycle.LIFE": ["duplicate"],
    "services.supervision.clocks.ladder.LIFE": ["fulfilled", "stopped", "suspended"],
}
"""States that no row leads to: a report is taken as a duplicate, and a clock is told them by its limit."""


@pytest.mark.parametrize("name", LIVES)
def test_every_lifecycle_is_whole_and_each_state_can_be_reached(name: str) -> None:
    """From the state of its first row. What others move by a table of their own (OF_...) is reached by LIFE."""
    life = LIVES[name]
    first, action = next(iter(life.moves))
    assert_whole(life, type(first), type(action))
    if name.endswith(".LIFE"):
        assert_reached(life, first, type(first), beside=BEGUN.get(name, ()))


DRAWN = {
    "intake.reports.lifecycle.LIFE": "Report · 民情",
    "dispatch.work_orders.lifecycle.LIFE": "Work order · 工单",
    "dispatch.work_orders.lifecycle.OF_REPORT": "Work order, as its report moves it · 工单随民情变动",
    "dispatch.work_orders.lifecycle.OF_HAZARD": "Work order, as its hazard moves it · 工单随隐患变动",
    "dispatch.work_orders.lifecycle.OF_UNITS": "Work order, as units are restructured · 工单随单位调整",
    "dispatch.work_orders.lifecycle.OF_CALENDAR": "Work order, as the calendar moves it · 工单随工作日历变动",
    "registry.hazards.lifecycle.LIFE": "Hazard · 隐患",
    "registry.proposals.proposal.LIFE": "Proposal · 变更申请",
    "registry.restructuring.lifecycle.LIFE": "Restructuring · 单位调整",
    "registry.duties.duty.LIFE": "Duty · 定期职责",
    "registry.accounts.lifecycle.LIFE": "Account · 账号",
    "registry.availability.leave.LIFE": "Leave · 请假",
    "registry.activities.activity.LIFE": "Activity · 宣传培训演练",
    "registry.meetings.meeting.LIFE": "Joint meeting · 联席会议",
}
"""What each lifecycle is called, in the order of the document."""


def test_every_lifecycle_but_the_clocks_is_drawn() -> None:
    """A clock's two steps leave it in its state."""
    assert {f"services.{name}" for name in DRAWN} == LIVES.keys() - {"services.supervision.clocks.ladder.LIFE"}


def lifecycles() -> str:
    parts = [
        "# Lifecycles · 生命周期",
        "",
        "Made by `python -m tests.architecture.test_documents` from the tables.",
        "",
    ]
    for name, title in DRAWN.items():
        parts += [f"## {title}", "", "```mermaid", LIVES[f"services.{name}"].mermaid(), "```", ""]
    return "\n".join(parts)


MADE = {"docs/errors.md": errors, "docs/lifecycles.md": lifecycles}


@pytest.mark.parametrize("document", MADE)
def test_what_is_made_from_the_code_is_as_the_code_says(document: str) -> None:
    assert (ROOT / document).read_text("utf-8") == MADE[document](), "python -m tests.architecture.test_documents"


if __name__ == "__main__":
    for document, make in MADE.items():
        Path(ROOT / document).write_text(make(), "utf-8")
