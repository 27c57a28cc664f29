"""Fixtures of the tests in a real browser."""

from tests.support.browser import browser
from tests.support.embedded import first_start
from tests.support.site import site

__all__ = ["browser", "first_start", "site"]
