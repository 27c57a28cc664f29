"""Prometheus' configuration, the alert rules and the dashboard, held against the metrics that there are."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.compose import own_services
from tests.support.dashboard import DEPLOY, dashboard, exposed_names, families, names_in, panel_queries, rules
from tests.support.promtool import require

PROMETHEUS = DEPLOY / "prometheus"


def promtool(*arguments: str, folder: Path = PROMETHEUS) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([require("promtool"), *arguments], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "arguments",
    [("check", "config", "prometheus.yml"), ("check", "rules", "rules.yml"), ("test", "rules", "rules_test.yml")],
    ids=["configuration", "rules", "rule tests"],
)
def test_promtool_accepts(arguments: tuple[str, ...]) -> None:
    ran = promtool(*arguments)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_promtool_would_see_a_rule_that_never_fires(tmp_path: Path) -> None:
    """The rule tests are worth something: with one threshold out of reach they fail."""
    text = (PROMETHEUS / "rules.yml").read_text("utf-8")
    assert "gridgov_outbox_age_seconds) > 60" in text
    (tmp_path / "rules.yml").write_text(text.replace("age_seconds) > 60", "age_seconds) > 60e9"), "utf-8")
    (tmp_path / "rules_test.yml").write_bytes((PROMETHEUS / "rules_test.yml").read_bytes())
    assert promtool("test", "rules", "rules_test.yml", folder=tmp_path).returncode != 0


def test_every_rule_has_a_test_that_fires_it() -> None:
    tested = (PROMETHEUS / "rules_test.yml").read_text("utf-8")
    assert [rule["alert"] for rule in rules() if f'alertname="{rule["alert"]}"' not in tested] == []


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_every_rule_says_in_two_languages_what_it_means_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("page", "look")
    for part in ("summary", "runbook"):
        zh, mark, en = rule["annotations"][part].partition(" · ")
        assert mark and zh and en
    assert len(rule["annotations"]["runbook"]) > 60


@pytest.mark.parametrize("query", [*(rule["expr"] for rule in rules()), *panel_queries().values()])
def test_every_query_asks_for_metrics_that_there_are(query: str) -> None:
    assert names_in(query) - exposed_names() == set()
    assert names_in(query) or "up{" in query


def test_every_metric_of_ours_is_looked_at() -> None:
    """By a rule or on the dashboard: nobody keeps a number for nobody."""
    asked = set().union(*map(names_in, [*(rule["expr"] for rule in rules()), *panel_queries().values()]))
    assert [name for name, series in families().items() if name.startswith("gridgov_") and not series & asked] == []


def test_prometheus_scrapes_every_container_that_runs_on() -> None:
    configuration = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text("utf-8"))
    (found,) = [job for job in configuration["scrape_configs"] if job["job_name"] == "gridgov"]
    scraped = found["dns_sd_configs"][0]["names"]
    lasting = [name for name, service in own_services().items() if service["restart"] == "unless-stopped"]
    assert sorted(scraped) == sorted([*lasting, "proxy"])


def test_the_dashboard_asks_the_source_that_is_provisioned_and_explains_each_panel() -> None:
    source = yaml.safe_load((DEPLOY / "grafana/provisioning/datasources/prometheus.yml").read_text("utf-8"))
    uid = source["datasources"][0]["uid"]
    panels = dashboard()["panels"]
    assert {target["datasource"]["uid"] for panel in panels for target in panel["targets"]} == {uid}
    assert [panel["title"] for panel in panels if " · " not in panel["title"] or not panel["description"]] == []
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(set(places)) == len(places)
