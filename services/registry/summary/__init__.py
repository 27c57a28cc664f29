"""Summaries (汇总): what the ledgers of a unit say of a week, month, quarter or year; final once the period has ended."""
