"""Packed rows are the rows that were put in, however they are read."""

from datetime import UTC, date, datetime

from shared.sheets.rows import PackedRows, Row


def test_rows_come_back_as_they_were_in_their_order_and_by_number() -> None:
    rows = [
        Row(
            "表",
            line,
            {"name": f"店{line}", "day": date(2026, 3, 1), "at": datetime(2026, 3, 1, tzinfo=UTC), "all": ("a", "b")},
        )
        for line in range(1_203)
    ]
    packed = PackedRows(list(rows[0].values))
    assert list(packed) == []
    assert not packed
    for row in rows:
        packed.append(row)
    assert len(packed) == len(rows)
    assert list(packed) == list(packed) == rows
    assert [packed[at] for at in (0, 499, 500, 1_202, -1)] == [rows[at] for at in (0, 499, 500, 1_202, -1)]
    assert packed[498:502] == rows[498:502]
