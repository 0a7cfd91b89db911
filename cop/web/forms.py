"""`BaseForm`: what every form of ours does, so that views stay thin and nothing typed is lost."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar, Self, cast

from babel.support import NullTranslations, Translations
from flask import g
from flask_wtf import FlaskForm
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from wtforms import Field, HiddenField, StringField, ValidationError
from wtforms.fields import PasswordField, TextAreaField
from wtforms.i18n import messages_path
from wtforms.validators import StopValidation

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Conflict, Invalid, ending
from cop.core.i18n import LOCALES, _l, current_lang
from cop.core.text import clean
from cop.web.models import AnsweredForm

#: Sentences of WTForms that readers may meet, in our own words; the rest come from its catalogue.
_OWN_WORDS: Mapping[str, Any] = {
    "This field is required.": _l("Please fill this in."),
    "Invalid input.": _l("Please check this."),
    "Invalid email address.": _l("Please enter an e-mail address, such as name@example.org."),
    "Invalid URL.": _l("Please enter a web address that begins with https://."),
    "Not a valid choice.": _l("Please choose one of the options offered."),
    "Invalid Choice: could not coerce.": _l("Please choose one of the options offered."),
    "Not a valid date value.": _l("Please enter a date such as 2026-11-18."),
    "Not a valid datetime value.": _l("Please enter a date and time such as 2026-11-18 09:30."),
    "Not a valid integer value.": _l("Please enter a whole number."),
    "Not a valid decimal value.": _l("Please enter a number."),
    "Not a valid float value.": _l("Please enter a number."),
}
_CHOICES_GONE = "'%(value)s' is not a valid choice for this field."

EXPIRED = _l(
    "You were signed out or your session ended while this form was open. Everything you typed is still "
    "here: please send it again."
)


class _Words:
    """WTForms' messages in the language of the moment, ours before its own."""

    def gettext(self, message: str) -> str:
        """Translate a sentence of WTForms."""
        own = _OWN_WORDS.get(message)
        return (
            str(own) if own is not None else _catalogue(LOCALES[current_lang()]).ugettext(message)
        )

    def ngettext(self, singular: str, plural: str, num: int) -> str:
        """Translate a sentence of WTForms that counts."""
        if singular == _CHOICES_GONE:
            return str(_OWN_WORDS["Not a valid choice."])
        return _catalogue(LOCALES[current_lang()]).ungettext(singular, plural, num)


@lru_cache(maxsize=4)
def _catalogue(locale: str) -> NullTranslations:
    return Translations.load(messages_path(), [locale, locale[:2]], domain="wtforms")


_WORDS = _Words()


def _cleaned_line(value: Any) -> Any:
    return clean(value, multiline=False) if isinstance(value, str) else value


def _cleaned_text(value: Any) -> Any:
    return clean(value, multiline=True) if isinstance(value, str) else value


class BaseForm(FlaskForm):  # type: ignore[misc]
    """A form whose text is cleaned, whose errors speak the reader's language, and which loses nothing.

    An expired form is an error of the form (`form.form_errors`) with everything typed still in it, at
    views marked `@form_says_expired`. Text fields are cleaned by `cop.core.text.clean`; passwords are
    taken as typed.
    """

    #: What the page answers that shows the form again: 409 where somebody was faster.
    status: int = 422

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """How fields are bound and in which words WTForms speaks."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """Let text fields clean what was typed before any other filter sees it."""
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                cleaner = _cleaned_text if issubclass(kind, TextAreaField) else _cleaned_line
                given = tuple(unbound_field.kwargs.get("filters", ()))
                if cleaner not in given:
                    unbound_field.kwargs["filters"] = (cleaner, *given)
            return super().bind_field(form, unbound_field, options)

        def get_translations(self, form: Any) -> Any:
            """Return the words of the moment."""
            return _WORDS

    #: Whether it is the one that `blank` gives to all.
    is_blank = False

    @classmethod
    def blank(cls) -> Self:
        """Return the form as nobody has typed into it yet, for pages that offer it: made once, and never changed.

        WTForms takes a millisecond to make one. What must differ from page to page is in `hidden` alone; the
        token of a session is not in it at all.
        """
        made = _BLANKS.get(cls)
        if made is None:
            made = _BLANKS[cls] = cls(None, meta={"csrf": False})
            made.is_blank = True
        return cast("Self", made)

    @property
    def hidden(self) -> list[tuple[str, str, str]]:
        """The hidden fields, each with its id, name and value; without the token of the session."""
        fields = [one for one in self if isinstance(one, HiddenField) and one.name != "csrf_token"]
        return [(one.id, one.name, self._value_of(one)) for one in fields]

    def _value_of(self, field: Field) -> str:
        if self.is_blank and callable(field.default):
            return str(field.default())
        return str(field._value())  # noqa: SLF001 (WTForms' name for what stands in the page)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field; an expired form says so in one sentence beside the other errors."""
        valid = bool(super().validate(extra_validators=extra_validators))
        token = self._fields.get("csrf_token")
        if g.get("csrf_failed") or (token is not None and token.errors):
            if token is not None:
                token.errors = []
            self.form_errors.append(EXPIRED)
            return False
        return valid

    @ending
    def showing_errors(self) -> Iterator[None]:
        """Within the block, `Invalid` ends the work and becomes an error beside its field.

        The session is rolled back, so nothing is half-saved, and the block is left normally: the view
        goes on to show the form again.
        """
        try:
            yield
        except Invalid as error:
            db.session.rollback()
            self.put_error(error.field, error.message)

    @ending
    def showing_conflicts(self) -> Iterator[None]:
        """Show errors; within the block, `Conflict` ends the work as well, and is said above the form."""
        try:
            with self.showing_errors():
                yield
        except Conflict as error:
            db.session.rollback()
            self.form_errors.append(error.message)
            self.status = 409

    def put_error(self, field: str, message: Any) -> None:
        """Put a sentence beside the field of that name (`sections.body` is `body`), or above the form."""
        found = self._fields.get(field) or self._fields.get(field.rpartition(".")[2])
        if found is None or isinstance(found, HiddenField):
            self.form_errors.append(message)
        else:
            found.errors = [*found.errors, message]


#: What `BaseForm.blank` gives.
_BLANKS: dict[type[BaseForm], BaseForm] = {}


class SentOnce(BaseForm):
    """A form that gives one result however often it is sent (a double tap, a resent page).

    In the view, inside `showing_errors()`: `if (url := form.earlier_answer()): return redirect(url, 303)`,
    then the operation, then `form.settle(url)` before the commit. The note that this form was answered is
    part of the same transaction, so it is kept exactly when the result is.
    """

    #: Fields that say nothing of what is sent: the same words are the same sending, whatever stands in these.
    unsaid: ClassVar[tuple[str, ...]] = ("csrf_token",)

    form_key = HiddenField(default=lambda: secrets.token_urlsafe(12))

    def earlier_answer(self) -> str | None:
        """Claim this sending; return where an earlier, equal one was redirected to, or None for the first.

        Two at the same time wait for each other here. The same form with other words in it (somebody
        went back and wrote on) is another sending, so no words are lost.
        """
        if not self.form_key.data:
            return None
        row = AnsweredForm(key=self._digest(), url="", created_at=clock.now())
        try:
            with db.session.begin_nested():
                db.session.add(row)
        except IntegrityError:
            query = select(AnsweredForm.url).where(AnsweredForm.key == row.key)
            return db.session.scalar(query) or "/"
        self._claimed = row
        return None

    def was_answered(self) -> bool:
        """Tell whether the same words were sent with this form before, and taken."""
        statement = select(AnsweredForm.key).where(AnsweredForm.key == self._digest())
        return bool(self.form_key.data) and db.session.scalar(statement) is not None

    def settle(self, url: str) -> str:
        """Note where this sending is redirected to; returns the address."""
        claimed: AnsweredForm | None = getattr(self, "_claimed", None)
        if claimed is not None:
            claimed.url = url
        return url

    def _digest(self) -> str:
        digest = hashlib.blake2b(digest_size=32)
        for name in sorted(self._fields):
            if name not in self.unsaid:
                typed = "\0".join(str(value) for value in self._fields[name].raw_data or ())
                digest.update(f"{name}\0{len(typed)}\0{typed}\0".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


def forget_answered(*, before: datetime) -> int:
    """Delete notes of forms answered before this moment; return how many."""
    done = db.session.execute(delete(AnsweredForm).where(AnsweredForm.created_at < before))
    return int(cast("Any", done).rowcount)


class Trapped(BaseForm):
    """A form with a field people do not see; whatever fills it in is a program.

    Templates hide it with a class of the style sheet (not `display:none` alone, which programs know) and
    keep its label, so that a person who meets it knows to leave it empty.
    """

    website = StringField(
        _l("Leave this field empty"),
        render_kw={"autocomplete": "off", "tabindex": "-1"},
    )

    def validate_website(self, field: Field) -> None:
        """Refuse what a program filled in, in words for the person it may be after all."""
        if field.data:
            raise ValidationError(str(_l("Please empty this field; it is there to stop programs.")))


class Required:
    """Something must be filled in; blanks are nothing. The sentence says what to do."""

    field_flags = {"required": True}  # noqa: RUF012 (WTForms reads it from the class)

    def __init__(self, message: Any = None) -> None:
        """Take a sentence of the form's own, such as "Please give the note a title."."""
        self.message = message or _OWN_WORDS["This field is required."]

    def __call__(self, form: Any, field: Field) -> None:
        """Stop at an empty field, with this one sentence."""
        data = field.data
        if (
            data is None
            and field.process_errors
            and any(str(v).strip() for v in field.raw_data or ())
        ):
            # Something was filled in, such as "many" for a number: what it should be is said already.
            raise StopValidation
        if data is None or (isinstance(data, str) and not data.strip()) or data in ([], ()):
            field.errors = []
            raise StopValidation(str(self.message))


def as_before(chosen: Iterable[str] | None, before: Iterable[str]) -> tuple[str, ...]:
    """Return what is chosen in a list, each once: what was chosen before in its order of then, then the rest.

    A list sends what is chosen in the order it shows, which differs by language and is nobody's decision.
    """
    wanted = dict.fromkeys(chosen or ())
    return tuple(dict.fromkeys([*(one for one in before if one in wanted), *wanted]))


def number_of(value: str | None) -> int:
    """Return the id a hidden field holds; 0 where it holds none, or one that cannot be."""
    digits = value or ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else 0
