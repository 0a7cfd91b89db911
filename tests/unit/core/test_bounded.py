"""What runs in a bounded process knows nothing of the site, and what becomes of it is said in a word."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cop.core import bounded
from cop.core.bounded import Bounds, NoAnswer

ROOT = Path(__file__).resolve().parents[3]
FEW = Bounds(memory=400 * 1024 * 1024, seconds=5, patience=10)


@pytest.mark.parametrize(
    "module",
    [
        "cop.storage.reencode",
        "cop.storage.vetting.check",
        "cop.storage.vetting.words",
        "cop.handouts.draw",
    ],
)
def test_what_runs_in_a_bounded_process_imports_nothing_of_the_site(module: str) -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {module}\n"
        "print(*[one for one in sys.modules if one.split('.')[0] in ('cop', 'flask', 'sqlalchemy')])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, check=True, text=True, env={}
    )
    room = module.rpartition(".")[0]
    foreign = {one for one in done.stdout.split() if not one.startswith(room)}
    assert foreign <= {"cop", "cop.core", "cop.core.confined", "cop.storage"}


def written(folder: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let bounded processes find a module `invented` of this program."""
    (folder / "invented.py").write_text(program)
    monkeypatch.setattr(bounded, "_ROOT", folder)


def test_what_it_makes_comes_back_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = "def answer(data, *told): return {'told': told}, [data, b'', b'\\n' + data]"
    written(tmp_path, monkeypatch, program)
    made = bounded.asked("invented", b"a\nb", "x", "y", bounds=FEW)
    assert made == ({"told": ["x", "y"]}, [b"a\nb", b"", b"\na\nb"])


@pytest.mark.parametrize(
    ("does", "why"),
    [
        (
            "class Refused(Exception): pass\n    raise Refused('an-invented-word')",
            "an-invented-word",
        ),
        ("raise ValueError", "broken"),
        ("return {}, [b'x' * 2_000_000_000]", "large"),
        ("import os; os.abort()", "killed"),
        ("import os; os._exit(3)", "died"),
    ],
)
def test_what_becomes_of_it_is_said_in_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, why: str
) -> None:
    written(tmp_path, monkeypatch, f"def answer(data):\n    {does}\n")
    with pytest.raises(NoAnswer) as refused:
        bounded.asked("invented", b"", bounds=FEW)
    assert refused.value.why == why


def test_it_can_write_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = tmp_path / "left"
    written(tmp_path, monkeypatch, f"def answer(data): open({str(left)!r}, 'w').write('x' * 9999)")
    with pytest.raises(NoAnswer):
        bounded.asked("invented", b"", bounds=FEW)
    assert not left.read_bytes()
