"""A document (minutes, approvals, plans) is kept as it came: a PDF by its content, which is downloaded and never shown.

What must hold: nothing here parses it beyond its two ends, and its name is only ever a name.
"""

import re
from typing import Final

from shared.files.errors import DOCUMENT_UNREADABLE

_BEGINS, _ENDS = b"%PDF-", b"%%EOF"
_END_BYTES: Final = 2_048
"""Some programs write a few blanks or bytes behind the end."""
_LONGEST: Final = 100
_NO_PART: Final = re.compile('[\x00-\x1f\x7f-\x9f<>:"|?*\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]')


def is_document(head: bytes) -> bool:
    """Whether a file that begins so is one."""
    return head.startswith(_BEGINS)


def check_document(content: bytes) -> None:
    """Raise DOCUMENT_UNREADABLE for one that did not come whole."""
    if _ENDS not in content[-_END_BYTES:]:
        raise DOCUMENT_UNREADABLE()


def name_of_document(told: str) -> str:
    """The name under which it is downloaded, of what its uploader's machine called it: no path, no marks, with its suffix."""
    last = re.split(r"[/\\]", told)[-1]
    stem = _NO_PART.sub("", last).strip(" .").removesuffix(".pdf").removesuffix(".PDF").strip(" .")
    return f"{stem[:_LONGEST] or '文件'}.pdf"
