"""How much of a file is read. 50,000 rows are a normal file; these are the most, and hold before anything is unpacked."""

from typing import Final

MOST_BYTES: Final = 64 * 1024 * 1024
"""Of the file as it was sent."""
MOST_UNPACKED: Final = 400 * 1024 * 1024
"""Of all parts of a workbook together; 4,326 messages take 9 MB."""
MOST_RATIO: Final = 250
"""Unpacked to packed, for workbooks of more than RATIO_FROM bytes: tables reach 20, bombs a thousand."""
RATIO_FROM: Final = 32 * 1024 * 1024
MOST_PARTS: Final = 5_000
MOST_SHEETS: Final = 200
MOST_ROWS: Final = 200_000
"""Rows with something in them, of all sheets together."""
MOST_COLUMNS: Final = 1_000
MOST_CELLS: Final = 8_000_000
"""Rows times columns up to the last cell with something in it: the reader holds a sheet as a dense grid."""
MOST_CHARACTERS: Final = 200_000_000
"""Of all cells together: a shared text counts as often as it is used, for that is what it costs."""
MOST_STRINGS: Final = 3_000_000
LONGEST_CELL: Final = 1_000_000
HEADER_WITHIN: Final = 20
"""The header is one of the first rows; a title or a remark may stand above it."""
