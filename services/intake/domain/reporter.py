"""Who reported: name and phone, shown masked unless somebody with a reason asks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reporter:
    """What the reporter left of themselves. An anonymous reporter's name and phone are kept for the office only."""

    name: str | None = None
    phone: str | None = None
    anonymous: bool = False

    def masked(self) -> "Reporter":
        """The form that is shown by default: surname only, first three and last four digits only."""
        if self.anonymous:
            return Reporter(anonymous=True)
        name = self.name[0] + "*" * (len(self.name) - 1) if self.name else None
        phone = f"{self.phone[:3]}{'*' * max(len(self.phone) - 7, 1)}{self.phone[-4:]}" if self.phone else None
        return Reporter(name, phone)
