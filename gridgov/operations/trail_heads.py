"""The heads of all trails in a file, to be kept where nobody who rules the databases can reach it.

Events tell of heads too (invariant 7 of the audit), but topics forget after days; the file speaks for as long as it is
kept. Gzipped: a line that says what it is, then one per chain, `<service> <aggregate id>/<seq>/<hash>`.
"""

import gzip
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping
from itertools import groupby
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncEngine

from gridgov.operations.backup import Refused, refuse_existing
from services.manifest import SERVICES
from shared.audit.evidence import chunks
from shared.trail.entry import Head, head_text, read_head
from shared.trail.verify import Violation, not_extended

FIRST_LINE = "gridgov trail heads 1"


async def write_heads(engines: Mapping[str, AsyncEngine], file: Path) -> None:
    """Write the head of every chain to `file`, which must not exist. Each service's are of one instant.
    Raises Refused."""
    refuse_existing(file)
    part = file.with_name(f"{file.name}.part")
    try:
        with gzip.open(part, "wt", encoding="ascii") as lines:
            lines.write(f"{FIRST_LINE}\n")
            for service in SERVICES:
                async for head in _heads(engines[service], SERVICES[service].tables.trail):
                    lines.write(f"{service} {head_text(head)}\n")
        part.replace(file)
    except OSError as error:
        raise Refused(f"无法写入 {file}({error.strerror})", f"{file} cannot be written ({error.strerror})") from error
    finally:
        part.unlink(missing_ok=True)


async def not_as_written(engines: Mapping[str, AsyncEngine], file: Path, *, most: int = 100) -> list[Violation]:
    """Every chain that no longer extends the head in `file`, `most` per service. Raises Refused."""
    found: list[Violation] = []
    for service, lines in groupby(_lines(file), key=lambda line: line[0]):
        trail, bad = SERVICES[service].tables.trail, list[Violation]()
        async with engines[service].connect() as connection:
            for heads in chunks(head for _, head in lines):
                bad += [
                    Violation(
                        service, "trail", head.aggregate_id, head.seq, "is not the entry that the file of heads has"
                    )
                    for head in await not_extended(connection, trail, heads)
                ]
        found += bad[:most]
    return found


async def _heads(engine: AsyncEngine, trail: sa.Table) -> AsyncIterator[Head]:
    newest = (
        sa.select(trail.c.aggregate_id, trail.c.seq, trail.c.hash)
        .ext(postgresql.distinct_on(trail.c.aggregate_id))
        .order_by(trail.c.aggregate_id, trail.c.seq.desc())
    )
    async with engine.connect() as connection:
        async for row in await connection.stream(newest):
            yield Head(*row)


def _lines(file: Path) -> Iterator[tuple[str, Head]]:
    try:
        with gzip.open(file, "rt", encoding="ascii") as lines:
            if lines.readline().rstrip("\n") != FIRST_LINE:
                raise ValueError("not a file of heads")
            for line in lines:
                service, _, text = line.rstrip("\n").partition(" ")
                head = read_head(text)
                if service not in SERVICES or head is None:
                    raise ValueError("a line that tells of no head")
                yield service, head
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise Refused(
            f"无法读取 {file}({error})；应为 verify-trail --write-heads 写出的文件",
            f"{file} cannot be read ({error}): --heads takes what --write-heads wrote",
        ) from error
