"""Codes that a telephone reads off paper, drawn here: no other machine learns what is printed."""

from functools import lru_cache

from markupsafe import Markup, escape


@lru_cache(maxsize=512)
def code(address: str, label: str) -> Markup:
    """Return the QR code of an address as a drawing with a name; black on white, with its margin, in any theme."""
    import segno

    made = segno.make(address, error="m", micro=False)
    drawn = made.svg_inline(omitsize=True, light="#fff", svgclass="qr", lineclass=None)
    named = f'<svg role="img" aria-label="{escape(label)}" '
    return Markup(drawn.replace("<svg ", named, 1))  # noqa: S704  drawn by us
