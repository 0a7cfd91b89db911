"""Takes out of a sound what is said beside it: who made it, where, on what; no sample of it is touched."""

from collections.abc import Callable, Iterator, Mapping

from cop.storage.vetting import sound

#: Chunks of a WAV that are sound, or needed to hear it; all others are blanked.
_HEARD = frozenset((b"fmt ", b"data", b"fact"))
#: Boxes of an MP4 that tell of it; a phone writes there who spoke, and where.
_TELLING = frozenset((b"udta", b"meta", b"uuid", b"free", b"skip"))
#: What the packet of an Ogg begins with that tells of it.
_COMMENTS = (b"\x03vorbis", b"OpusTags")
_LAST_TAG, _FOOTER = 128, 32


def without_tags(data: bytes, kind: str) -> bytes:
    """Return a sound of this format, which was followed to its end, without what is said beside it."""
    return _WAYS[kind](data)


def _stream(data: bytes) -> bytes:
    """Return the frames of MP3 or AAC alone: tags stand before and behind them."""
    start, end = sound.after_tags(data), len(data)
    while True:
        before = end
        if data[max(end - _LAST_TAG, start) :][:3] == b"TAG":
            end -= _LAST_TAG
        elif data[max(end - _FOOTER, start) :][:8] == b"APETAGEX":
            footer = data[end - _FOOTER : end]
            has_head = int.from_bytes(footer[20:24], "little") >> 31
            end -= int.from_bytes(footer[12:16], "little") + _FOOTER * has_head
        if not start < end < before:
            return data[start:before]


def _wav(data: bytes) -> bytes:
    end = min(int.from_bytes(data[4:8], "little") + 8, len(data))
    made, at = bytearray(data[:end]), 12
    while at + 8 <= end:
        size = int.from_bytes(made[at + 4 : at + 8], "little")
        if bytes(made[at : at + 4]) not in _HEARD:
            _blank(made, at, 8, min(size, end - at - 8), b"JUNK", 0)
        at += 8 + size + size % 2
    return bytes(made)


def _m4a(data: bytes) -> bytes:
    made = bytearray(data)
    _blank_boxes(made, 0, len(made))
    return bytes(made)


def _blank_boxes(made: bytearray, at: int, end: int) -> None:
    while at + 8 <= end:
        name, head, size = sound.box_at(made, at, end)
        if name in _TELLING:
            _blank(made, at, head, size - head, b"free", 4)
        elif name in sound.HOLDERS:
            _blank_boxes(made, at + head, at + size)
        at += size


def _blank(made: bytearray, at: int, head: int, length: int, name: bytes, name_at: int) -> None:
    """Leave a part where it stands, as one that says nothing: whatever counts bytes still finds the sound."""
    made[at + name_at : at + name_at + 4] = name
    made[at + head : at + head + length] = bytes(length)


def _ogg(data: bytes) -> bytes:
    made = bytearray(data)
    for places in _packets(made):
        packet = bytearray(b"".join(made[first:last] for _page, first, last in places))
        head = next((one for one in _COMMENTS if packet.startswith(one)), None)
        if head is None:
            continue
        _blank_comments(packet, len(head))
        written = 0
        for _page, first, last in places:
            made[first:last] = packet[written : written + last - first]
            written += last - first
        for page in {page for page, _first, _last in places}:
            _sum_up(made, page)
    return bytes(made)


#: Of each piece of a packet: its page, where it begins, where it ends.
_Places = list[tuple[int, int, int]]


def _packets(data: bytearray) -> Iterator[_Places]:
    """Yield the second packet of each stream; it may go over several pages."""
    begun: dict[bytes, _Places] = {}
    told: dict[bytes, int] = {}
    at = 0
    while at < len(data):
        stream, count = bytes(data[at + 14 : at + 18]), data[at + 26]
        place = at + 27 + count
        for lacing in data[at + 27 : at + 27 + count]:
            begun.setdefault(stream, []).append((at, place, place + lacing))
            place += lacing
            if lacing < 255:
                told[stream] = told.get(stream, 0) + 1
                whole = begun.pop(stream)
                if told[stream] == 2:
                    yield whole
        at = place


def _blank_comments(packet: bytearray, at: int) -> None:
    """Let each comment say nothing; each stays as long as it was."""

    def number() -> int:
        nonlocal at
        at += 4
        return int.from_bytes(packet[at - 4 : at], "little")

    at += number()
    for _comment in range(min(number(), len(packet))):
        length = min(number(), len(packet) - at)
        if length <= 0:
            return
        packet[at : at + length] = b"X=".ljust(length)[:length]
        at += length


def _sum_up(made: bytearray, page: int) -> None:
    """Write the sum by which a page is checked anew."""
    count = made[page + 26]
    end = page + 27 + count + sum(made[page + 27 : page + 27 + count])
    made[page + 22 : page + 26] = bytes(4)
    found = 0
    for byte in made[page:end]:
        found = (found << 8 & 0xFFFFFFFF) ^ _SUMS[found >> 24 ^ byte]
    made[page + 22 : page + 26] = found.to_bytes(4, "little")


def _sum_of(byte: int) -> int:
    found = byte << 24
    for _bit in range(8):
        found = found << 1 ^ (0x104C11DB7 if found >> 31 else 0)
    return found


_SUMS = tuple(_sum_of(one) for one in range(256))
_WAYS: Mapping[str, Callable[[bytes], bytes]] = {
    "mp3": _stream,
    "aac": _stream,
    "wav": _wav,
    "m4a": _m4a,
    "ogg": _ogg,
}
