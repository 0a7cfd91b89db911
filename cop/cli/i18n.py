"""`cop i18n`: collect the sentences of the sources, and proofread their translations.

English is the source. `translations/messages.pot` lists every sentence, `<locale>/LC_MESSAGES/messages.po`
translates it. Files carry no dates and no line numbers, so they change only when a sentence does.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po, write_po

from cop.cli import proofreading
from cop.cli.console import Refusal
from cop.cli.proofreading import texts
from cop.core.catalogues import KEYWORDS
from cop.core.paths import ROOT, TRANSLATIONS, in_checkout

POT = TRANSLATIONS / "messages.pot"

#: Folder → pattern, extractor and its options.
_SOURCES: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "cop": [("**.py", "python", {})],
    "templates": [
        ("**.html", "jinja2", {"silent": "false"}),
        ("**.txt", "jinja2", {"silent": "false"}),
    ],
}
#: File, sentence (or its forms), comments for translators, context.
_Call = tuple[str, str | tuple[str, ...], list[str], str | None]

_POT_HEADER = """\
# Every sentence of the site, in English; written by `cop i18n extract`.
msgid ""
msgstr ""
"Project-Id-Version: cop\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


@click.group(short_help="Collect sentences and proofread translations.")
def i18n() -> None:
    """Collect the sentences of the sources, and proofread their translations."""
    if not in_checkout():
        raise Refusal("`cop i18n` needs a checkout of the project; this is an installed package.")


@i18n.command(short_help="Bring the catalogues up to date with the sources.")
def extract() -> None:
    """Write `messages.pot`, and give each catalogue the sentences it lacks, still untranslated."""
    template = collect()
    changed = _write(POT, text_of(template, _POT_HEADER))
    click.echo(f"{_short(POT)}: {len(template)} sentences{'' if changed else ', as before'}")
    for path in catalogues():
        before = path.read_text(encoding="utf-8")
        catalogue = updated(before, template)
        _write(path, text_of(catalogue, header_of(before)))
        missing = sum(1 for message in catalogue if message.id and not all(texts(message.string)))
        click.echo(f"{_short(path)}: {missing} to translate")


@i18n.command(short_help="Proofread the catalogues.")
def check() -> None:
    """Say what is missing, out of date or badly set; exit code 1 where there is anything."""
    found = problems()
    for problem in found:
        click.echo(problem)
    if found:
        click.secho(f"{len(found)} to correct.", fg="red", bold=True)
        sys.exit(1)
    click.secho("The catalogues are complete.", fg="green")


def problems() -> list[str]:
    """Return what is wrong with the catalogues, each in one line; nothing when all is well."""
    template = collect()
    found = []
    if not POT.exists() or POT.read_text(encoding="utf-8") != text_of(template, _POT_HEADER):
        found.append(f"{_short(POT)} is older than the sources: run `cop i18n extract`")
    for path in catalogues():
        text = path.read_text(encoding="utf-8")
        catalogue = parsed(text)
        if text != text_of(updated(text, template), header_of(text)):
            found.append(f"{_short(path)} is older than the sources: run `cop i18n extract`")
        locale = path.parent.parent.name
        found += [f"{_short(path)}: {line}" for line in proofreading.problems(catalogue, locale)]
    return found


def catalogues() -> list[Path]:
    """Return the catalogue of each language but the source's."""
    return sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))


def collect(root: Path = ROOT) -> Catalog:
    """Return every sentence that the program or a template asks a translation for.

    They are in the order of their files, and within a file by their words, so that moving a line moves
    nothing in the catalogues.
    """
    template = Catalog(charset="utf-8", fuzzy=False)
    for file, message, comments, context in sorted(_calls(root), key=_by_file):
        template.add(
            message,
            None,
            [(file, 1)],
            auto_comments=[" ".join(comments)] if comments else [],
            context=context,
        )
    for entry in template:
        # `{` is no placeholder of ours; sentences show it in examples of JSON.
        entry.flags.discard("python-brace-format")
    return template


def updated(text: str, template: Catalog) -> Catalog:
    """Return a catalogue with exactly the sentences of the template, translated as far as it was."""
    catalogue = parsed(text)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def parsed(text: str) -> Catalog:
    """Read a catalogue from its text."""
    return read_po(io.StringIO(text), abort_invalid=True)


def text_of(catalogue: Catalog, header: str) -> str:
    """Write a catalogue without what would change by itself: dates, versions, line numbers."""
    file = io.BytesIO()
    write_po(
        file,
        catalogue,
        width=0,
        omit_header=True,
        sort_by_file=True,
        include_lineno=False,
        ignore_obsolete=True,
    )
    return header.strip() + "\n\n" + file.getvalue().decode().strip() + "\n"


def header_of(text: str) -> str:
    """Return the head of a catalogue, with the translators' notes, as it was written."""
    return text.split("\n\n", 1)[0]


def _by_file(call: _Call) -> tuple[str, tuple[str, ...], str]:
    file, message, _comments, context = call
    return file, texts(message), context or ""


def _calls(root: Path) -> Iterator[_Call]:
    keywords = DEFAULT_KEYWORDS | parse_keywords(KEYWORDS)
    for folder, ways in _SOURCES.items():
        for file, _line, message, comments, context in extract_from_dir(
            root / folder,
            method_map=[(pattern, method) for pattern, method, _options in ways],
            options_map={pattern: options for pattern, _method, options in ways},
            keywords=keywords,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
            # Babel leaves out folders and files that begin with an underscore; Python does not.
            directory_filter=lambda path: Path(path).name != "__pycache__",
        ):
            yield f"{folder}/{file}", message, comments, context


def _write(path: Path, text: str) -> bool:
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8")
    return True


def _short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
