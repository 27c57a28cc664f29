"""Composition (队伍构成): what is known of staff, and how any unit's staff is made up on a day."""
