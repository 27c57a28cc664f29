"""The doctor finds a healthy installation well, names each planted trouble, and answers what it can when a part is gone."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from gridgov.operations.doctor import examine
from gridgov.operations.reach import Installation
from shared.audit.examination import ATTENTION, BAD, OK, Finding, Patient, graded


@pytest.fixture
async def patient(where: Installation, tmp_path: Path) -> AsyncIterator[Patient]:
    async with where.engines() as engines:
        yield where.patient(engines, tmp_path, tmp_path / "model", lambda: datetime.now(UTC))


async def unwell(patient: Patient) -> dict[tuple[str, str], Finding]:
    """By what it is about and its first word, which is the service where there is one."""
    found = await examine(patient)
    return {(f.about, f.what.split()[0]): f for f in found if f.state != OK and f.about not in ("disk", "model")}


async def test_of_a_healthy_past_only_its_open_letter_wants_attention(patient: Patient) -> None:
    findings = await unwell(patient)
    findings.pop(("clock", ""), None)
    assert {key: finding.state for key, finding in findings.items() if key[0] != "calendar"} == {
        ("dead letters", "dispatch"): ATTENTION
    }
    assert all(finding.zh and finding.en for finding in findings.values())
    about = {finding.about for finding in await examine(patient)}
    assert about == {
        "versions", "clock", "disk", "migrations", "bus", "lag", "outbox", "dead letters", "units", "calendar", "model",
    }  # fmt: skip


BEHIND = """
    INSERT INTO bus.message (part, off, key, headers, at)
    SELECT p.id, 5000 + n, 'k', '{}', now() FROM generate_series(1, 1500) n
    CROSS JOIN (SELECT p.id FROM bus.partition p JOIN bus.topic t ON t.id = p.topic
                WHERE t.name = 'gridgov.dispatch.work_orders' LIMIT 1) p
"""
PLANTS = {
    ("migrations", "intake"): ("UPDATE intake.alembic_version SET version_num = '0000'", BAD),
    ("outbox", "dispatch"): (
        "INSERT INTO dispatch.outbox (topic, key, headers, at) VALUES ('t', 'k', '{}', now() - interval '2 hours')",
        BAD,
    ),
    ("outbox", "registry"): (
        "INSERT INTO registry.outbox (topic, key, headers, at) VALUES ('t', 'k', '{}', now() - interval '5 minutes')",
        ATTENTION,
    ),
    ("units", "supervision"): ("DELETE FROM supervision.units WHERE code = 'A7'", ATTENTION),
    ("units", "intake"): ("UPDATE intake.units SET version = 99 WHERE code = 'A7'", ATTENTION),
    ("lag", "supervision"): (
        BEHIND,
        ATTENTION,
    ),
}


@pytest.mark.parametrize(("about", "plant"), PLANTS.items(), ids=map(" ".join, PLANTS))
async def test_a_planted_trouble_is_named_with_what_to_do(
    patient: Patient, sql: asyncpg.Connection, about: tuple[str, str], plant: tuple[str, str]
) -> None:
    statement, state = plant
    assert about not in await unwell(patient)
    await sql.execute(statement)
    finding = (await unwell(patient))[about]
    assert finding.state == state
    assert finding.zh
    assert finding.en


async def test_a_clock_that_is_wrong_shows(patient: Patient) -> None:
    for wrong, state in ((timedelta(seconds=5), ATTENTION), (timedelta(hours=1), BAD)):
        late = replace(patient, now=lambda wrong=wrong: datetime.now(UTC) - wrong)
        assert [finding.state for finding in await examine(late) if finding.about == "clock"] == [state]


async def test_a_bus_that_is_away_is_one_bad_finding_among_answers(where: Installation, patient: Patient) -> None:
    findings = await examine(replace(patient, log=Installation(where.urls, "127.0.0.1:9").log))
    assert {finding.about for finding in findings if finding.state == BAD} == {"bus", "dead letters"}
    assert any(finding.about == "units" and finding.state == OK for finding in findings)


def test_grades_follow_the_limits() -> None:
    assert [graded(value, (1, 60)) for value in (1, 2, 61)] == [OK, ATTENTION, BAD]
    assert [graded(value, (10, 5), low=True) for value in (10, 9, 4)] == [OK, ATTENTION, BAD]
