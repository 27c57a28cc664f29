"""Inspections (检查): who looked at a place, by which checklist, what was found, and who signed."""
