"""The terms on which files and images are shown."""

from collections.abc import Mapping
from typing import Any

from cop.core.i18n import _l

#: Key → what it means.
LICENCES: Mapping[str, Any] = {
    "cc-by-sa": _l("CC BY-SA 4.0: pass it on and change it, on the same terms"),
    "cc-by": _l("CC BY 4.0: pass it on and change it, naming who made it"),
    "cc-by-nc-sa": _l("CC BY-NC-SA 4.0: as above, but not to earn money"),
    "free": _l("Free of rights (public domain, CC0)"),
    "asked": _l("Shown here with permission: ask before you pass it on"),
}
