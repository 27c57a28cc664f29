"""What is taken out of a message before it is classified: places, greetings, numbers and white space say nothing
about its category, and a model that learns them learns the sample instead of the matter."""

import re

from shared.spelling import simplified

TITLE_LIMIT = 120
BODY_LIMIT = 600
"""Characters kept after cleaning. Residents say what they want at the start; the rest of a long text is history."""

# Anonymised places (A3区, K8县), which many message boards publish, and export debris of Excel.
_PLACES = re.compile(r"西地省|[A-Z]\d{0,3}[市区县州]|_x000D_")
_GREETINGS = re.compile(
    r"尊敬的[^，。,:：！!\s]{0,12}?(?:领导|书记|市长|县长|区长|厅长|局长|主席|部长|主任)们?"
    r"|(?:书记|[市县区厅局州]长|主任)\s*[：:，,]?\s*[您你]们?好"
    r"|[您你]们?好|百忙之中|感谢|谢谢|您|在此"
)
_NUMBERS = re.compile(r"\d+")
_SPACE = re.compile(r"\s+")


def clean(text: str, limit: int) -> str:
    """At most `limit` characters that matter, simplified and in upper case, with every number written as 0."""
    text = simplified(text[: limit * 3])
    text = _GREETINGS.sub("", _PLACES.sub("", text))
    return _SPACE.sub("", _NUMBERS.sub("0", text)).upper()[:limit]
