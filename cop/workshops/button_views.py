"""What a button of one act does: the act and what is said of it, or why it cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash

from cop.core.db import db
from cop.core.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable


def pressed(act: Callable[[], object], said: str) -> bool:
    """Do it, commit and say so; where it raises Invalid, undo it and say why. Tell whether it was done."""
    try:
        act()
        db.session.commit()
    except Invalid as error:
        db.session.rollback()
        flash(str(error.message), "error")
        return False
    flash(said)
    return True
