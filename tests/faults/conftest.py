"""Selection, seeds and figures of the faults of docs/reliability.md, and the cluster they share.

`make test` runs the faults marked `short=True` with the first seed; `make faults` (GRIDGOV_FAULTS=all) runs all of them
with three (GRIDGOV_FAULT_SEEDS="7": with these), and ends with a table.
"""

import os
from collections.abc import Iterator
from dataclasses import asdict

import pytest

from tests.faults.figures import Figures, table
from tests.faults.rig import Rig, running_rig
from tests.support.kafka import require_kafka

ALL = os.environ.get("GRIDGOV_FAULTS") == "all"
SEEDS = [int(seed) for seed in os.environ.get("GRIDGOV_FAULT_SEEDS", "1 2 3").split()] if ALL else [1]
FIGURES = "figures"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", SEEDS)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen, left = [], []
    for item in items:
        fault = item.get_closest_marker("fault")
        (chosen if ALL or fault is None or fault.kwargs.get("short") else left).append(item)
    # Who brings a ground of his own comes first: the cluster that the others share lives to the end, and would take from
    # a machine whose limits are measured (F21, three brokers).
    items[:] = sorted(chosen, key=lambda item: "rig" in getattr(item, "fixturenames", ()))
    config.hook.pytest_deselected(items=left)


@pytest.fixture
def figures(request: pytest.FixtureRequest, seed: int) -> Iterator[Figures]:
    """What this run measures; it counts as held when the test reaches its end."""
    number, what = request.node.get_closest_marker("fault").args
    run = Figures(number, what, seed)
    yield run
    run.passed = not request.node.stash.get(FAILED, False)
    # It travels with the report, from a process of xdist too.
    request.node.user_properties.append((FIGURES, asdict(run)))


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[pytest.TestReport]:
    report: pytest.TestReport = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for some in terminalreporter.stats.values() for report in some]
    ended = [dict(report.user_properties) for report in reports if getattr(report, "when", None) == "teardown"]
    if runs := [Figures(**told[FIGURES]) for told in ended if FIGURES in told]:
        terminalreporter.section("faults")
        for line in table(runs):
            terminalreporter.write_line(line)


@pytest.fixture(scope="package")
def rig() -> Iterator[Rig]:
    """The cluster of these tests; idle, it would still take a fifth of a CPU from those that follow."""
    require_kafka()
    with running_rig() as running:
        yield running
