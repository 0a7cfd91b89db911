"""Codes that a telephone reads off paper or a screen, drawn here: no other machine learns what is in them."""

from functools import lru_cache

from markupsafe import Markup, escape


@lru_cache(maxsize=512)
def code(address: str, label: str) -> Markup:
    """Return the QR code of an address that everybody may know; it is drawn once."""
    return drawn(address, label)


def drawn(address: str, label: str) -> Markup:
    """Return the QR code of an address as a drawing with a name; black on white, with its margin, in any theme."""
    import segno

    made = segno.make(address, error="m", micro=False)
    svg = made.svg_inline(omitsize=True, light="#fff", svgclass="qr", lineclass=None)
    name = escape(label)
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{name}" ', 1)
    # What draws the file takes the name of a figure from its title alone.
    return Markup(svg.replace("<path", f"<title>{name}</title><path", 1))  # noqa: S704  drawn by us
