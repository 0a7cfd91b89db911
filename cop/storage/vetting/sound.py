"""MP3, M4A, AAC, OGG and WAV: told apart and followed to their end; what is half there or no sound is refused."""

import struct
from collections.abc import Callable

from cop.core.confined import Refused

#: Frames in a row that make a stream of them.
_FRAMES = 3
#: kbit/s of MPEG-1 and of MPEG-2 (2.5), layer 3.
_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
#: Boxes of an MP4 that hold boxes.
HOLDERS = frozenset((b"moov", b"trak", b"mdia"))
_OGG_SOUND = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ")
_OGG_FILM = (b"\x80theora", b"\x01video", b"BBCD")


def format_of(data: bytes) -> str:
    """Return the format of a sound, or raise Refused."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return _wav(data)
    if data.startswith(b"OggS"):
        return _ogg(data)
    if data[4:8] == b"ftyp":
        return _m4a(data)
    start = after_tags(data)
    if _follows(data, start, _mp3_frame):
        return "mp3"
    if _follows(data, start, _aac_frame):
        return "aac"
    raise Refused("broken" if data.startswith(b"ID3") else "unknown")


def _wav(data: bytes) -> str:
    names, at, end = set(), 12, int.from_bytes(data[4:8], "little") + 8
    while at + 8 <= min(end, len(data)):
        names.add(data[at : at + 4])
        at += 8 + int.from_bytes(data[at + 4 : at + 8], "little")
        at += at % 2
    if not {b"fmt ", b"data"} <= names or at - at % 2 > len(data) + 1:
        raise Refused("broken")
    return "wav"


def _ogg(data: bytes) -> str:
    at, kinds = 0, set()
    while at < len(data):
        if data[at : at + 4] != b"OggS" or at + 27 > len(data):
            raise Refused("broken")
        count = data[at + 26]
        body = at + 27 + count
        if data[at + 5] & 0x02:
            kinds.add(
                next((one for one in (*_OGG_SOUND, *_OGG_FILM) if data.startswith(one, body)), b"")
            )
        at = body + sum(data[at + 27 : body])
    if at != len(data) or not kinds:
        raise Refused("broken")
    if kinds & set(_OGG_FILM):
        raise Refused("video")
    if not kinds & set(_OGG_SOUND):
        raise Refused("unknown")
    return "ogg"


def _m4a(data: bytes) -> str:
    handlers: set[bytes] = set()
    whole = _boxes(data, 0, len(data), handlers)
    if b"vide" in handlers:
        raise Refused("video")
    if b"soun" not in handlers or not whole:
        raise Refused("broken" if data[8:11] == b"M4A" else "video")
    return "m4a"


def box_at(data: bytes | bytearray, at: int, end: int) -> tuple[bytes, int, int]:
    """Return name, length of the head and length of the box of an MP4 that begins here."""
    size, name = int.from_bytes(data[at : at + 4], "big"), bytes(data[at + 4 : at + 8])
    if size == 1:
        return name, 16, int.from_bytes(data[at + 8 : at + 16], "big")
    return name, 8, size or end - at


def _boxes(data: bytes, at: int, end: int, handlers: set[bytes]) -> bool:
    """Follow the boxes of an MP4 and note what its tracks are; return whether all of them are whole."""
    while at < end:
        if at + 8 > end:
            return False
        name, head, size = box_at(data, at, end)
        if size < head or at + size > end:
            return False
        if name in HOLDERS and not _boxes(data, at + head, at + size, handlers):
            return False
        if name == b"hdlr":
            handlers.add(data[at + head + 8 : at + head + 12])
        at += size
    return True


def after_tags(data: bytes) -> int:
    """Return where sound begins behind the tags that stand before it."""
    at = 0
    while data[at : at + 3] == b"ID3" and at + 10 <= len(data):
        a, b, c, d = struct.unpack("4B", data[at + 6 : at + 10])
        at += 10 + (a << 21 | b << 14 | c << 7 | d)
    while at < len(data) and data[at] == 0:
        at += 1
    return at


def _follows(data: bytes, at: int, length_of: Callable[[bytes], int]) -> bool:
    for _frame in range(_FRAMES):
        length = length_of(data[at : at + 7])
        if not length or at + length > len(data):
            return False
        at += length
    return True


def _mp3_frame(head: bytes) -> int:
    """Return the length of a frame of MPEG layer 3, or 0."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return 0
    version, rate, hertz = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or rate in (0, 15) or hertz == 3:
        return 0
    first = version == 3
    kbits = (_RATES_1 if first else _RATES_2)[rate]
    return (144 if first else 72) * kbits * 1000 // _HERTZ[version][hertz] + (head[2] >> 1 & 1)


def _aac_frame(head: bytes) -> int:
    """Return the length of a frame of AAC as it is streamed, or 0."""
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return 0
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return length if length > 7 else 0
