"""docker-compose.yml as data."""

from pathlib import Path
from typing import Any

import yaml

_KEYS_SEEN = {("registry", "api"): ["verifying", "tokens"], ("intake", "*"): ["verifying", "fields"]}


def keys_seen(service: str, role: str) -> list[str]:
    """The parts of the keys that a process needs, by their folders; it gets no other."""
    return _KEYS_SEEN.get((service, role)) or _KEYS_SEEN.get((service, "*")) or ["verifying"]


FILE = Path(__file__).resolve().parents[2] / "docker-compose.yml"


def compose() -> dict[str, Any]:
    """The file, anchors and merges resolved."""
    content: dict[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return content


def own_services() -> dict[str, dict[str, Any]]:
    """The containers that run GridGov's own image."""
    return {name: service for name, service in compose()["services"].items() if service["image"].startswith("gridgov:")}


def commands() -> dict[str, list[str]]:
    """What each of them runs, after `gridgov`."""
    return {name: service["command"] for name, service in own_services().items()}
