"""The body of a command's endpoint: exactly what the command needs, one frozen dataclass, one model."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

from pydantic import create_model

from shared.http.types import StrictModel


def body_of(command: type[Any], words: Mapping[str, Any]) -> type[StrictModel]:
    """The model of `command`, a dataclass; `words` has the type of each field: one word means one thing, in every body.
    Raises KeyError for a word that is not among them."""
    parts: dict[str, Any] = {
        field.name: (words[field.name], ...)
        if field.default is MISSING
        else (words[field.name] if field.default is not None else words[field.name] | None, field.default)
        for field in fields(command)
    }
    return create_model(f"{command.__name__}Body", __base__=StrictModel, __doc__=command.__doc__, **parts)
