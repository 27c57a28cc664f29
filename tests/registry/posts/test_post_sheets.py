"""Posts as Excel, besides what every ledger keeps: a table ends posts, and the export is of a filter and a day."""

from typing import Any

import pytest

from shared.auth.principal import Role
from tests.registry.conftest import Registry
from tests.support.workbooks import edited, rows_of, table

pytestmark = pytest.mark.anyio
LEADER: Any = {"role": Role.LEADER, "unit": "R1-S"}


async def test_a_table_gives_and_ends_posts_once(registry: Registry) -> None:
    await registry.fill()
    content = table(
        ("人员标识", "岗位", "单位编码", "任职日期", "离任日期"),
        ("P1", "网格员", "R1-S-01-001", "2020-01-01", "2026-11-20"),
        ("P8", "网格员", "R1-S-01-001", "2026-11-20", None),
        ("P9", "受理员", "R1-S", None, None),
    )
    for told in ({"entered": 2, "changed": 1, "same": 0}, {"entered": 0, "changed": 0, "same": 3}):
        assert (await registry.call("POST", "/posts/import", content=content, **LEADER)).json() == told
    held = [post["person"] for post in (await registry.get("/posts?unit=R1-S-01-001&as_of=2026-11-20"))["items"]]
    assert held == ["P8"]
    await registry.assert_trails_hold()


async def test_the_export_is_what_the_filter_shows_with_names_that_have_to_agree(registry: Registry) -> None:
    await registry.fill()
    exported = (await registry.call("GET", "/posts.xlsx?unit=R1-S&below=true", **LEADER)).content
    assert {(row["人员标识"], row["岗位"], row["单位名称"]) for row in rows_of(exported)} == {
        ("P1", "网格员", "东塘社区第1网格"), ("P2", "社区书记", "东塘社区"), ("P3", "领导", "柳湾街道"),
    }  # fmt: skip
    at = next(at for at, row in enumerate(rows_of(exported), 2) if row["人员标识"] == "P1")
    other = edited(exported, at, {"单位名称": "东塘社区第2网格"})
    answer = await registry.call("POST", "/posts/import", content=other, **LEADER)
    assert answer.status_code == 422 and "不是同一个" in str(rows_of(answer.content)), "the name alone was changed"
    none = await registry.call("GET", "/posts.xlsx?unit=R1-S&below=true&as_of=2019-12-31", **LEADER)
    assert rows_of(none.content) == []
