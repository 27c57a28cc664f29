"""Duties (定期职责): what a unit or a premises must do every so often, made from plans, fulfilled by what was done."""
