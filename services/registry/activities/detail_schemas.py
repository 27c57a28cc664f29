"""What is told of one kind of activity alone, checked against the kind's fields: the same for a form and a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.registry.activities.errors import ACTIVITY_FIELD_OF_OTHER_KIND
from services.registry.activities.kinds import KINDS, ActivityKind
from services.registry.premises.file_items import Field
from services.registry.premises.file_sheet import column_of, values_of


def planned(kind: ActivityKind, told: Mapping[str, Any]) -> dict[str, Any]:
    """What is told beforehand, as it is kept. Raises Invalid, naming the field."""
    return _checked(kind, "details", KINDS[kind].planned, told)


def results(kind: ActivityKind, told: Mapping[str, Any]) -> dict[str, Any]:
    """What is told once it was held. Raises Invalid, naming the field."""
    return _checked(kind, "results", KINDS[kind].results, told)


def _checked(kind: ActivityKind, part: str, fields: Sequence[Field], told: Mapping[str, Any]) -> dict[str, Any]:
    if foreign := sorted(told.keys() - {field.name for field in fields}):
        of = KINDS[kind]
        raise ACTIVITY_FIELD_OF_OTHER_KIND(field=f"{part}.{foreign[0]}", kind=of.zh, kind_en=of.en)
    return values_of([column_of(field) for field in fields], told, part)
