"""Makes small clean pictures of one file that somebody sent; run by `confined`, in a process of its own."""

import io
import warnings
from contextlib import suppress
from typing import Any

from cop.core.confined import Refused

#: Most pixels a picture may have: what large phones make, and no more than fits into `MEMORY`.
PIXELS = 64_000_000
#: Longest edge in pixels.
EDGE = 20_000
#: The largest picture that is kept fits into this; long screenshots are read downwards.
WIDTH, HEIGHT = 1920, 3840
#: Widths of the smaller ones.
WIDTHS = (480, 960)
QUALITY = 82
#: A picture of so few colours is a drawing, and is kept without loss.
_COLOURS = 4096
#: Formats by what files begin with.
FORMATS = {"jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP"}


def pictures(data: bytes, kind: str) -> list[tuple[int, int, bytes]]:
    """Return (width, height, WebP) of the sizes that are kept, the smallest first, or raise Refused."""
    image = _turned(data, kind)
    image.thumbnail((WIDTH, HEIGHT), reducing_gap=3)
    drawing = image.getcolors(_COLOURS) is not None
    made = []
    for width in [*(width for width in WIDTHS if width < image.width), image.width]:
        height = max(1, round(image.height * width / image.width))
        sized = image if width == image.width else image.resize((width, height), reducing_gap=3)
        made.append((width, height, _encoded(sized, lossless=drawing and sized is image)))
    return made


def _turned(data: bytes, kind: str) -> Any:
    """Return the first picture of a file, upright, in plain red, green and blue, perhaps see-through."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        image: Any = Image.open(io.BytesIO(data), formats=[FORMATS[kind]])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("large") from error
    if image.width * image.height > PIXELS or max(image.size) > EDGE:
        raise Refused("large")
    # A photograph is decoded no larger than it is kept.
    image.draft("RGB", (max(WIDTH, HEIGHT), max(WIDTH, HEIGHT)))
    image.load()
    profile = image.info.get("icc_profile")
    with suppress(Exception):  # what it says of turning may be as broken as it likes
        image = ImageOps.exif_transpose(image)
    see_through = "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "La", "RGBa")
    if profile:
        image = _in_plain_colours(image, profile)
    image = image.convert("RGBA" if see_through else "RGB")
    # A fresh image: nothing that was said beside the pixels comes along.
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    return clean


def _in_plain_colours(image: Any, profile: bytes) -> Any:
    """Return the picture with its colours as screens take them; where its profile is broken, as it is."""
    from PIL import ImageCms

    if image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    with suppress(Exception):
        wanted = image.mode if image.mode != "CMYK" else "RGB"
        return ImageCms.profileToProfile(
            image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode=wanted
        )
    return image


def _encoded(image: Any, *, lossless: bool) -> bytes:
    target = io.BytesIO()
    image.save(
        target,
        "WEBP",
        quality=QUALITY,
        lossless=lossless,
        method=4,
        exif=b"",
        xmp=b"",
        icc_profile=b"",
    )
    return target.getvalue()


def answer(data: bytes, kind: str) -> tuple[dict[str, Any], list[bytes]]:
    """Return the sizes of a picture, and the pictures."""
    made = pictures(data, kind)
    return {"sizes": [[width, height] for width, height, _one in made]}, [
        one for *_size, one in made
    ]
