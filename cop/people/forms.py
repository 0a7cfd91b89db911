"""The forms about accounts. They check shape; what is allowed is said by the operations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, ValidationError
from wtforms.widgets import html_params

from cop.core.errors import Invalid
from cop.core.i18n import _l, current_lang
from cop.core.types import Lang
from cop.people import addresses, handles, passwords
from cop.people.account_operations import Preferences, Profile
from cop.people.joining import Joining
from cop.people.timezones import groups
from cop.web.forms import BaseForm, Required, SentOnce, Trapped

if TYPE_CHECKING:
    from cop.people.models import User

#: Each language in its own words, marked as such wherever it stands.
_LANGUAGES = [
    SelectChoice(Lang.ZH.tag, Markup('<span lang="zh-Hans">简体中文</span>')),
    SelectChoice(Lang.EN.tag, Markup('<span lang="en">English</span>')),
]


class ZoneSelect:
    """A select of all time zones; its options are put together once, since there are over four hundred."""

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        """Return the element with the field's zone chosen, also one that is not offered."""
        attributes.setdefault("id", field.id)
        held = escape(field.data or "")
        before, value, after = zone_options(current_lang()).partition(f'value="{held}"')
        if value:
            options = Markup("{}{} selected{}").format(before, value, after)
        else:
            options = Markup('<option value="{0}" selected>{0}</option>{1}').format(held, before)
        start = Markup(html_params(name=field.name, **attributes))  # noqa: S704 (escaped there)
        return Markup("<select {}>{}</select>").format(start, options)


@lru_cache(maxsize=4)
def zone_options(lang: Lang) -> Markup:
    """Return the options of all time zones by region."""
    return Markup("").join(
        Markup('<optgroup label="{}">{}</optgroup>').format(
            group.name,
            Markup("").join(
                Markup('<option value="{}">{}</option>').format(zone, label)
                for zone, label in group.zones
            ),
        )
        for group in groups(lang)
    )


_NAME_MISSING = _l("Please enter a name. It need not be your legal name.")
_ADDRESS_MISSING = _l("Please enter an e-mail address, such as name@example.org.")


@contextmanager
def _said_here() -> Iterator[None]:
    """Let what the domain refuses stand beside its field, together with what is wrong elsewhere."""
    try:
        yield
    except Invalid as error:
        raise ValidationError(str(error.message)) from None


def _password(label: Any, autocomplete: str) -> PasswordField:
    return PasswordField(
        label, [Required(_l("Please enter a password."))], render_kw={"autocomplete": autocomplete}
    )


class LoginForm(BaseForm):
    """Signing in."""

    identifier = StringField(
        _l("Account name or e-mail address"),
        [Required(_l("Please enter your account name or e-mail address."))],
        render_kw={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"},
    )
    password = _password(_l("Password"), "current-password")
    next = HiddenField()


class JoiningForm(SentOnce):
    """What everybody tells who gets an account."""

    name = StringField(
        _l("Name shown to others"), [Required(_NAME_MISSING)], render_kw={"autocomplete": "name"}
    )
    handle = StringField(
        # Translators: the short name for signing in and for the address of the profile page.
        _l("Account name"),
        [Required(_l("Please choose an account name."))],
        render_kw={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"},
    )
    email = EmailField(
        _l("E-mail address"), [Required(_ADDRESS_MISSING)], render_kw={"autocomplete": "email"}
    )
    password = _password(_l("Password"), "new-password")
    organisation = StringField(_l("Organisation"), render_kw={"autocomplete": "organization"})

    def validate_handle(self, field: Any) -> None:
        """Say at once what is wrong with the account name; names of the site are for the operation."""
        with _said_here():
            handles.checked(field.data, official=True)

    def validate_email(self, field: Any) -> None:
        """Say at once what is wrong with the address."""
        with _said_here():
            addresses.checked(field.data)

    def validate_password(self, field: Any) -> None:
        """Say at once what is wrong with the password."""
        with _said_here():
            passwords.require_strong(
                field.data, handle=self.handle.data or "", address=self.email.data or ""
            )

    def joining(self) -> Joining:
        """Return what was typed, with the language of the interface."""
        return Joining(
            handle=self.handle.data or "",
            name=self.name.data or "",
            email=self.email.data or "",
            password=self.password.data or "",
            lang=current_lang(),
            organisation=self.organisation.data or "",
        )


class RegisterForm(JoiningForm, Trapped):
    """Joining through the site's own page."""

    invite = HiddenField()
    next = HiddenField()


class HandleForm(BaseForm):
    """Confirming an address; another account name is asked for where the first was taken meanwhile."""

    handle = StringField(
        _l("Account name"),
        render_kw={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"},
    )


class ElsewhereForm(HandleForm):
    """Confirming an address on another browser than the one that registered: the password is chosen anew."""

    password = _password(_l("Password"), "new-password")


class ConfirmForm(BaseForm):
    """A button and its token."""


class ResendForm(BaseForm):
    """Asking for another confirmation mail."""

    email = EmailField(
        _l("E-mail address"), [Required(_ADDRESS_MISSING)], render_kw={"autocomplete": "email"}
    )


class ForgotForm(BaseForm):
    """Asking for a link to a new password."""

    identifier = StringField(
        _l("Account name or e-mail address"),
        [Required(_l("Please enter your account name or e-mail address."))],
        render_kw={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"},
    )


class ResetForm(BaseForm):
    """Setting a new password through a mailed link."""

    password = _password(_l("New password"), "new-password")


class ProfileForm(BaseForm):
    """What others read about a person."""

    name = StringField(
        _l("Name shown to others"), [Required(_NAME_MISSING)], render_kw={"autocomplete": "name"}
    )
    organisation = StringField(_l("Organisation"), render_kw={"autocomplete": "organization"})
    about = TextAreaField(_l("About you"))
    ask_about = StringField(_l("Ask me about"))
    languages = StringField(_l("Languages you work in"))
    listed = BooleanField(_l("Members may find me by what I know"))
    opened = BooleanField(_l("Visitors may read my profile, too"))

    @classmethod
    def of(cls, user: User, organisation: str) -> ProfileForm:
        """Return the form, filled with what others read now."""
        kept = ("name", "about", "ask_about", "languages", "listed", "opened")
        values = {field: getattr(user, field) for field in kept}
        return cls(data={**values, "organisation": organisation})

    def profile(self) -> Profile:
        """Return what was typed."""
        return Profile(
            name=self.name.data or "",
            organisation=self.organisation.data or "",
            about=self.about.data or "",
            ask_about=self.ask_about.data or "",
            languages=self.languages.data or "",
            listed=bool(self.listed.data),
            opened=bool(self.opened.data),
        )


class PreferencesForm(BaseForm):
    """How the site speaks and looks."""

    # Named apart from `?lang=`, which is about one visit.
    language = RadioField(_l("Language of the site"), choices=_LANGUAGES)
    # Whether the zone exists is said by the operation.
    timezone = StringField(_l("Time zone"), [Required()], widget=ZoneSelect())
    theme = RadioField(
        _l("Colours"),
        choices=[
            SelectChoice("", _l("As my device has it")),
            SelectChoice("light", _l("Light")),
            SelectChoice("dark", _l("Dark")),
        ],
    )

    @classmethod
    def of(cls, user: User) -> PreferencesForm:
        """Return the form as the account has it."""
        return cls(
            data={"language": user.language.tag, "timezone": user.timezone, "theme": user.theme}
        )

    def preferences(self) -> Preferences:
        """Return what was chosen."""
        return Preferences(
            lang=Lang.of_tag(self.language.data or "") or current_lang(),
            timezone=self.timezone.data or "",
            theme=self.theme.data or "",
        )


class PasswordForm(BaseForm):
    """Changing the password."""

    current = _password(_l("Present password"), "current-password")
    password = _password(_l("New password"), "new-password")


class AddressForm(BaseForm):
    """Changing the e-mail address."""

    email = EmailField(
        _l("New e-mail address"), [Required(_ADDRESS_MISSING)], render_kw={"autocomplete": "email"}
    )
    current = _password(_l("Present password"), "current-password")


class OwnPasswordForm(BaseForm):
    """The present password, before something is done that a borrowed phone should not do."""

    current = _password(_l("Present password"), "current-password")


class CloseForm(BaseForm):
    """Closing the account for good."""

    current = _password(_l("Present password"), "current-password")
    sure = BooleanField(
        _l("I know that this cannot be undone."),
        [DataRequired(_l("Please tick this if you want to close your account."))],
    )
