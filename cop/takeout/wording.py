"""What is said of these files."""

from cop.core.i18n import _
from cop.web.filters import number


def megabytes(size: int) -> str:
    """Return the size of a file for people."""
    return _("%(size)s MB", size=number(max(round(size / 1_000_000, 1), 0.1)))
