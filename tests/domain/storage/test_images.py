"""Pictures that people send: made harmless, or refused in a word, and never more than a bounded process' trouble."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from cop.core import bounded
from cop.storage import images, process
from cop.storage.images import Size, kind_of, sizes_of
from cop.storage.process import NotTaken
from tests import hostile


def largest(data: bytes) -> Size:
    return sizes_of(data)[-1]


def opened(size: Size) -> Image.Image:
    image = Image.open(io.BytesIO(size.data))
    image.load()
    return image


def test_a_photograph_is_kept_in_sizes_for_phone_and_desk() -> None:
    made = sizes_of(hostile.photograph(4000, 3000))
    assert [(size.width, size.height) for size in made] == [(480, 360), (960, 720), (1920, 1440)]
    assert all(opened(size).format == "WEBP" for size in made)
    assert all(opened(size).size == (size.width, size.height) for size in made)


def test_a_small_picture_is_not_made_larger() -> None:
    assert [size.width for size in sizes_of(hostile.png(200, 100))] == [200]


def test_a_long_screenshot_stays_readable() -> None:
    made = largest(hostile.png(800, 9000))
    assert made.height == 3840


@pytest.mark.parametrize(
    "data",
    [
        hostile.photograph(),
        hostile.png(),
        hostile.animation(),
        hostile.webp(),
        hostile.polyglot(),
        hostile.photograph(progressive=True),
    ],
    ids=["jpeg", "png", "gif", "webp", "polyglot", "progressive"],
)
def test_nothing_is_left_of_what_a_file_told_beside_its_pixels(data: bytes) -> None:
    for size in sizes_of(data):
        assert hostile.MARKER not in size.data
        assert hostile.HTML not in size.data
        for chunk in (b"EXIF", b"Exif", b"ICCP", b"XMP ", b"ANIM"):
            assert chunk not in size.data
        image = opened(size)
        assert dict(image.getexif()) == {}
        assert dict(image.getexif().get_ifd(0x8825)) == {}
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(image.info)
        # The container ends where it says: nothing is hidden behind it.
        assert int.from_bytes(size.data[4:8], "little") + 8 == len(size.data)


@pytest.mark.parametrize(("orientation", "corner"), [(1, (5, 5)), (3, (-5, -5)), (6, (-5, 5))])
def test_a_picture_stands_upright(orientation: int, corner: tuple[int, int]) -> None:
    image = opened(largest(hostile.photograph(400, 300, orientation=orientation))).convert("RGB")
    assert image.size == ((300, 400) if orientation == 6 else (400, 300))
    x, y = (at % edge for at, edge in zip(corner, image.size, strict=True))
    red, green, _blue = image.getpixel((x, y))  # type: ignore[misc]
    assert red > 150
    assert green < 100


def test_of_an_animation_the_first_picture_is_kept() -> None:
    assert getattr(opened(largest(hostile.animation(5))), "n_frames", 1) == 1


def test_what_is_see_through_stays_so() -> None:
    assert opened(largest(hostile.png())).mode == "RGBA"


@pytest.mark.parametrize("mode", ["CMYK", "L", "I;16", "LA", "P", "1", "F"])
def test_pictures_of_every_kind_of_colour_are_taken(mode: str) -> None:
    target = io.BytesIO()
    kind = {"CMYK": "JPEG", "F": "WEBP"}.get(mode, "PNG")
    image = Image.new(mode, (60, 40))
    (image.convert("RGB") if mode == "F" else image).save(target, kind)
    assert largest(target.getvalue()).width == 60


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (hostile.SVG, "drawing"),
        (b"\xef\xbb\xbf  <svg/>", "drawing"),
        (hostile.HTML, "unknown"),
        (b"MZ\x90\0", "unknown"),
        (b"%PDF-1.7", "document"),
        (b"PK\x03\x04rest", "document"),
        (b"\0\0\0\x18ftypheic", "heic"),
        (b"\0\0\0\x18ftypisom", "video"),
        (hostile.gif_script(), "broken"),
        (hostile.photograph()[:3000], "broken"),
        (hostile.png()[:60], "broken"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 100, "broken"),
        (hostile.png_bomb(60_000, 100), "large"),
        (hostile.png_bomb(20_000, 20_000), "large"),
        (hostile.png_that_lies(60_000, 60_000), "large"),
        (hostile.png_that_lies(4_000, 4_000), "broken"),
        (hostile.gif_bomb(), "large"),
    ],
)
def test_what_is_no_good_picture_is_refused_in_a_word(data: bytes, why: str) -> None:
    with pytest.raises(NotTaken) as refused:
        sizes_of(data)
    assert refused.value.why == why


def test_a_text_that_grows_to_a_gigabyte_is_stopped() -> None:
    with pytest.raises(NotTaken) as refused:
        sizes_of(hostile.png_text_bomb())
    assert refused.value.why in ("broken", "large")


def test_a_file_larger_than_the_limit_is_not_even_decoded() -> None:
    with pytest.raises(NotTaken) as refused:
        sizes_of(b"\xff\xd8\xff" + b"\0" * images.FILE_LIMIT)
    assert refused.value.why == "heavy"


def test_what_a_file_is_goes_by_what_it_holds() -> None:
    assert [kind_of(data) for data in (hostile.photograph(), hostile.png(), hostile.webp())] == [
        "jpeg",
        "png",
        "webp",
    ]


def test_a_decoder_that_never_ends_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(bounded, "_PROGRAM", slow)
    monkeypatch.setattr(process, "BOUNDS", replace(process.BOUNDS, patience=0.5))
    with pytest.raises(NotTaken):
        sizes_of(hostile.png())


def test_a_decoder_that_dies_says_so_in_a_word(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dying = tmp_path / "dying.py"
    dying.write_text("import os; os.abort()")
    monkeypatch.setattr(bounded, "_PROGRAM", dying)
    with pytest.raises(NotTaken) as refused:
        sizes_of(hostile.png())
    assert refused.value.why == "large"


def test_the_decoder_knows_no_secret_of_the_site(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(os.environ, "INVENTED_SECRET", "secret")
    telling = tmp_path / "telling.py"
    telling.write_text(
        "import os, json, sys\n"
        "word = 'secret' if 'INVENTED_SECRET' in os.environ else 'none'\n"
        "print(json.dumps({'said': {'refused': word}, 'lengths': []}))"
    )
    monkeypatch.setattr(bounded, "_PROGRAM", telling)
    with pytest.raises(NotTaken) as refused:
        sizes_of(hostile.png())
    assert refused.value.why == "none"


def test_only_so_many_pictures_are_made_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_TURN", 0.01)
    with process._turns, process._turns, pytest.raises(NotTaken) as refused:
        sizes_of(hostile.png())
    assert refused.value.why == "busy"
