"""The manifest is the one list of services: it agrees with the folders and the topics, and no other file has a second."""

import ast
import subprocess
import sys

import pytest

from services.manifest import SERVICES, Row, listening
from shared.events.topics import TOPICS, dead_letters, owner_of
from tests.architecture.sources import PRODUCTION, ROOT, name_of, python_files, tree

ROWS = pytest.mark.parametrize("row", SERVICES.values(), ids=list(SERVICES))


def test_every_folder_of_services_has_its_row() -> None:
    folders = {folder.name for folder in (ROOT / "services").iterdir() if (folder / "app.py").exists()}
    assert folders == set(SERVICES)


def test_who_publishes_is_a_service_and_has_dead_letters() -> None:
    assert {owner_of(topic.name) for topic in TOPICS} == set(SERVICES)
    assert {dead_letters(name) for name in SERVICES} <= {topic.name for topic in TOPICS}


@ROWS
def test_every_part_of_a_row_is_there(row: Row) -> None:
    assert row.tables.service == row.name
    assert row.aggregates, "what a service keeps a trail of"
    assert {table.schema for table in row.aggregates.values()} == {row.name}
    assert row.units is None or row.units.schema == row.name
    assert isinstance(row.invariants, tuple)
    assert isinstance(row.questions, dict)


def test_who_listens_does_so_in_a_group_of_its_own_name() -> None:
    assert {name: subscriptions.group for name, subscriptions in listening().items()} == {
        name: name for name in SERVICES
    }


def test_the_list_costs_nothing_and_loads_no_service() -> None:
    told = "import sys, services.manifest; print([m for m in sys.modules if m.startswith(('services.', 'sqlalchemy'))])"
    ran = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "['services.manifest']"


def test_no_other_file_lists_the_services() -> None:
    listing = [
        name_of(file)
        for file in python_files(*PRODUCTION)
        if {node.value for node in ast.walk(tree(file)) if isinstance(node, ast.Constant)} >= set(SERVICES)
    ]
    assert listing == ["services/manifest.py"]
