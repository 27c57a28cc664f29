"""Errors of summaries: code, Chinese, English."""

from shared.errors import Invalid

# fmt: off
PERIOD_UNKNOWN = Invalid.row("period_unknown",
    "没有这个周期；月写作 2026-11，年写作 2026，周写作 `2026-W48`，季写作 `2026-Q4`",
    "there is no such period; a week is written 2026-W48, a month 2026-11, a quarter 2026-Q4, a year 2026", field="period_name")
# fmt: on
