"""Which characters no text may hold, whether a form or a table tells it."""

import re
from typing import Final

FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Controls but tab and line ends, lone surrogates, and code points that are no characters: PostgreSQL, CSV or a terminal
trips over each of them."""
