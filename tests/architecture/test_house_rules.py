"""House rules that no linter knows; each names the file and line that breaks it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COP = ROOT / "cop"
SOURCES = sorted(COP.rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
#: What may commit: views answer a request, commands and the worker have nobody else to do it.
COMMITTING = re.compile(r"cop/(.+/)?(views|\w+_views|cli|worker)(\.py|/.*)$")
#: Files beside those that commit as well, each with its reason.
COMMITTING_BY_NAME = {
    "cop/people/posting.py": "a mail that was sent stays sent, whatever happens to the next",
    "cop/handouts/making.py": "a booklet is drawn for many seconds, in which nobody who writes may wait",
    "cop/takeout/making.py": "files are copied for long where there are many, in which nobody who writes may wait",
    "cop/discover/upkeep.py": "what the worker does every minute answers no request",
    "cop/entries/keeping.py": "keeps for the views of the editors what was typed",
    "cop/notes/keeping.py": "keeps for the views of the editor what was typed",
    "cop/exchange/writing.py": "an import is written in committed batches, so that it can be resumed",
}


#: What knows a database by its name; a search engine's own file joins them when there is one.
DIALECTS = {
    "cop/core/db.py",
    "cop/core/sqlite.py",  # copies and checks its files
    "cop/settings.py",  # makes the default URL
    "cop/cli/console.py",  # shows how a database's address looks
    "cop/cli/postgres.py",  # starts one for the tests
    "migrations/env.py",
}
#: These speak to the domain, never to the web.
PURE = re.compile(r"(^|_)(operations|queries|policy|models|events)$")
WEB = {"flask", "flask_login", "flask_wtf", "wtforms"}
LONGEST = 400


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _calls(tree: ast.AST, name: str) -> Iterator[int]:
    """Yield the lines on which something with this dotted ending is called: `session.commit`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and f".{ast.unparse(node.func)}".endswith(f".{name}"):
            yield node.lineno


def _docstrings(tree: ast.AST) -> set[int]:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, kinds) and node.body and isinstance(node.body[0], ast.Expr)
    }


def _imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno


def _markup(path: Path) -> str:
    """Return a template without what Jinja does, on the same lines."""
    text = path.read_text(encoding="utf-8")
    return re.sub(
        r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", lambda m: "\n" * m[0].count("\n"), text, flags=re.DOTALL
    )


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_the_rule_about_commits_sees_a_commit() -> None:
    tree = ast.parse("db.session.commit()\nsession.commit()\ndb.session.rollback()")
    assert list(_calls(tree, "session.commit")) == [1, 2]


def test_only_views_commands_and_the_worker_commit() -> None:
    broken = [
        f"{_name(path)}:{line}"
        for path in SOURCES
        if not COMMITTING.search(_name(path)) and _name(path) not in COMMITTING_BY_NAME
        for line in _calls(_tree(path), "session.commit")
    ]
    assert broken == []


def test_nobody_asks_for_a_naive_time() -> None:
    broken = [
        f"{_name(path)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\butcnow\b|datetime\.now\(\)|datetime\.today\(|date\.today\(", line)
    ]
    assert broken == []


def test_only_the_database_module_names_a_database() -> None:
    broken = []
    for path in [*SOURCES, ROOT / "migrations" / "env.py"]:
        if _name(path) in DIALECTS:
            continue
        tree = _tree(path)
        told = _docstrings(tree)
        broken += [
            f"{_name(path)}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in told
            and re.search(r"\b(sqlite|postgresql|postgres)\b(?!/)", node.value)
        ]
        broken += [
            f"{_name(path)}:{line}"
            for name, line in _imports(tree)
            if "sqlite" in name or "psycopg" in name
        ]
    assert sorted(set(broken)) == []


def test_the_domain_knows_nothing_of_the_web() -> None:
    broken = [
        f"{_name(path)}:{line} imports {name}"
        for path in SOURCES
        if PURE.search(path.stem)
        for name, line in _imports(_tree(path))
        if name.split(".")[0] in WEB
    ]
    assert broken == []


@pytest.mark.parametrize("folder", ["cop", "tests", "templates", "migrations"])
def test_no_file_grows_beyond_what_one_reads_at_a_sitting(folder: str) -> None:
    code = [
        path
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".js"} and "versions" not in path.parts
    ]
    lengths = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in code}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_locks_name_no_address() -> None:
    broken = [
        f"{path.name}:{number}"
        for path in ROOT.glob("requirements*.lock")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"https?:|file:|index-url|find-links|\.\./", line)
    ]
    assert broken == []
    assert not list(ROOT.glob("pylock*.toml"))


def test_every_pinned_package_is_pinned_by_hash() -> None:
    for path in ROOT.glob("requirements*.lock"):
        packages = re.split(r"\n(?=\S)", path.read_text(encoding="utf-8").strip())
        assert all("==" in package and "--hash=sha256:" in package for package in packages), (
            path.name
        )


def test_templates_hold_no_style_no_script_and_no_handler() -> None:
    wrong = re.compile(
        r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\bsrc=)|(?:src|href|action)=[\"']?(?:https?:)?//",
        re.IGNORECASE,
    )
    broken = [
        f"{_name(path)}:{number}: {line.strip()[:80]}"
        for path in TEMPLATES
        if "email" not in path.parts
        for number, line in enumerate(_markup(path).splitlines(), 1)
        if wrong.search(line)
    ]
    assert broken == []


def test_nothing_points_outside_the_project() -> None:
    """Retrieval and benchmark tests may use the open data that lies beside the project; they skip without it."""
    outside = "../" + "shared"
    allowed = ("tests/benchmarks/", "tests/retrieval/")
    suffixes = {".py", ".md", ".html", ".toml", ".yaml", ".css", ".js", ".lock", ""}
    tops = ["cop", "tests", "templates", "translations", "migrations", ".ci"]
    files = [path for top in tops for path in (ROOT / top).rglob("*") if path.is_file()]
    files += [path for path in ROOT.iterdir() if path.is_file()]
    broken = [
        _name(path)
        for path in files
        if path.suffix in suffixes
        and not _name(path).startswith(allowed)
        and re.search(
            rf"{re.escape(outside)}|/work/shared",
            path.read_text(encoding="utf-8", errors="replace"),
        )
        and path != Path(__file__)
    ]
    assert broken == []


def test_no_package_hides_what_it_does_behind_a_vague_name() -> None:
    vague = {"util.py", "utils.py", "helpers.py", "services.py", "common.py", "misc.py"}
    assert [_name(path) for path in SOURCES if path.name in vague] == []


def test_every_relationship_says_when_it_loads() -> None:
    broken = [
        f"{_name(path)}:{node.lineno}"
        for path in SOURCES
        if path.stem == "models"
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "relationship"
        and not any(word.arg == "lazy" for word in node.keywords)
    ]
    assert broken == []
