"""What is mailed when a file is ready: that it is, never what is in it."""

from cop.core.i18n import _, _n
from cop.people.mails import Letter, site_name, url
from cop.people.models import Takeout
from cop.takeout.queries import KEPT
from cop.takeout.wording import megabytes

#: The page where the file is.
PATH = "/account/yours"


def ready(row: Takeout) -> Letter:
    """Tell somebody that her file can be fetched, and what to do if she did not ask for it."""
    return Letter(
        subject=_("The file of all that is yours is ready"),
        lines=(
            _(
                "What is yours at %(site)s is in one file now (%(size)s).",
                site=site_name(),
                size=megabytes(row.bytes),
            ),
            _n(
                "You can download it with your password for %(num)d day; then it is deleted.",
                "You can download it with your password for %(num)d days; then it is deleted.",
                KEPT.days,
            ),
        ),
        link=url(PATH),
        link_text=_("To your file"),
        after=(
            _(
                "If you did not ask for it, somebody knows your password: change it now, and look at the devices that "
                "are signed in."
            ),
        ),
    )
