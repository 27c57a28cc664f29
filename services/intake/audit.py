"""What of intake is verified: the tables whose versions the trails must reach."""

from services.intake.reports.table import reports

aggregates = {"report": reports}
"""Trail kind → the table whose `version` the trail must reach (`gridgov verify-trail`)."""
