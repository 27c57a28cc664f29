"""What supervision shows to those who check it."""

from services.supervision.clocks.table import clocks

aggregates = {"clock": clocks}
"""Trail kind → the table whose `version` the trail must reach (`gridgov verify-trail`)."""
