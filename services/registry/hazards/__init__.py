"""Hazards (隐患): what is wrong at a place, from its finding to a passed re-inspection."""
