"""The forms of administration."""

from __future__ import annotations

from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from cop.core.i18n import _l
from cop.people.viewer import Grant
from cop.web.forms import BaseForm, Required, SentOnce

#: What each role is called.
ROLES = {
    Grant.TRAINER: _l("Trainer"),
    Grant.CURATOR: _l("Curator"),
    Grant.MODERATOR: _l("Moderator"),
    Grant.ADMIN: _l("Administrator"),
}
#: What each role may do, for those who give it.
DUTIES = {
    Grant.TRAINER: _l("Publishes workshops."),
    Grant.CURATOR: _l("Judges content: approves edits, sets grades, keeps the editors' texts."),
    Grant.MODERATOR: _l(
        "Looks after safety: hides and restores what people posted, with a reason."
    ),
    Grant.ADMIN: _l("Runs the site: people, roles, invitations, queues."),
}


class InvitationForm(SentOnce):
    """Making an invitation."""

    note = StringField(_l("For whom or what"))
    max_uses = IntegerField(
        _l("How many people may use it"),
        [Required()],
        default=1,
        render_kw={"inputmode": "numeric"},
    )
    days = IntegerField(
        _l("For how many days"), [Required()], default=14, render_kw={"inputmode": "numeric"}
    )


class GrantForm(BaseForm):
    """Giving a role."""

    grant = SelectField(
        _l("Role"), choices=[SelectChoice(grant.value, label) for grant, label in ROLES.items()]
    )


class ReasonForm(BaseForm):
    """Suspending an account, or lifting that."""

    reason = TextAreaField(
        _l("Reason"), [Required(_l("Please give a reason; it is kept in the log."))]
    )
