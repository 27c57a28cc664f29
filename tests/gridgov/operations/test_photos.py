"""Photos of reports: the audit misses one that is gone or another's, and a backup brings it back with the rest."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from gridgov.local.postgres import BlockingPostgres
from gridgov.operations.backup import back_up
from gridgov.operations.invariants import audit
from gridgov.operations.reach import Installation
from gridgov.operations.restore import bring_back
from shared.audit.evidence import Violation
from shared.auth.principal import Role
from shared.bus.postgres.bus import PostgresBus
from tests.gridgov.operations.installation import LATER, evidence, running
from tests.shared.files.pictures import picture
from tests.support.city import STREET
from tests.support.tus import uploaded

pytestmark = pytest.mark.anyio


async def found(where: Installation, files: Path) -> list[Violation]:
    async with evidence(where) as e:
        return await audit(replace(e, files=str(files)))


async def test_a_photo_that_is_gone_is_missed_and_comes_back_from_a_backup(
    where: Installation, migrated_server: BlockingPostgres, copied: str, tmp_path: Path
) -> None:
    bus = PostgresBus(migrated_server.dsn_of(copied))
    await bus.start()
    async with running(where, bus, tmp_path, at=LATER) as platform:
        client, who = platform.clients["intake"], platform.caller(Role.GRID_WORKER, STREET, "worker")
        photo = await uploaded(client, who, picture())
        await uploaded(client, who, picture())  # belongs to nothing
        body = {"text": "路边井盖不见了", "photos": [photo]}
        answer = await client.post("/reports", json=body, headers={**who, "idempotency-key": "with-photo"})
        assert answer.status_code == 201, answer.text
        await platform.drain()
    await bus.close()
    files, keys = tmp_path / "files", tmp_path / "secrets"
    keys.mkdir()
    assert await found(where, files) == []

    await back_up(where, keys, tmp_path / "b.tar", now=LATER, files=files)
    mine = files / "intake" / photo
    (mine / "photo.jpg").write_bytes(b"short")
    assert [(v.invariant, v.id) for v in await found(where, files)] == [(9, photo)]
    (mine / "photo.jpg").unlink()
    assert "is gone" in (await found(where, files))[0].what
    shutil.rmtree(files)
    assert [(v.invariant, v.id) for v in await found(where, files)] == [(9, photo)]

    await bring_back(where, keys, tmp_path / "b.tar", now=LATER, replace=True, files=files)
    assert await found(where, files) == []
    assert (files / "intake" / photo / "photo.jpg").read_bytes()[:2] == b"\xff\xd8"
