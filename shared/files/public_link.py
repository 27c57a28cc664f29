"""A photo that one service keeps and another one shows: by a link that nobody can make up.

The services share no database and call each other for no request. Both hold the keys of fields: the one seals the photo's
id, the other opens the seal and shows the picture, if it may be shown. A seal of one kind opens nothing of another.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from shared.field_cipher import FieldCipher, Unreadable
from shared.files.errors import FILE_NOT_FOUND

Seal = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+={0,2}$", max_length=120)]


class PublicLinks:
    """To somebody without an account. `of` gives the last part of a link to a file, `opened` the file that it is of."""

    context: ClassVar[str] = "public photo"

    def __init__(self, cipher: FieldCipher) -> None:
        self._cipher = cipher

    def of(self, file: UUID) -> str:
        return urlsafe_b64encode(self._cipher.encrypt(str(file), self.context)).decode()

    def opened(self, seal: str) -> UUID:
        """Raises FILE_NOT_FOUND for what was not made by `of`."""
        try:
            return UUID(self._cipher.decrypt(urlsafe_b64decode(seal), self.context))
        except (Unreadable, ValueError):
            raise FILE_NOT_FOUND() from None


class StaffLinks(PublicLinks):
    """To whoever sees the thing of another service that the photo tells of; they are signed in besides."""

    context = "staff photo"
