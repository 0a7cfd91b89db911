"""The part of a form that holds images: those it has, what each shows, and files to add."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage
from wtforms import Field, MultipleFileField

from cop.core.i18n import _l
from cop.core.text import clean
from cop.core.types import Lang
from cop.entries import attaching, pictures
from cop.entries.draft import Image
from cop.entries.pictures import Picture
from cop.people.viewer import Viewer
from cop.web.forms import BaseForm, number_of

#: Value of the button that adds the chosen files and publishes nothing.
ADD = "images"
#: What is typed of each image, in lists that go side by side with theirs.
_BESIDE = ("image_alts", "image_licence", "image_source")


class Many(Field):  # type: ignore[misc]
    """All values that were sent under one name; the template draws them."""

    def process_data(self, value: Any) -> None:
        """Take what a draft or a published state holds."""
        self.data: list[str] = [str(one) for one in value or ()]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was sent, cleaned as lines of text are."""
        self.data = [clean(str(value), multiline=False) for value in valuelist]


class Pictured(BaseForm):
    """A form with images. `images` and `_BESIDE` go side by side; the others name ids."""

    images = Many()
    image_alts = Many()
    image_licence = Many()
    image_source = Many()
    #: Those said to be only decoration.
    image_plain = Many()
    #: Those to be taken away.
    image_gone = Many()
    files = MultipleFileField(_l("Images"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin without refusals."""
        super().__init__(*args, **kwargs)
        #: Why files that were chosen now were not taken.
        self.refused_files: list[Any] = []
        #: How many of its images, and of its files, are not there any more.
        self.missing_images = self.missing_files = 0

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field; a file that was not taken is said beside the images."""
        valid = super().validate(extra_validators=extra_validators)
        self.files.errors = [*self.files.errors, *self.refused_files]
        return valid and not self.refused_files

    @property
    def has_errors(self) -> bool:
        """Whether anything is to be said to who sent it."""
        return bool(self.form_errors or any(field.errors for field in self))

    @property
    def image_ids(self) -> list[int]:
        """The images it has, in order, each once."""
        gone = set(self.image_gone.data)
        ids = [number_of(one) for one in self.images.data if one not in gone]
        return list(dict.fromkeys(filter(None, ids)))

    def described(self, lang: Lang, kept: Sequence[Image] = ()) -> tuple[Image, ...]:
        """Return the images as handed in: described in `lang` as typed, in the other language as `kept` has it."""
        before = {image.id: image for image in kept}
        plain = {number_of(one) for one in self.image_plain.data}
        made = []
        for image_id in self.image_ids:
            words = self.alt_of(image_id)
            known = before[image_id].alt if image_id in before else {}
            alt = {tongue: said for tongue, said in known.items() if tongue != lang}
            if words:
                alt[lang.value] = words
            decorative = image_id in plain
            whose = self.whose(image_id)
            made.append(Image(image_id, {} if decorative else alt, decorative, *whose))
        return tuple(made)

    def alt_of(self, image_id: int) -> str:
        """Return what was typed of an image."""
        return self._typed("image_alts", image_id)

    def whose(self, image_id: int) -> tuple[str, str]:
        """Return on what terms an image is shown, and where it is from, as typed."""
        return self._typed("image_licence", image_id), self._typed("image_source", image_id)

    def _typed(self, name: str, image_id: int) -> str:
        typed: dict[str, str] = dict(zip(self.images.data, self[name].data, strict=False))
        return typed.get(str(image_id), "")

    def put_images(self, images: Sequence[Image], lang: Lang) -> None:
        """Fill in the images of a published state."""
        self.images.data = [str(image.id) for image in images]
        self.image_alts.data = [image.alt.get(lang, "") for image in images]
        self.image_licence.data = [image.licence for image in images]
        self.image_source.data = [image.source for image in images]
        self.image_plain.data = [str(image.id) for image in images if image.decorative]

    @property
    def kept_as_draft(self) -> dict[str, list[str]]:
        """The images as a draft keeps them, with those that were added just now."""
        ids = self.image_ids
        plain = {number_of(one) for one in self.image_plain.data or ()}
        return {
            "images": [str(one) for one in ids],
            **{name: [self._typed(name, one) for one in ids] for name in _BESIDE},
            "image_plain": [str(one) for one in ids if one in plain],
        }

    def add_image(self, image_id: int) -> None:
        """Add one that was just kept, at the end."""
        for name in _BESIDE:
            missing = len(self.images.data) - len(self[name].data)
            self[name].data = [*self[name].data, *[""] * missing, ""]
        self.images.data = [*self.images.data, str(image_id)]

    def chosen_files(self) -> list[FileStorage]:
        """Return the files that were chosen now; they are taken once."""
        found = [
            one for one in self.files.data or () if isinstance(one, FileStorage) and one.filename
        ]
        self.files.data, self.files.raw_data = [], []
        return found

    def shown_images(self, viewer: Viewer) -> list[tuple[Picture, str, bool]]:
        """Return each image of the form with what was typed of it and whether it is said to be decoration.

        Those that are not there (any more) are left out.
        """
        found = pictures.while_writing(viewer, self.image_ids)
        self.missing_images = len(self.image_ids) - len(found)
        there = [one for one in self.image_ids if one in found]
        typed = {name: [self._typed(name, one) for one in there] for name in _BESIDE}
        self.images.data = [str(one) for one in there]
        for name, words in typed.items():
            self[name].data = words
        plain = set(self.image_plain.data)
        return [
            (
                replace(found[one], licence=self.whose(one)[0], source=self.whose(one)[1]),
                self.alt_of(one),
                str(one) in plain,
            )
            for one in there
        ]

    def describes_images(
        self, lang: Lang, kept: Sequence[Image] = (), *, limit: int = attaching.ENTRY_LIMIT
    ) -> bool:
        """Put a sentence beside the images for everything wrong with them; return whether nothing is."""
        found = list(attaching.lacking(self.described(lang, kept), limit=limit))
        for error in found:
            self.put_error(error.field, error.message)
        return not found


def is_adding() -> bool:
    """Tell whether the button was pressed that only adds the chosen files."""
    return request.form.get("act") == ADD
