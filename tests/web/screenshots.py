"""`make screenshots`: every row of `pages.py` as people see it, into web/screenshots, with an index.html to look through.

python -m tests.web.screenshots [part of a name …]
"""

import sys
from collections.abc import Iterator
from html import escape
from typing import Any

from tests.support.browser import ROOT, chromium
from tests.support.site import running_site
from tests.web.opening import opened
from tests.web.pages import ROWS
from tests.web.states import SIZES, Row

FOLDER = ROOT / "web" / "screenshots"
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"dark": True},
    "large": {"large": True},
    "english": {"english": True},
}
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Screenshots</title>
<style>body{{font:14px system-ui;margin:24px}}figure{{display:inline-block;margin:8px;vertical-align:top}}
img{{max-width:480px;max-height:420px;border:1px solid #888}}</style>{figures}</html>"""


def pictures(row: Row) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every look in the entry's first size, and the plain one in the others."""
    first, *others = SIZES[row.entry]
    for look, how in LOOKS.items():
        yield look, {**how, "size": first}
    for width, height in others:
        yield f"{width}x{height}", {"size": (width, height)}


def main(wanted: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    with running_site(demo=True) as site, chromium() as browser:
        for row in ROWS:
            if wanted and not any(part in row.name for part in wanted):
                continue
            for name, how in pictures(row):
                with opened(browser, site, row, **how) as (page, wrong):
                    page.screenshot(path=FOLDER / f"{row.name}.{name}.png")
                print(f"{row.name}.{name}", *wrong, flush=True)
    figures = "".join(
        f'<figure><a href="{name}"><img src="{name}" alt=""></a><figcaption>{escape(name)}</figcaption></figure>'
        for name in sorted(path.name for path in FOLDER.glob("*.png"))
    )
    (FOLDER / "index.html").write_text(_PAGE.format(figures=figures), "utf-8")
    print(FOLDER / "index.html")


if __name__ == "__main__":
    main(sys.argv[1:])
