"""What the tests of taking along share: somebody with a password, and the file she gets."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from cop.people.models import Takeout
from cop.takeout.folder import Folder
from tests.indexing import _no_waiting_for_the_worker
from tests.mails import sent
from tests.make import PASSWORD
from tests.web.circles.conftest import desk
from tests.web.people.conftest import person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["_no_waiting_for_the_worker", "desk", "person", "sent"]

PAGE = "/account/yours"


@pytest.fixture(autouse=True)
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let each test have a folder of its own for these files."""
    import cop.takeout.making
    import cop.takeout.operations
    import cop.takeout.queries
    import cop.takeout.views

    folder = Folder(tmp_path / "takeouts")
    for module in (
        cop.takeout.making,
        cop.takeout.operations,
        cop.takeout.queries,
        cop.takeout.views,
    ):
        monkeypatch.setattr(module, "folder", lambda: folder)
    return folder.path


@pytest.fixture
def mei(person: Callable[..., Any]) -> Any:
    """Return somebody who writes here and has a password."""
    return person(handle="invented-mei", name="Invented Mei", email="mei@example.org")


@pytest.fixture
def made(desk: Any, run_jobs: Any) -> Callable[[Any], zipfile.ZipFile]:
    """Return the function that has somebody's file made and fetches it."""

    def make(user: Any) -> zipfile.ZipFile:
        client = desk(user)
        asked = client.post(PAGE, data={"current": PASSWORD, "act": "make"})
        assert asked.status_code == 303, asked.text
        run_jobs()
        opened = client.post(PAGE, data={"current": PASSWORD, "act": "fetch"})
        assert opened.status_code == 303, opened.text
        answer = client.get(opened.location)
        assert answer.status_code == 200
        return zipfile.ZipFile(io.BytesIO(answer.data))

    return make


def texts(file: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Give every file of words in it."""
    for name in file.namelist():
        if name.endswith((".html", ".yaml")):
            yield name, file.read(name).decode()


def rows() -> list[Takeout]:
    """Return the files there are, the oldest first."""
    from cop.core.db import db

    return db.session.query(Takeout).order_by(Takeout.id).all()
