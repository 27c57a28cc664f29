"""A year of the calendar as people read it."""

from shared.auth.principal import Principal, Role
from tests.dispatch.conftest import Dispatch
from tests.support.city import STREET

WHO = Principal("督导员", Role.SUPERVISOR, STREET)


async def test_this_year_as_announced(dispatch: Dispatch) -> None:
    shown = await dispatch.get("/calendar", WHO)
    assert (shown["year"], shown["provisional"]) == (2026, False)
    assert shown["office_hours"] == [
        {"opens": "09:00:00", "closes": "12:00:00"},
        {"opens": "13:30:00", "closes": "17:30:00"},
    ]
    assert "2026-10-01" in shown["holidays"]
    assert "2026-10-01" not in shown["working_days"]
    assert set(shown["make_up_days"]) <= set(shown["working_days"])
    assert len(shown["working_days"]) == 248


async def test_a_year_to_come_is_provisional_and_an_odd_one_refused(dispatch: Dispatch) -> None:
    shown = await dispatch.get("/calendar", WHO, year=2029)
    assert (shown["provisional"], shown["make_up_days"]) == (True, [])
    assert "2029-05-01" in shown["holidays"]
    for year in ("1999", "2100", "next"):
        assert (await dispatch.call("GET", "/calendar", WHO, params={"year": year})).status_code == 422
