"""The pages that `make web` built (`web/dist`), held in memory: a few megabytes, read again when they were built anew.

What was built is all there is to ask for, so no path leads outside. Their policy lets a page load and call nothing but
this origin. Nothing else depends on them: without them `/app/` says how to mend it, and every service runs.
"""

import gzip
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import gridgov

DIST: Final = Path(gridgov.__file__).parents[1] / "web" / "dist"
_MARK: Final = ".vite/manifest.json"
"""Written by every build; not served."""
_FOR_EVER: Final = "assets/"
"""Names with a hash: another content is another name."""
_TYPES: Final = {
    ".webmanifest": "application/manifest+json",
    ".js": "text/javascript",
    ".html": "text/html; charset=utf-8",
}

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": POLICY,
    "permissions-policy": "camera=(self), geolocation=(self), microphone=(self)",
    "cross-origin-opener-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One built file, as it is and (where that is smaller) as gzip, with the headers of its answer."""

    plain: bytes
    packed: bytes | None
    headers: Mapping[str, str]


class BuiltPages:
    """The files of `folder` by path. `look()` before answering: it reads them when there is another build than before."""

    def __init__(self, folder: Path = DIST) -> None:
        self._folder = folder
        self._seen: int | None = None
        self._assets: Mapping[str, Asset] = {}

    def look(self) -> bool:
        """Whether there are pages."""
        try:
            seen = (self._folder / _MARK).stat().st_mtime_ns
        except OSError:
            return bool(self._assets)  # between two builds the last one is good
        if seen != self._seen:
            self._assets, self._seen = _read(self._folder), seen
        return bool(self._assets)

    def find(self, path: str) -> Asset | None:
        """The file at `path`; where that is a page of an entry (`desk/inbox/…`), the entry itself, whose router knows it."""
        if found := self._assets.get(path):
            return found
        entry, _, rest = path.partition("/")
        return None if "." in rest.rpartition("/")[2] else self._assets.get(f"{entry}/index.html")

    @property
    def entries(self) -> frozenset[str]:
        return frozenset(path.removesuffix("/index.html") for path in self._assets if path.endswith("/index.html"))


def _read(folder: Path) -> Mapping[str, Asset]:
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    packed = {name.removesuffix(".gz"): path for name, path in files.items() if name.endswith(".gz")}
    return {
        name: _asset(name, path.read_bytes(), packed[name].read_bytes() if name in packed else None)
        for name, path in files.items()
        if not name.startswith(".") and not name.endswith(".gz")
    }


def _asset(name: str, plain: bytes, packed: bytes | None) -> Asset:
    if packed is not None and gzip.decompress(packed) != plain:
        packed = None  # left by an interrupted build
    kind = _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {
        **HEADERS,
        "content-type": kind,
        "cache-control": "public, max-age=31536000, immutable" if name.startswith(_FOR_EVER) else "no-cache",
        "etag": f'"{sha256(plain).hexdigest()[:20]}"',
        "vary": "accept-encoding",
    }
    return Asset(plain, packed, headers)
