"""The shared spine is tested on the probe, a tiny service."""

from tests.shared.probe import bus, probe, probe_database

__all__ = ["bus", "probe", "probe_database"]
