"""Pictures as cameras and phones send them."""

from io import BytesIO

from PIL import Image


def picture(form: str = "JPEG", size: tuple[int, int] = (800, 600), *, colour: str = "red", **options: object) -> bytes:
    into = BytesIO()
    Image.new(options.pop("mode", "RGB"), size, colour).save(into, form, **options)
    return into.getvalue()


def told(*, taken: str | None = "2026:11:28 09:30:00", zone: str | None = None, turned: int = 1) -> Image.Exif:
    """The metadata of a camera at 39.9075 N, 116.3913 E."""
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = "GridCam"
    detail = exif.get_ifd(0x8769)
    if taken:
        detail[0x9003] = taken
    if zone:
        detail[0x9011] = zone
    exif.get_ifd(0x8825).update({1: "N", 2: (39.0, 54.0, 27.0), 3: "E", 4: (116.0, 23.0, 28.68)})
    return exif
