"""Why the command stops: one line in Chinese and English that says what to do, never a trace."""

from gridgov.local.errors import StartError


class Stopped(StartError):
    """The replay cannot go on. What was done so far stays done; exit code 1."""


class FileRefused(Stopped):
    """The file, or how the command was called, is not usable; nothing was sent; exit code 2."""
