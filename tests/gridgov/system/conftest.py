"""Fixtures of the system tests: state directories for the launcher's, instances for the embedded form's."""

from tests.support.embedded import first_start, prepared
from tests.support.launcher import bare, here, seed

__all__ = ["bare", "first_start", "here", "prepared", "seed"]
