"""These tests run the whole platform (`tests/support/gridgov.py`)."""

from tests.support.platform import module_database, module_platform, own_platform, platform

__all__ = ["module_database", "module_platform", "own_platform", "platform"]
