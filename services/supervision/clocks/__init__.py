"""Clocks: the limits that supervision watches, and the steps of its ladder."""
