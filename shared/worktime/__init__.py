"""Working time: the calendar of working days and office hours, limits, and the arithmetic of deadlines. Pure.

Imports the standard library, `shared.errors` and `shared.clock` only (`build.py`, which makes the data file and is
never imported at run time, is the one exception). Instants go in aware and come out in UTC.
"""
