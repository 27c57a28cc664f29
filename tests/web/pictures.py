"""`make pictures`: the four pages as README shows them, small, into docs/pictures."""

from typing import Final

from PIL import Image

from tests.support.browser import ROOT, chromium
from tests.support.site import running_site
from tests.web.opening import opened
from tests.web.pages import ROWS
from tests.web.states import SIZES

FOLDER = ROOT / "docs" / "pictures"
SHOWN: Final = {"phone": "phone-report", "desk": "desk-inbox-one", "board": "board", "follow": "follow"}
"""Picture → the row of pages.py that it shows."""
WIDEST, COLOURS = 640, 64


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    rows = {row.name: row for row in ROWS}
    with running_site(demo=True) as site, chromium() as browser:
        for name, shown in SHOWN.items():
            file = FOLDER / f"{name}.png"
            with opened(browser, site, rows[shown], size=SIZES[rows[shown].entry][0]) as (page, _):
                page.screenshot(path=file)
            with Image.open(file) as whole:
                small = whole.convert("RGB")
            small.thumbnail((WIDEST, WIDEST))
            small.quantize(COLOURS).save(file, optimize=True)
            print(file.relative_to(ROOT), file.stat().st_size)


if __name__ == "__main__":
    main()
