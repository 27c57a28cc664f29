"""Consumers of the probe's events, on a real bus."""

from tests.shared.bus.consumers import consumers

__all__ = ["consumers"]
