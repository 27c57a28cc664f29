"""Which version of the catalogue is in force, and that what was rolled back is never believed."""

from datetime import date

import pytest

from services.dispatch.catalogue.store import in_force, publish
from shared.auth.principal import Principal, Role
from tests.dispatch.conftest import Dispatch
from tests.dispatch.work_orders.orders import TODAY, catalogue_data, rule_data
from tests.support.city import COMMUNITY, COUNTY_URBAN, ELSEWHERE, STREET_URBAN


async def published(dispatch: Dispatch, *versions: tuple[str, str]) -> None:
    async with dispatch.uow() as uow:
        for version, since in versions:
            assert await publish(catalogue_data(version, since), uow)


async def version_on(dispatch: Dispatch, day: date) -> str:
    async with dispatch.uow() as uow:
        return (await in_force(uow, day)).version


async def test_the_latest_version_not_after_the_day_is_in_force(dispatch: Dispatch) -> None:
    await published(dispatch, ("3", "2026-11-19"), ("2", "2026-11-18"))
    assert await version_on(dispatch, date(2026, 11, 17)) == "1"
    assert await version_on(dispatch, date(2026, 11, 18)) == "2"
    assert await version_on(dispatch, date(2026, 11, 19)) == "3"
    assert await version_on(dispatch, date(2019, 1, 1)) == "1", "the earliest, when all lie in the future"


async def test_of_two_versions_from_one_day_the_later_named_is_in_force(dispatch: Dispatch) -> None:
    await published(dispatch, ("2", "2026-01-01"), ("2a", "2026-01-01"))
    assert await version_on(dispatch, TODAY) == "2a"


async def test_a_version_that_was_rolled_back_is_forgotten(dispatch: Dispatch) -> None:
    """The catalogue was cached by the number of versions: one that was read before its rollback stayed in force as soon
    as another one had been published."""
    with pytest.raises(ZeroDivisionError):
        async with dispatch.uow() as uow:
            assert await publish(catalogue_data("2", "2026-01-01", rule_data(id="never")), uow)
            assert (await in_force(uow, TODAY)).version == "2"
            raise ZeroDivisionError
    assert await version_on(dispatch, TODAY) == "1"
    await published(dispatch, ("3", "2026-02-01"))
    assert await version_on(dispatch, TODAY) == "3"


async def test_the_catalogue_in_force_is_there_to_read(dispatch: Dispatch) -> None:
    shown = await dispatch.get("/catalogue", Principal("领导", Role.LEADER, COUNTY_URBAN))
    assert (shown["version"], shown["effective_from"], len(shown["rules"])) == ("1", "2020-01-01", 2)
    assert shown["rules"][0] == {
        "id": "r1",
        "category": "城乡建设",
        "function": "urban_rural",
        "priority": "normal",
        "tier": "street",
        "accept": "4wh",
        "accept_zh": "4 小时（工作时间）",
        "accept_en": "4 hours of working time",
        "resolve": "5wd",
        "resolve_zh": "5 个工作日",
        "resolve_en": "5 working days",
        "condition": None,
        "closing_condition": None,
        "check_photo": False,
        "leads": [{"unit": COUNTY_URBAN, "unit_name": "A7县住建局", "area": "A7", "area_name": "A7县"}],
    }
    assert shown["area"] == COUNTY_URBAN


async def test_the_leads_are_those_of_the_area_that_is_asked_about_nearest_first(dispatch: Dispatch) -> None:
    async def leads(**query: str) -> list[str]:
        rules = (await dispatch.get("/catalogue", Principal("领导", Role.LEADER, "A"), **query))["rules"]
        return [lead["unit"] for lead in rules[0]["leads"]]

    assert await leads(area=COMMUNITY) == [STREET_URBAN, COUNTY_URBAN]
    assert await leads() == await leads(area=ELSEWHERE) == []
    await dispatch.dissolve(STREET_URBAN)
    assert await leads(area=COMMUNITY) == [COUNTY_URBAN]
