"""Files of all kinds, made when asked for: good photographs, and what somebody hostile or unlucky would send."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageCms, PngImagePlugin

#: Coordinates that must be nowhere in what is kept.
GPS = {1: "N", 2: (39.0, 54.0, 20.0), 3: "E", 4: (116.0, 23.0, 29.0)}
MARKER = b"invented-marker-of-a-camera"


def photograph(width: int = 640, height: int = 480, **more: object) -> bytes:
    """Return a JPEG with all that cameras write: place, device, turning, profile, thumbnail, comment."""
    image = Image.radial_gradient("L").resize((width, height)).convert("RGB")
    image.paste((200, 30, 30), (0, 0, width // 4, height // 4))
    exif = Image.Exif()
    exif[0x010F] = MARKER.decode()
    exif[0x0112] = more.pop("orientation", 1)
    exif[0x8825] = GPS
    target = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image.save(target, "JPEG", exif=exif, icc_profile=profile, comment=MARKER, **more)
    return target.getvalue()


def png(width: int = 200, height: int = 100, **more: object) -> bytes:
    """Return a PNG with a text in it."""
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", MARKER.decode())
    told.add_itxt("XML:com.adobe.xmp", f"<x>{MARKER.decode()}</x>")
    target = io.BytesIO()
    Image.new("RGBA", (width, height), (20, 120, 90, 128)).save(target, "PNG", pnginfo=told, **more)
    return target.getvalue()


def animation(frames: int = 3, size: tuple[int, int] = (80, 60)) -> bytes:
    """Return a GIF that moves."""
    pictures = [Image.new("P", size, at % 250) for at in range(frames)]
    target = io.BytesIO()
    pictures[0].save(
        target, "GIF", save_all=True, append_images=pictures[1:], comment=MARKER, duration=50
    )
    return target.getvalue()


def webp() -> bytes:
    """Return a WebP with what cameras write."""
    exif = Image.Exif()
    exif[0x010F] = MARKER.decode()
    exif[0x8825] = GPS
    target = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(target, "WEBP", exif=exif, xmp=MARKER)
    return target.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_bomb(width: int, height: int) -> bytes:
    """Return a small PNG of many pixels, all alike."""
    packer = zlib.compressobj(9)
    row = b"\0" + b"\0" * ((width + 7) // 8)
    parts = [packer.compress(row) for _ in range(height)]
    data = b"".join(parts) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")
    )


def png_that_lies(width: int, height: int) -> bytes:
    """Return a PNG that says it is large and holds a few bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    data = zlib.compress(b"\0" * 100)
    return (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")
    )


def png_text_bomb() -> bytes:
    """Return a PNG whose text grows to a gigabyte when it is read."""
    text = b"Comment\0\0" + zlib.compress(b"\0" * 200_000_000, 9)
    good = png(10, 10)
    return good[:33] + _chunk(b"zTXt", text) + good[33:]


def gif_bomb() -> bytes:
    """Return a GIF of one pixel on a canvas of 60,000 by 60,000."""
    good = bytearray(animation(1, (1, 1)))
    good[6:10] = struct.pack("<HH", 60_000, 60_000)
    return bytes(good)


SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
)
HTML = b"<!doctype html><script>alert(1)</script>"


def polyglot() -> bytes:
    """Return a good JPEG that is a web page as well: behind its last byte, and in its comment."""
    image = Image.new("RGB", (120, 80), "olive")
    target = io.BytesIO()
    image.save(target, "JPEG", comment=b"*/=1;alert(1)/*")
    return target.getvalue() + HTML + MARKER


def gif_script() -> bytes:
    """Return a script that begins as a GIF does."""
    return b"GIF89a=1;alert(document.cookie)//" + MARKER
