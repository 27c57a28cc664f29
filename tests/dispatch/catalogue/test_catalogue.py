"""Reading the responsibility catalogue from its JSON form."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from services.dispatch.catalogue.catalogue import read_catalogue
from services.intake.classifier.categories import category_tree
from shared.errors import Invalid
from shared.worktime.limits import WallClock, WorkingDays, parse_limit
from tests.dispatch.work_orders.orders import catalogue_data, rule_data

SHIPPED = Path(__file__).parents[3] / "services" / "dispatch" / "data" / "responsibility.json"


def test_rules_are_read_with_their_limits() -> None:
    urgent = rule_data(id="u", category="政法", priority="urgent", accept="1h", resolve="24h")
    catalogue = read_catalogue(catalogue_data("2", "2026-01-01", rule_data(), urgent))
    assert (catalogue.version, catalogue.effective_from) == ("2", date(2026, 1, 1))
    rule = catalogue.rule_for("政法")
    assert (rule.id, rule.priority) == ("u", "urgent")
    assert (rule.accept, rule.resolve) == (WallClock(timedelta(hours=1)), WallClock(timedelta(hours=24)))
    assert (rule.condition, rule.closing_condition) == (None, None)
    assert catalogue.rule_for("城乡建设").resolve == WorkingDays(5)
    assert catalogue.rule_for("").id == catalogue.rule_for("从未见过").id == "other"


def test_a_rule_may_be_a_filing_condition_with_its_closing_condition() -> None:
    missing = rule_data(accept="15m", resolve="2h", condition="井盖缺失，有危险", closing_condition="恢复")
    rule = read_catalogue(catalogue_data("2", "2026-01-01", missing)).rule_for("城乡建设")
    assert (rule.condition, rule.closing_condition) == ("井盖缺失，有危险", "恢复")


@pytest.mark.parametrize("rules", [[], [rule_data()], [rule_data(category="*"), rule_data()]])
def test_a_catalogue_must_end_with_the_rule_for_everything_else(rules: list[dict[str, str]]) -> None:
    with pytest.raises(ValueError, match="catch-all"):
        read_catalogue({**catalogue_data(), "rules": rules})


@pytest.mark.parametrize("limit", ["", "0h", "5d", "4 wh", "-1h", "1wx"])
def test_a_limit_that_cannot_be_read_is_refused(limit: str) -> None:
    with pytest.raises((ValueError, Invalid)):
        read_catalogue(catalogue_data("1", "2020-01-01", rule_data(accept=limit)))


def test_the_shipped_catalogue_has_a_rule_for_every_category_of_intake_hazards_and_resolutions() -> None:
    data = json.loads(SHIPPED.read_text("utf-8"))
    catalogue = read_catalogue(data)
    assert {rule.category for rule in catalogue.rules} == {c.zh for c in category_tree().categories} | {
        "消防安全",
        "联席会议决议",
        "*",
    }
    assert len({rule.id for rule in catalogue.rules}) == len(catalogue.rules)
    # docs/rules.md §3.3: the two limits follow from the priority.
    for rule in catalogue.rules:
        limits = data["limits"][rule.priority]
        assert (rule.accept, rule.resolve) == (parse_limit(limits["accept"]), parse_limit(limits["resolve"]))
