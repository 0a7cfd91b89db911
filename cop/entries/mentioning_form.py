"""`MentioningForm`: where no script offered people while somebody typed, it asks whom she means before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import request
from wtforms import HiddenField

from cop.core.i18n import _
from cop.entries.asking_whom import Question, put_in, questions
from cop.people.sessions import current_viewer
from cop.web.forms import BaseForm

#: The names of what a question is answered with: what was typed, and the mention it stands for ("" for none).
TYPED, MEANT = "mention_typed", "mention_meant"
_PUBLISHES_NOTHING = ("draft", "decline")


class MentioningForm(BaseForm):
    """A form whose texts may mention people. `questions` is what it asks when it is shown again."""

    #: The fields in which people can be mentioned.
    marked: ClassVar[tuple[str, ...]] = ()
    #: Whether people were offered already: by the script while she typed, or by the question itself.
    mentions_asked = HiddenField()

    questions: Sequence[Question] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field; then put in whom she chose, or ask whom she means by names after "@"."""
        valid = super().validate(extra_validators=extra_validators)
        typed, meant = request.form.getlist(TYPED), request.form.getlist(MEANT)
        for name in self.marked:
            self[name].data = put_in(self[name].data or "", dict(zip(typed, meant, strict=False)))
        if not valid or self.mentions_asked.data or request.form.get("act") in _PUBLISHES_NOTHING:
            return valid
        self.questions = questions(current_viewer(), [self[name].data for name in self.marked])
        self.mentions_asked.data = "1"
        if self.questions:
            self.form_errors.append(_("Please say whom you mention, then send it again."))
        return not self.questions
