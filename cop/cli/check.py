"""`cop check`: one command that says yes or no, the same list on a desk and in CI."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import click

from cop.cli import postgres
from cop.cli.console import Refusal
from cop.core.paths import ROOT, in_checkout

#: What pytest answers when there is nothing to run.
_NO_TESTS = 5
_CHROMIUM = Path("/usr/bin/chromium")
_TOGETHER = ("--ignore=tests/browser", "--ignore=tests/benchmarks", "--ignore=tests/i18n")
#: What asks no database, asks what others ask, or asks every page who may read it, says on the second what it
#: said on the first.
_ONCE = (
    "--ignore=tests/unit",
    "--ignore=tests/architecture",
    "--ignore=tests/contract",
    "--ignore=tests/privacy",
    "--ignore=tests/domain/storage",
    "--ignore=tests/domain/search",
    "--ignore=tests/web/handouts",
    "--ignore=tests/web/guides",
)
_CODE = ("cop", "tests", "migrations", "wsgi.py")


@dataclass(frozen=True)
class Step:
    """One check: its name, its command, and why it is skipped where it is."""

    name: str
    command: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)
    skip: str = ""


@dataclass(frozen=True)
class Result:
    """How a step went."""

    step: Step
    passed: bool
    seconds: float = 0
    skip: str = ""


def steps(database_url: str, no_database: str) -> list[Step]:
    """Return the checks; `database_url` is PostgreSQL's, or `no_database` says why there is none."""
    chromium = "" if _CHROMIUM.exists() else f"{_CHROMIUM} is not installed"
    return [
        Step("format", _program("ruff", "format", "--check", *_CODE)),
        Step("lint", _program("ruff", "check", *_CODE)),
        Step("types", _module("mypy")),
        Step("layers", _program("lint-imports", "--no-cache")),
        Step("templates", _program("djlint", "templates", "--lint", "--quiet")),
        Step("catalogues", _module("pytest", "-q", "-n", "2", "tests/i18n")),
        Step("tests on SQLite", _module("pytest", "-q", "-n", "2", *_TOGETHER)),
        Step(
            "tests on PostgreSQL",
            _module("pytest", "-q", "-n", "2", *_TOGETHER, *_ONCE),
            {"COP_TEST_DATABASE_URL": database_url},
            no_database,
        ),
        Step(
            "tests in the browser",
            _module("pytest", "-q", "-n", "2", "tests/browser"),
            skip=chromium
            or ("" if (ROOT / "tests" / "browser").is_dir() else "there are no such tests"),
        ),
    ]


@click.command(short_help="Run every check that CI runs.")
@click.argument("names", nargs=-1)
def check(names: tuple[str, ...]) -> None:
    """Run every check that CI runs, or those whose names contain one of NAMES."""
    if not in_checkout():
        raise Refusal("`cop check` needs a checkout of the project; this is an installed package.")
    with ExitStack() as stack:
        # Started only where a step will use it.
        wanted = [step for step in steps("", "") if _asked(step, names)]
        if not wanted:
            offered = ", ".join(step.name for step in steps("", ""))
            raise Refusal(f"No check has such a name; there are: {offered}.")
        needs = any("PostgreSQL" in step.name for step in wanted)
        url, reason = stack.enter_context(_database()) if needs else ("", "")
        results = [_run(step) for step in steps(url, reason) if _asked(step, names)]
    _summary(results)
    if not all(result.passed for result in results):
        sys.exit(1)


def _asked(step: Step, names: tuple[str, ...]) -> bool:
    return not names or any(name.lower() in step.name.lower() for name in names)


@contextmanager
def _database() -> Iterator[tuple[str, str]]:
    """Give the URL of PostgreSQL: the one that was set, or one started for the checks; or why there is none."""
    given = os.environ.get("COP_TEST_DATABASE_URL", "")
    if given:
        yield given, ""
        return
    with ExitStack() as stack:
        try:
            started = stack.enter_context(postgres.throwaway()), ""
        except postgres.Unavailable as error:
            started = "", str(error)
        yield started


def _run(step: Step) -> Result:
    if step.skip:
        click.secho(f"\n── {step.name}: skipped, {step.skip}", bold=True)
        return Result(step, passed=True, skip=step.skip)
    click.secho(f"\n── {step.name}: {' '.join(_short(step.command))}", bold=True)
    sys.stdout.flush()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COP_")}
    began = time.monotonic()
    done = subprocess.run(
        step.command,
        cwd=ROOT,
        env=environ | dict(step.environ),
        stdin=subprocess.DEVNULL,
        check=False,
    )
    seconds = time.monotonic() - began
    if done.returncode == _NO_TESTS and "pytest" in step.command:
        return Result(step, passed=True, seconds=seconds, skip="there are no such tests")
    return Result(step, passed=done.returncode == 0, seconds=seconds)


def _summary(results: list[Result]) -> None:
    click.secho("\n── summary", bold=True)
    for result in results:
        word = "FAILED" if not result.passed else "skipped" if result.skip else "passed"
        colour = {"FAILED": "red", "skipped": "yellow", "passed": "green"}[word]
        took = f"{result.seconds:6.1f} s" if result.seconds else " " * 8
        why = f"  {result.skip}" if result.skip else ""
        click.echo(click.style(f"{word:8}", fg=colour) + f"{took}  {result.step.name}{why}")
    failed = [result.step.name for result in results if not result.passed]
    skipped = [result.step.name for result in results if result.skip]
    if failed:
        click.secho(f"Failed: {', '.join(failed)}.", fg="red", bold=True)
    elif skipped:
        click.secho(f"Passed, without: {', '.join(skipped)}.", fg="yellow", bold=True)
    else:
        click.secho("Everything passed.", fg="green", bold=True)


def _program(name: str, *arguments: str) -> tuple[str, ...]:
    """Return the command of a program of this environment, whether or not the environment is activated."""
    beside = Path(sys.executable).parent / name
    return (str(beside) if beside.exists() else name, *arguments)


def _module(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name, *arguments)


def _short(command: tuple[str, ...]) -> list[str]:
    return [Path(command[0]).name, *command[1:]]
