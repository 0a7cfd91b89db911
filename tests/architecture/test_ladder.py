"""Packages form one ladder, and the check of it can fail."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [str(program), "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def test_every_package_knows_only_those_below_it() -> None:
    done = _lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_a_package_that_looks_up_is_found_out(tmp_path: Path) -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = contract["contracts"][0]["layers"]
    names = [name.strip(" ()") for layer in layers for name in layer.split("|")]
    for name in names:
        (tmp_path / "cop" / name).mkdir(parents=True)
        (tmp_path / "cop" / name / "__init__.py").touch()
    (tmp_path / "cop" / "__init__.py").touch()
    (tmp_path / "cop" / "terms" / "__init__.py").write_text("import cop.notes\n")
    listed = ", ".join(f'"{layer}"' for layer in layers)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.importlinter]\nroot_package = "cop"\n[[tool.importlinter.contracts]]\nname = "ladder"\n'
        f'type = "layers"\ncontainers = ["cop"]\nlayers = [{listed}]\n'
    )
    done = _lint(tmp_path)
    assert done.returncode == 1
    assert "cop.terms is not allowed to import cop.notes" in done.stdout
