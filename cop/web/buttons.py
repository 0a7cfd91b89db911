"""What a button of one act does where the act cannot be: it is undone whole, and the next page says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash

from cop.core.db import db
from cop.core.errors import Conflict, Invalid, ending

if TYPE_CHECKING:
    from collections.abc import Iterator


@ending
def flashing_errors() -> Iterator[None]:
    """Within the block, `Invalid` and `Conflict` end the work and are said on the page that is shown next.

    The session is rolled back, so nothing is half-saved, and the block is left normally: the view goes on
    to the page on which the button stands. With a form to show again, its `showing_errors()` does the same.
    """
    try:
        yield
    except (Invalid, Conflict) as error:
        db.session.rollback()
        flash(str(error.message), "error" if isinstance(error, Invalid) else "warning")
