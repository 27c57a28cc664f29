"""Restructuring (调整): units merge, split, move, are renamed and dissolved together on a day, and who succeeds them."""
