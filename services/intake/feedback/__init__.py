"""Feedback (反馈): a reporter follows a report, is told the result, rates it, and may have it opened again."""
