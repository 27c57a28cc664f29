"""Who reported: name and phone, shown masked unless somebody with a reason asks.

A phone is kept as it was told, and read where it can be: a number that nobody can read costs nobody the report.
"""

from dataclasses import dataclass

from services.intake.reports.phones import read_phone


@dataclass(frozen=True, slots=True)
class Reporter:
    """What the reporter left of themselves. An anonymous reporter's name and phone are kept for the office only."""

    name: str | None = None
    phone: str | None = None
    anonymous: bool = False

    @property
    def number(self) -> str | None:
        """The phone in its one form; None where there is none, or it cannot be read."""
        return read_phone(self.phone) if self.phone else None

    @property
    def unread(self) -> bool:
        """Whether a phone was told that cannot be read."""
        return bool(self.phone) and self.number is None

    def masked(self) -> "Reporter":
        """The form that is shown by default: the surname; of a phone the first three and last four digits, of a number
        too short for that the last two."""
        if self.anonymous:
            return Reporter(anonymous=True)
        name = _keep(self.name, 1, 0, least=2)
        return Reporter(name, "***" if self.unread else _keep(self.number, 3, 4, least=11, short=2))


def _keep(text: str | None, first: int, last: int, *, least: int, short: int = 0) -> str | None:
    """`text` with stars for all but its ends; where it has less than `least` characters, all but its `short` last."""
    if not text:
        return None
    if len(text) < least:
        first, last = 0, short
    return text[:first] + "*" * (len(text) - first - last) + text[len(text) - last :]
