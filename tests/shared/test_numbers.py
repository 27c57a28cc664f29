"""A number is found however it was typed."""

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.numbers import is_number, numbered, typed

NUMBER = "A7-QT-20261129-000035"


@pytest.mark.parametrize(
    "told",
    [
        NUMBER, "a7-qt-20261129-000035", " A7-QT-20261129-000035\n", "Ａ７－ＱＴ－２０２６１１２９－０００035", "A7—QT–20261129‐000035",
        "A7-QT-2026 1129-0000 35", "A7-QT-20261129-000035\u200b",
    ],
)  # fmt: skip
def test_one_number_however_it_was_typed(told: str) -> None:
    assert typed(told) == NUMBER
    assert is_number(told)


@pytest.mark.parametrize(
    "told",
    ["井盖", "35", "A7-QT", "路灯 000035", "", "000 03", "13800001111", "20261129-000035X", "A7-QT-20261129-00003X"],
)
def test_words_are_no_number(told: str) -> None:
    assert not is_number(told)


@pytest.mark.anyio
async def test_rows_are_found_by_the_whole_number_or_its_end(engine: AsyncEngine) -> None:
    rows = sa.values(sa.column("number", sa.Text), name="rows").data(
        [(NUMBER,), (f"GD-{NUMBER}",), ("a7-x-20261129-000036",), ("B1-20261129-000035",)]
    )
    async with engine.connect() as connection:

        async def found(told: str, **more: tuple[str, ...]) -> list[str]:
            select = sa.select(rows.c.number).where(numbered(rows.c.number, told, **more))
            return sorted((await connection.execute(select)).scalars())

        assert await found("a7-qt-20261129-０００035") == [NUMBER]
        assert await found(NUMBER, prefixes=("", "GD-")) == [NUMBER, f"GD-{NUMBER}"]
        assert await found("０00 035") == [NUMBER, "B1-20261129-000035", f"GD-{NUMBER}"]
        assert await found("A7-X-20261129-000036") == ["a7-x-20261129-000036"]
        assert await found("qt-1129-000035") == [NUMBER, f"GD-{NUMBER}"]
        assert await found("QT-1128-000035") == await found("000034") == []
