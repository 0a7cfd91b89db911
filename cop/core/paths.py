"""Where the templates, catalogues and migrations lie, in a checkout and in an installed wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
_INSTALLED = PACKAGE / "_root"
#: The folder that holds `templates/ translations/ migrations/`; a wheel carries them inside the package.
ROOT = _INSTALLED if _INSTALLED.is_dir() else PACKAGE.parent

TEMPLATES = ROOT / "templates"
TRANSLATIONS = ROOT / "translations"
MIGRATIONS = ROOT / "migrations"
STATIC = PACKAGE / "static"
STARTER = PACKAGE / "starter"
DOCS = PACKAGE / "docs"


def in_checkout() -> bool:
    """Tell whether the code runs from a checkout and not from an installed wheel."""
    return PACKAGE.parent == ROOT and (ROOT / "wsgi.py").exists()
