"""Settings of a deployment: typed, documented, read once from `cop.toml` and the environment."""

import difflib
import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args

import platformdirs

Registration = Literal["open", "invite", "closed"]
_PREFIX = "COP_"
#: Names under this prefix belong to the tests.
_TESTS = "COP_TEST_"
_KEY_FILE = "secret_key"
#: File mode of what only the owner may read.
_PRIVATE = 0o600


class SettingsError(Exception):
    """A setting that cannot be used; its text is one sentence that says what to do."""


def _doc(text: str, **kwargs: Any) -> Any:
    return field(metadata={"doc": text}, **kwargs)


@dataclass(frozen=True)
class Settings:
    """Everything a deployment decides. Each field is the setting `COP_<NAME>`, or `<name>` in `cop.toml`."""

    data: Path = _doc("Folder of the database, the search index, mail files and keys.")
    database_url: str = _doc("SQLAlchemy URL of the database; default: SQLite in the data folder.")
    secret_key: str = _doc("Key that signs cookies; made and kept in the data folder when absent.")
    base_url: str = _doc(
        "Address people reach the site at; mails link to it.", default="http://127.0.0.1:8000"
    )
    site_name: str = _doc("Name of the site.", default="同行 Tongxing")
    registration: Registration = _doc("Who may register: open, invite or closed.", default="open")
    hold_newcomers: Literal["on", "off"] = _doc(
        "Whether a newcomer's first public items wait for a moderator: on or off.", default="on"
    )
    check_links: Literal["on", "off", "loopback"] = _doc(
        "Whether the worker looks now and then if addresses outside still answer: on, off, or loopback, "
        "which asks this machine alone and is for tests.",
        default="on",
    )
    default_lang: Literal["zh", "en"] = _doc(
        "Language for readers whose browser asks for neither.", default="zh"
    )
    mail_url: str = _doc(
        "smtp://user:password@host:port (smtps:// for TLS, ?starttls=1); empty: mails go to files.",
        default="",
    )
    mail_from: str = _doc("Sender of mails.", default="tongxing@localhost")
    trusted_proxies: int = _doc(
        "How many reverse proxies in front set X-Forwarded-* headers.", default=0
    )
    licence: str = _doc("Licence of texts, as the footer names it.", default="CC BY-SA 4.0")
    max_request_mb: int = _doc(
        "Largest request body in megabytes, where it brings no files.", default=2
    )
    max_upload_mb: int = _doc("Largest request body that brings files, in megabytes.", default=64)
    search_memory: int = _doc(
        "Memory for what a process keeps of the search index, in megabytes.", default=128
    )
    page_cache_mb: int = _doc("Memory for whole pages of visitors, in megabytes.", default=16)

    def __post_init__(self) -> None:
        """Refuse values that cannot work, in a sentence that says which setting to change."""
        if self.registration not in get_args(Registration):
            raise SettingsError(
                f"COP_REGISTRATION is {self.registration!r}; use open, invite or closed."
            )
        if self.hold_newcomers not in ("on", "off"):
            raise SettingsError(f"COP_HOLD_NEWCOMERS is {self.hold_newcomers!r}; use on or off.")
        if self.check_links not in ("on", "off", "loopback"):
            raise SettingsError(
                f"COP_CHECK_LINKS is {self.check_links!r}; use on, off or loopback."
            )
        if self.default_lang not in ("zh", "en"):
            raise SettingsError(f"COP_DEFAULT_LANG is {self.default_lang!r}; use zh or en.")
        if not self.base_url.startswith(("http://", "https://")):
            raise SettingsError(
                f"COP_BASE_URL is {self.base_url!r}; it begins with http:// or https://."
            )
        if self.mail_url and not self.mail_url.startswith(("smtp://", "smtps://")):
            raise SettingsError(
                "COP_MAIL_URL begins with smtp:// or smtps://; leave it empty to keep mails as files."
            )

    @property
    def index(self) -> Path:
        """Folder of the search index."""
        return self.data / "index"

    @property
    def files(self) -> Path:
        """Folder of the files people sent."""
        return self.data / "files"

    @property
    def papers(self) -> Path:
        """Folder of booklets made as PDF; they can be made again at any time."""
        return self.data / "papers"

    @property
    def takeouts(self) -> Path:
        """Folder of the files in which people take along what is theirs; they can be made again."""
        return self.data / "takeouts"

    @property
    def secure(self) -> bool:
        """Whether the site is reached over TLS, so that cookies may demand it."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> "Settings":
        """Read the settings; `overrides` win over the environment, the environment over `cop.toml`.

        Raises SettingsError for an unknown `COP_*` name (and suggests the nearest), a value of the wrong
        type, or a data folder that cannot be used.
        """
        environ = os.environ if environ is None else environ
        known = {f.name: f for f in fields(cls)}
        from_environment = _named(environ, known)
        given_data = overrides.get("data") or from_environment.get("data")
        data = Path(given_data).expanduser().resolve() if given_data else default_data()
        values: dict[str, Any] = {
            **_from_file(data, known),
            **from_environment,
            **overrides,
            "data": data,
        }
        values = {
            name: _typed(name, value, known[name].type)
            for name, value in values.items()
            if value is not None
        }
        make_folder(data)
        values.setdefault("database_url", f"sqlite:///{data / 'cop.db'}")
        values["database_url"] = _with_driver(values["database_url"])
        if not values.get("secret_key"):
            values["secret_key"] = kept_secret(data)
        return cls(**values)

    @classmethod
    def described(cls) -> list[tuple[str, str, str]]:
        """Return (environment name, default, sentence) of every setting, for `cop settings` and the handbook."""
        return [
            (
                _PREFIX + f.name.upper(),
                "" if f.default is MISSING else str(f.default),
                f.metadata["doc"],
            )
            for f in fields(cls)
        ]


def default_data() -> Path:
    """Return `instance/` beside `wsgi.py` in a checkout, else the user's data folder."""
    root = Path(__file__).resolve().parent.parent
    if (root / "wsgi.py").exists() and (root / "templates").is_dir():
        return root / "instance"
    return Path(platformdirs.user_data_dir("tongxing", appauthor=False))


def make_folder(data: Path) -> None:
    """Make the data folder and prove that it can be written to, or raise SettingsError."""
    try:
        # Addresses and unnamed authors lie inside: other accounts of the machine do not look in.
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = data / f".probe-{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise SettingsError(
            f"The data folder {data} cannot be written to ({error.strerror}). Choose another with --data or COP_DATA."
        ) from error


def kept_secret(data: Path) -> str:
    """Return the key kept in the data folder; make it on first use, once even if two processes start together."""
    path = data / _KEY_FILE
    if path.exists() and (kept := path.read_text().strip()):
        return kept
    fresh = secrets.token_urlsafe(48)
    draft = path.with_name(f"{_KEY_FILE}.{secrets.token_hex(4)}")
    draft.touch(mode=_PRIVATE)
    draft.write_text(fresh)
    try:
        if path.exists():
            draft.replace(path)
        else:
            os.link(draft, path)
            draft.unlink()
    except FileExistsError:
        draft.unlink()
    except OSError:
        # Some file systems have no hard links; a plain rename is the best they offer.
        draft.replace(path)
    return path.read_text().strip()


def _with_driver(url: str) -> str:
    """Say psycopg 3 where a PostgreSQL URL names no driver, whatever the version of SQLAlchemy prefers."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _named(environ: Mapping[str, str], known: Mapping[str, Any]) -> dict[str, str]:
    values = {}
    for name, value in environ.items():
        if not name.startswith(_PREFIX) or name.startswith(_TESTS):
            continue
        key = name.removeprefix(_PREFIX).lower()
        if key not in known:
            raise SettingsError(_unknown(name, [_PREFIX + k.upper() for k in known]))
        if value != "":
            values[key] = value
    return values


def _from_file(data: Path, known: Mapping[str, Any]) -> dict[str, Any]:
    path = data / "cop.toml"
    if not path.exists():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error
    for name in values:
        if name not in known or name == "data":
            raise SettingsError(f"{path}: " + _unknown(name, [k for k in known if k != "data"]))
    return values


def _unknown(name: str, names: list[str]) -> str:
    near = difflib.get_close_matches(name, names, 1, 0.5)
    hint = f" Did you mean {near[0]}?" if near else " `cop settings` lists all names."
    return f"There is no setting {name}.{hint}"


def _typed(name: str, value: Any, wanted: Any) -> Any:
    if wanted is int and not isinstance(value, int):
        try:
            return int(value)
        except ValueError:
            raise SettingsError(
                f"{_PREFIX}{name.upper()} is {value!r}; it must be a whole number."
            ) from None
    if wanted is Path:
        return Path(value)
    return value if wanted is int else str(value)
