"""A photo made anew: every type that is taken, everything that is not, and what of its metadata is read and left out."""

import struct
import zlib
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pillow_heif
import pytest
from PIL import Image

from shared.errors import GridGovError
from shared.files.image import LONGEST_SIDE, made_of
from tests.shared.files.pictures import picture, told


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_every_type_becomes_a_jpeg_of_at_most_the_longest_side(form: str) -> None:
    pillow_heif.register_heif_opener()
    photo = made_of(picture(form, (4000, 1000)))
    with Image.open(BytesIO(photo.content)) as made, Image.open(BytesIO(photo.thumbnail)) as small:
        assert (made.format, made.size, small.size) == ("JPEG", (LONGEST_SIDE, 640), (320, 80))
        red, green, blue = made.getpixel((100, 100))
        assert red > 240 and green < 20 and blue < 20
    assert (photo.width, photo.height) == (LONGEST_SIDE, 640)


def test_a_small_photo_is_not_made_larger() -> None:
    assert (made_of(picture(size=(50, 40))).width, made_of(picture(size=(50, 40))).height) == (50, 40)


def test_place_and_time_are_read_and_nothing_of_the_metadata_stays() -> None:
    photo = made_of(picture(exif=told(zone="+09:00"), comment=b"my secret"))
    assert photo.taken_at == datetime(2026, 11, 28, 0, 30, tzinfo=UTC)
    assert photo.longitude == pytest.approx(116.3913) and photo.latitude == pytest.approx(39.9075)
    for made in (photo.content, photo.thumbnail):
        assert b"Exif" not in made and b"GridCam" not in made and b"my secret" not in made


def test_a_time_without_a_zone_is_local_time() -> None:
    taken_at = made_of(picture(exif=told())).taken_at
    assert taken_at is not None and taken_at.utcoffset() == timedelta(hours=8) and taken_at.hour == 9


@pytest.mark.parametrize("taken", [None, "0000:00:00 00:00:00", "yesterday", "1970:01:01 00:00:00"])
def test_a_time_that_is_none_is_not_guessed(taken: str | None) -> None:
    assert made_of(picture(exif=told(taken=taken))).taken_at is None


def test_a_turned_photo_stands_upright() -> None:
    photo = made_of(picture(size=(800, 600), exif=told(turned=6)))
    assert (photo.width, photo.height) == (600, 800)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16"])
def test_every_kind_of_pixel_becomes_colour(mode: str) -> None:
    into = BytesIO()
    Image.new(mode, (40, 30)).save(into, "PNG")
    assert made_of(into.getvalue()).width == 40


def test_what_is_transparent_is_white() -> None:
    photo = made_of(picture("PNG", (40, 30), mode="RGBA", colour=(255, 0, 0, 0)))
    assert Image.open(BytesIO(photo.content)).getpixel((5, 5)) == (255, 255, 255)


def bomb(width: int, height: int) -> bytes:
    """A PNG that says how large it is, in a hundred bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "photo_type"),
        (b"just words", "photo_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo_type"),
        (b"GIF89a" + bytes(600), "photo_type"),
        (b"%PDF-1.7" + bytes(600), "photo_type"),
        (b"\xff\xd8\xff\xe0" + bytes(600), "photo_unreadable"),
        (picture()[:2000], "photo_unreadable"),
        (b"\x89PNG\r\n\x1a\n" + bytes(600), "photo_unreadable"),
        (bomb(8000, 8000), "photo_pixels"),
        (bomb(12_000, 12_000), "photo_pixels"),
        (bomb(60_000, 60_000), "photo_pixels"),
    ],
)
def test_what_is_no_photo_is_refused_with_the_reason(content: bytes, code: str) -> None:
    with pytest.raises(GridGovError) as refused:
        made_of(content)
    assert refused.value.code == code


def test_the_parser_of_another_type_never_runs() -> None:
    """A file that begins as a JPEG and goes on as something else is read as a JPEG, or not at all."""
    with pytest.raises(GridGovError, match="photo_unreadable"):
        made_of(b"\xff\xd8\xff" + picture("PNG"))
