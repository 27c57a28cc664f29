"""What the endpoints of people are given beside the registry: the cipher of what is known of them."""

from typing import Annotated

from fastapi import Depends, Request

from shared.field_cipher import FieldCipher


def _cipher(request: Request) -> FieldCipher:
    cipher: FieldCipher = request.app.state.cipher
    return cipher


CipherDep = Annotated[FieldCipher, Depends(_cipher)]
