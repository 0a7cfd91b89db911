"""Catalogues on disk: `.po` compiled to `.mo` at start where stale, and a pseudo-language for tests."""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

#: What extraction must look for besides gettext's own names: `pybabel extract -k …`.
KEYWORDS = ("_l", "_n:1,2", "_ln:1,2")

_FOLDER = "LC_MESSAGES"
_DOMAIN = "messages"
#: Raise it when the way catalogues are compiled changes, so that all of them count as stale.
_RECIPE = b"1"

_PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]?\d*(?:\.\d+)?[a-zA-Z]|%%|<[^>]*>|&\w+;|https?://\S+")
_ACCENTS = str.maketrans(
    "AaBCcDdEeGgHhIiJjKkLlNnOoRrSsTtUuWwYyZz", "ÀàƁÇçĐđÉéĞğĦħÎîĴĵĶķĻļÑñÔôŔŕŠšŢţÛûŴŵÝýŽž"
)


def compile_stale(po_root: Path, out_dir: Path) -> list[str]:
    """Compile each `po_root/<locale>/LC_MESSAGES/*.po` whose text changed; return the locales compiled.

    A digest of the source lies beside each result, so a restored or checked-out file with an old date
    is noticed too. Results appear whole or not at all, whatever other processes do meanwhile.
    """
    done = []
    for source in sorted(po_root.glob(f"*/{_FOLDER}/*.po")):
        locale = source.parent.parent.name
        target = out_dir / locale / _FOLDER / f"{source.stem}.mo"
        stamp = target.with_suffix(".digest")
        text = source.read_bytes()
        digest = hashlib.sha256(_RECIPE + text).hexdigest()
        if target.exists() and stamp.exists() and stamp.read_text() == digest:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=locale, domain=source.stem)
        _write_whole(target, _mo(catalogue))
        _write_whole(stamp, digest.encode())
        done.append(locale)
    return done


def build_pseudo(pot: Path, out_dir: Path, *, folder: str = "en") -> Path:
    """Write the pseudo-language of a template catalogue as the catalogue of `folder`; return its file.

    Every translated sentence then stands in ⟦⟧ with accented letters, so that text which passed no
    catalogue shows. Named parts and markup stay as they are. (Babel knows no locale `en_XA`, so the
    pseudo-language takes the place of English in a folder of its own.)
    """
    with pot.open("rb") as file:
        template = read_po(file)
    made = Catalog(locale=folder, domain=_DOMAIN)
    for message in template:
        if not message.id:
            continue
        made.add(message.id, pseudo_of(message.id), context=message.context)
    target = out_dir / folder / _FOLDER / f"{_DOMAIN}.mo"
    _write_whole(target, _mo(made))
    return target


def pseudo_of(message: str | tuple[str, ...] | list[str]) -> Any:
    """Return a sentence (or the forms of a plural) in the pseudo-language."""
    if not isinstance(message, str):
        return tuple(pseudo_of(form) for form in message)
    out, at = [], 0
    for kept in _PLACEHOLDER.finditer(message):
        out += [message[at : kept.start()].translate(_ACCENTS), kept.group()]
        at = kept.end()
    out.append(message[at:].translate(_ACCENTS))
    return "⟦" + "".join(out) + "⟧"


def _mo(catalogue: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def _write_whole(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.{os.getpid()}-{secrets.token_hex(3)}")
    try:
        draft.write_bytes(content)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
