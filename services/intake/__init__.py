"""Intake: takes reports from every channel, finds where and what, and links what was told twice."""
