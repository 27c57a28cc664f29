"""What is due about an entry in a file, and what its columns take."""

from datetime import date
from typing import Any

import pytest

from services.registry.premises.file_items import ITEMS, extinguisher_due
from services.registry.premises.file_sheet import checked
from shared.errors import Invalid


@pytest.mark.parametrize(
    ("values", "due"),
    [
        ({"type": "干粉", "made_on": "2024-02-29"}, date(2029, 3, 1)),
        ({"type": "干粉", "made_on": "2020-05-01", "serviced_on": "2025-05-01"}, date(2027, 5, 1)),
        (
            {"type": "干粉", "made_on": "2018-05-01", "serviced_on": "2027-05-01"},
            date(2028, 5, 1),
        ),  # its end comes first
        ({"type": "水基型", "made_on": "2023-01-10"}, date(2026, 1, 10)),
        ({"type": "二氧化碳", "made_on": "2023-01-10", "serviced_on": "2028-01-10"}, date(2030, 1, 10)),
    ],
)
def test_an_extinguisher_is_serviced_and_ends(values: dict[str, Any], due: date) -> None:
    assert extinguisher_due(values) == due


def test_an_entry_is_kept_as_its_columns_say() -> None:
    told = {"type": "干粉", "count": "4", "made_on": "2024年5月1日", "place": ""}
    assert checked(ITEMS["extinguishers"], told) == {"type": "干粉", "count": 4, "made_on": "2024-05-01"}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"type": "泡沫弹", "count": 1, "made_on": "2024-05-01"}, "values.type"),
        ({"type": "干粉", "count": 1}, "values.made_on"),
        ({"type": "干粉", "count": "几个", "made_on": "2024-05-01"}, "values.count"),
    ],
)
def test_a_bad_cell_names_its_field(told: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(ITEMS["extinguishers"], told)
    assert refused.value.field == field
    assert refused.value.zh and refused.value.en
