"""A photo made anew from the bytes that came: what it shows stays, everything that rides along goes.

What must hold: only the parser of the type that the content shows runs; nothing is decoded before its size is known to
be bearable; place and time are read before the metadata are left out, and neither is ever guessed.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from math import isfinite
from typing import Any, Final

import filetype
import pillow_heif
from PIL import Image, ImageOps

from shared.clock import LOCAL
from shared.files.errors import PHOTO_PIXELS, PHOTO_TYPE, PHOTO_UNREADABLE

pillow_heif.register_heif_opener()

LONGEST_SIDE: Final = 2560
THUMBNAIL_SIDE: Final = 320
MOST_PIXELS: Final = 50_000_000
"""Some 350 MB while a PNG of them is made anew; phones' cameras stay below."""
HEAD_BYTES: Final = 512
"""So many show what a file is."""
_LARGEST_PROFILE: Final = 16 * 1024
_FORMATS: Final = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
    "image/heif": "HEIF",
}
_GPS, _EXIF = 0x8825, 0x8769
_TAKEN, _OFFSET = 0x9003, 0x9011


@dataclass(frozen=True, slots=True)
class Photo:
    """Both JPEG. `taken_at` as the camera told it, by local time where it told no zone; the point is WGS-84."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int
    taken_at: datetime | None
    longitude: float | None
    latitude: float | None


def format_of(head: bytes) -> str:
    """Which parser is for content that begins with `head`. Raises PHOTO_TYPE."""
    kind = filetype.guess_mime(head[:HEAD_BYTES])
    found = _FORMATS.get(kind or "")
    if found is None:
        raise PHOTO_TYPE(data={"content": kind or "unknown", "taken": sorted(_FORMATS)})
    return found


def made_of(content: bytes) -> Photo:
    """The photo in `content`. Raises PHOTO_TYPE, PHOTO_UNREADABLE, PHOTO_PIXELS."""
    form = format_of(content)
    try:
        with Image.open(BytesIO(content), formats=[form]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _too_many()
            exif = image.getexif()
            profile = image.info.get("icc_profile") if image.mode == "RGB" else None
            # A JPEG is decoded at the smallest scale that still is large enough.
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            whole = ImageOps.exif_transpose(image)
        whole.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        whole = _on_white(whole)
        small = whole.copy()
        small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
        longitude, latitude = _point(exif)
        return Photo(
            _jpeg(whole, 85, profile),
            _jpeg(small, 78, profile),
            whole.width,
            whole.height,
            _taken_at(exif),
            longitude,
            latitude,
        )
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many() from None
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        IndexError,
        ArithmeticError,
        RuntimeError,
        MemoryError,
    ) as error:
        # Whatever a parser trips over; a photo that opens is none of it.
        raise PHOTO_UNREADABLE() from error


def _too_many() -> Exception:
    return PHOTO_PIXELS(most=MOST_PIXELS // 1_000_000)


def _on_white(image: Image.Image) -> Image.Image:
    """Without transparency, palettes and colour spaces that browsers do not show."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("RGB")


def _jpeg(image: Image.Image, quality: int, profile: Any) -> bytes:
    """Nothing goes in but pixels, and how their colours are meant."""
    kept = profile if isinstance(profile, bytes) and len(profile) <= _LARGEST_PROFILE else None
    plain = Image.new("RGB", image.size)
    plain.paste(image)
    into = BytesIO()
    plain.save(into, "JPEG", quality=quality, optimize=True, progressive=True, icc_profile=kept)
    return into.getvalue()


def _taken_at(exif: Image.Exif) -> datetime | None:
    with suppress(Exception):  # cameras write what they like
        told = exif.get_ifd(_EXIF)
        taken = datetime.strptime(str(told[_TAKEN]).strip("\0 "), "%Y:%m:%d %H:%M:%S").replace(tzinfo=LOCAL)
        with suppress(Exception):
            zone = datetime.strptime(str(told[_OFFSET]).strip("\0 "), "%z").tzinfo
            taken = taken.replace(tzinfo=zone)
        return taken if 1990 <= taken.year < 2100 else None
    return None


def _point(exif: Image.Exif) -> tuple[float | None, float | None]:
    with suppress(Exception):
        told = exif.get_ifd(_GPS)
        latitude, longitude = _degrees(told, 1, "S"), _degrees(told, 3, "W")
        # (0, 0) is what cameras write that do not know.
        if abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude or longitude):
            return longitude, latitude
    return None, None


def _degrees(told: Mapping[int, Any], at: int, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in told[at + 1])
    value = degrees + minutes / 60 + seconds / 3600
    if not isfinite(value):
        raise ValueError(value)
    return -value if told[at].upper().startswith(negative) else value
