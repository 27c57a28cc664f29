"""Supervision: watches the clocks of work orders and escalates what is late."""
