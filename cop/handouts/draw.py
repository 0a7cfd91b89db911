"""Makes a PDF of one paper; run by `confined`, in a process of its own, and reaches for nothing.

It is given a line of JSON: the words as HTML, their style, and the pictures by their addresses. Whatever an address
in the words may say, nothing is fetched: no file, no host, only the pictures it was given.
"""

import base64
import ctypes
import json
import sys
from contextlib import suppress
from functools import cache
from typing import Any

from cop.core.confined import Refused

#: What Chinese is set in; one character that every font of Chinese has.
_HAN = "同".encode()


def drawn(asked: dict[str, Any]) -> tuple[bytes, int]:
    """Return the PDF and how many pages it has, or raise Refused."""
    try:
        import weasyprint
    except ImportError as error:
        raise Refused("weasyprint") from error
    except OSError as error:
        # WeasyPrint is there, and Pango, which it draws with, is not.
        raise Refused("pango") from error
    if _lacks_chinese():
        raise Refused("font")
    _tell_languages()
    fetcher = _only_given({name: base64.b64decode(data) for name, data in asked["images"].items()})
    try:
        document = weasyprint.HTML(
            string=asked["html"], base_url=None, url_fetcher=fetcher, media_type="print"
        ).render(
            stylesheets=[weasyprint.CSS(string=asked["css"], url_fetcher=fetcher)],
            presentational_hints=True,
        )
        return document.write_pdf(pdf_variant="pdf/ua-1"), len(document.pages)
    except OSError as error:
        raise Refused("pango") from error


@cache
def _tell_languages() -> None:
    """Let the tags say in which language each passage is: WeasyPrint names that of the whole file alone.

    A version that builds its tags in another way still draws the file, without this.
    """
    from weasyprint.pdf import tags

    build = getattr(tags, "_build_box_tree", None)
    if build is None:
        return

    def told(box: Any, *rest: Any) -> Any:
        """Build the tags of a box, those inside it too, for its own calls come here as well."""
        element = getattr(box, "element", None)
        lang = element.attrib.get("lang") if element is not None else None
        for made in build(box, *rest):
            if lang:
                made["Lang"] = tags.pydyf.String(lang)
            yield made

    tags._build_box_tree = told  # noqa: SLF001  the library offers no other way


def _only_given(images: dict[str, bytes]) -> Any:
    """Return what fetches for WeasyPrint: the pictures that were given with the paper, and nothing else."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OnlyGiven(URLFetcher):  # type: ignore[misc]  # the library carries no types
        """Knows no protocol but ours."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """Return a picture, or refuse."""
            if url.startswith("paper:") and url[6:] in images:
                return URLFetcherResponse(url, images[url[6:]], {"Content-Type": "image/webp"})
            raise ValueError("nothing is fetched for a paper")

    return OnlyGiven(allowed_protocols=())


def _lacks_chinese() -> bool:
    """Tell whether no font of this system has Chinese characters; where that cannot be told, it is not said."""
    with suppress(OSError, AttributeError):
        ft2, pango = (ctypes.CDLL(name) for name in ("libpangoft2-1.0.so.0", "libpango-1.0.so.0"))
        ft2.pango_ft2_font_map_new.restype = ctypes.c_void_p
        pango.pango_font_map_create_context.restype = ctypes.c_void_p
        pango.pango_font_map_create_context.argtypes = [ctypes.c_void_p]
        pango.pango_layout_new.restype = ctypes.c_void_p
        pango.pango_layout_new.argtypes = [ctypes.c_void_p]
        pango.pango_layout_set_text.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
        pango.pango_layout_get_unknown_glyphs_count.argtypes = [ctypes.c_void_p]
        context = pango.pango_font_map_create_context(ft2.pango_ft2_font_map_new())
        layout = pango.pango_layout_new(context)
        pango.pango_layout_set_text(layout, _HAN, len(_HAN))
        return bool(pango.pango_layout_get_unknown_glyphs_count(layout))
    return False


def answer(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Return what to say of a paper, and the PDF; raise Refused where there can be none."""
    made, pages = drawn(json.loads(data))
    return {"pages": pages, **_cost()}, [made]


def _cost() -> dict[str, float]:
    """Return the most memory this process has held, in bytes, and the seconds of the processor it took."""
    with suppress(ImportError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        unit = 1 if sys.platform == "darwin" else 1024
        return {"memory": used.ru_maxrss * unit, "seconds": used.ru_utime + used.ru_stime}
    return {"memory": 0, "seconds": 0.0}
