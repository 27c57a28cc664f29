"""The questions that dashboard and alert rules ask of Prometheus, and the metrics there are."""

import json
import re
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import CollectorRegistry

from gridgov.cluster.metrics import RoleMetrics
from services.intake.reports.metrics import ReportMetrics
from services.registry.accounts.metrics import SignInMetrics
from services.supervision.clocks.metrics import WatchMetrics
from shared.telemetry.metrics import Metrics

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
_NAME = re.compile(r"\b(?:gridgov|process)_[a-z_]+\b")


def dashboard() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DEPLOY / "grafana" / "dashboards" / "gridgov.json").read_text("utf-8"))
    return content


def panel_queries() -> dict[str, str]:
    """By panel and letter, with Grafana's own variable filled in."""
    return {
        f"{panel['title']} {target['refId']}": target["expr"].replace("$__rate_interval", "20s")
        for panel in dashboard()["panels"]
        for target in panel["targets"]
    }


def rules() -> list[dict[str, Any]]:
    content = yaml.safe_load((DEPLOY / "prometheus" / "rules.yml").read_text("utf-8"))
    return [rule for group in content["groups"] for rule in group["rules"]]


def names_in(query: str) -> set[str]:
    return set(_NAME.findall(query))


_ENDINGS = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}


def families() -> dict[str, set[str]]:
    """Every metric that a process may have, with its time series as Prometheus sees them."""
    registry = CollectorRegistry()
    for metrics in (Metrics, WatchMetrics, ReportMetrics, SignInMetrics):
        metrics(registry)
    RoleMetrics(registry, "x", "api")
    return {
        family.name: {family.name + ending for ending in _ENDINGS.get(family.type, ("",))}
        for family in registry.collect()
    }


def exposed_names() -> set[str]:
    return set().union(*families().values())
