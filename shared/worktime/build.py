"""Makes `data/china.json` from the `holidays` package: `python -m shared.worktime.build --announced-through 2026`.

Run once a year when the State Council's notice is out and the package carries it; then commit the file. Traps: the
package estimates years that nobody announced and does not say so, and it lists make-up days under other years too.
"""

import argparse
import json
from datetime import date
from typing import Any

import holidays

from shared.worktime.calendar import DATA

FIRST = 2019
ESTIMATED = 5  # years after the last announced one whose lunar holidays are estimated
NOTICE = "国务院办公厅关于{}年部分节假日安排的通知"
AMENDED = {
    2019: "国务院办公厅关于调整2019年劳动节假期安排的通知",
    2020: "国务院办公厅关于延长2020年春节假期的通知",
}
LAW = "全国年节及纪念日放假办法（国务院令第795号），推算"


def build(announced_through: int, revision: int) -> dict[str, Any]:
    """The content of the data file. Raises ValueError when the package does not know the last year."""
    last = announced_through + ESTIMATED
    # All years at once, one more at the end: the notice for a year can also move days of the December before it.
    days = holidays.country_holidays("CN", years=range(FIRST, last + 2))
    make_up: set[date] = set(days.weekend_workdays)
    if not any(day.year == announced_through for day in make_up):
        raise ValueError(f"the holidays package knows no make-up days of {announced_through}: upgrade it first")
    years = {}
    for year in range(FIRST, last + 1):
        announced = year <= announced_through
        sources = [NOTICE.format(year), *filter(None, [AMENDED.get(year)])] if announced else [LAW]
        years[str(year)] = {
            "announced": announced,
            "source": sources,
            "holidays": sorted(day.isoformat() for day in days if day.year == year),
            "make_up_days": sorted(day.isoformat() for day in make_up if day.year == year),
        }
    return {"version": f"cn-{announced_through}.{revision}", "years": years}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--announced-through", type=int, required=True, help="last year with a notice")
    parser.add_argument("--revision", type=int, default=1, help="count up when a published year is amended")
    arguments = parser.parse_args()
    content = build(arguments.announced_through, arguments.revision)
    DATA.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
