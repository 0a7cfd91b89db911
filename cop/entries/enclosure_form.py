"""The part of a form that holds files: those it has, what each is and on what terms, and files to add."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, MultipleFileField

from cop.core.i18n import _l
from cop.core.types import Lang
from cop.entries import enclosing, enclosures
from cop.entries.draft import Attachments, Enclosure
from cop.entries.enclosures import File
from cop.entries.image_forms import Many, Pictured
from cop.entries.licences import LICENCES
from cop.people.viewer import Viewer
from cop.web.forms import number_of

#: The fields that go side by side with `enclosures`.
_BESIDE = ("enclosure_about", "enclosure_licence", "enclosure_source")


@dataclass(frozen=True)
class TypedFile:
    """A file of a form, with what was typed of it."""

    file: File
    about: str = ""
    licence: str = ""
    source: str = ""


class Enclosing(Pictured):
    """A form with files. `enclosures` and three more go side by side; `enclosure_gone` names ids."""

    enclosures = Many()
    enclosure_about = Many()
    enclosure_licence = Many()
    enclosure_source = Many()
    enclosure_gone = Many()
    enclose = MultipleFileField(_l("Files"))
    enclosure_clean = BooleanField(
        _l("Take out of new files who made them (properties, names beside comments and changes)"),
        default=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin without refusals."""
        super().__init__(*args, **kwargs)
        #: Why files that were chosen now were not taken.
        self.refused_enclosures: list[Any] = []

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field; a file that was not taken is said beside the files."""
        valid = super().validate(extra_validators=extra_validators)
        self.enclose.errors = [*self.enclose.errors, *self.refused_enclosures]
        return valid and not self.refused_enclosures

    @property
    def enclosure_ids(self) -> list[int]:
        """The files it has, in order, each once."""
        gone = set(self.enclosure_gone.data)
        ids = [number_of(one) for one in self.enclosures.data if one not in gone]
        return list(dict.fromkeys(filter(None, ids)))

    def typed_of(self, file_id: int) -> tuple[str, str, str]:
        """Return what was typed of a file: what it is, its terms, its source."""
        at = [number_of(one) for one in self.enclosures.data].index(file_id)
        about, licence, source = (
            self[name].data[at] if at < len(self[name].data) else "" for name in _BESIDE
        )
        return about, licence, source

    def enclosed(self, lang: Lang, kept: Sequence[Enclosure] = ()) -> tuple[Enclosure, ...]:
        """Return the files as handed in: described in `lang` as typed, in the other language as `kept` has it."""
        before = {one.id: one.about for one in kept}
        made = []
        for file_id in self.enclosure_ids:
            words, licence, source = self.typed_of(file_id)
            known = before.get(file_id, {})
            about = {tongue: said for tongue, said in known.items() if tongue != lang}
            if words:
                about[lang.value] = words
            made.append(Enclosure(file_id, about, licence, source))
        return tuple(made)

    def put_enclosures(self, kept: Sequence[Enclosure], lang: Lang) -> None:
        """Fill in the files of a published state."""
        self._put_files(
            [(str(one.id), one.about.get(lang, ""), one.licence, one.source) for one in kept]
        )

    def _put_files(self, rows: Sequence[tuple[str, str, str, str]]) -> None:
        for at, name in enumerate(("enclosures", *_BESIDE)):
            self[name].data = [row[at] for row in rows]

    def _file_rows(self) -> list[tuple[str, str, str, str]]:
        return [(str(one), *self.typed_of(one)) for one in self.enclosure_ids]

    @property
    def kept_as_draft(self) -> dict[str, list[str]]:
        """Images and files as a draft keeps them, with those that were added just now."""
        rows = self._file_rows()
        names = ("enclosures", *_BESIDE)
        return super().kept_as_draft | {
            name: [row[at] for row in rows] for at, name in enumerate(names)
        }

    def add_enclosure(self, file_id: int) -> None:
        """Add one that was just kept, at the end."""
        self._put_files([*self._file_rows(), (str(file_id), "", "", "")])

    def said_of(self, lang: Lang) -> Attachments:
        """Return its images and files with what is typed of them in one language, and nothing in the other."""
        return self.described(lang), self.enclosed(lang)

    def take_descriptions(self, other: "Enclosing") -> None:
        """Fill in what another form says of the same images and files; what it leaves empty stays."""
        self.image_alts.data = [other.alt_of(one) or self.alt_of(one) for one in self.image_ids]
        said = {str(one): other.typed_of(one)[0] for one in other.enclosure_ids}
        self._put_files(
            [(row[0], said.get(row[0]) or row[1], *row[2:]) for row in self._file_rows()]
        )

    def renumber(self, numbers: Mapping[int, int]) -> None:
        """Name images and files by other ids, where there are such."""
        for name in ("images", "image_plain", "image_gone", "enclosures", "enclosure_gone"):
            ids = [(one, numbers.get(number_of(one))) for one in self[name].data or ()]
            self[name].data = [str(other) if other else one for one, other in ids]

    def chosen_enclosures(self) -> list[FileStorage]:
        """Return the files that were chosen now; they are taken once."""
        sent = self.enclose.data or ()
        found = [one for one in sent if isinstance(one, FileStorage) and one.filename]
        self.enclose.data, self.enclose.raw_data = [], []
        return found

    def shown_enclosures(self, viewer: Viewer) -> list[TypedFile]:
        """Return each file of the form with what was typed of it; those that are not there (any more) are left out."""
        found = enclosures.while_writing(viewer, self.enclosure_ids)
        self.missing_files = len(self.enclosure_ids) - len(found)
        self._put_files([row for row in self._file_rows() if int(row[0]) in found])
        return [TypedFile(found[int(row[0])], *row[1:]) for row in self._file_rows()]

    def describes_enclosures(
        self, lang: Lang, kept: Sequence[Enclosure] = (), *, limit: int = enclosing.LIMIT
    ) -> bool:
        """Put a sentence beside the files for everything wrong with them; return whether nothing is."""
        found = list(enclosing.lacking(self.enclosed(lang, kept), limit=limit))
        for error in found:
            self.put_error(error.field, error.message)
        return not found

    @property
    def licences(self) -> Mapping[str, Any]:
        """The terms on which a file can be shown, with their names."""
        return LICENCES
