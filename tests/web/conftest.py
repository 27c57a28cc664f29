"""Fixtures of the tests in a real browser."""

from tests.support.browser import browser
from tests.support.site import site

__all__ = ["browser", "site"]
