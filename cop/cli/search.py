"""`cop search`: rebuild and repair the index, and ask it from the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from cop.cli.console import Refusal, application, data_option
from cop.cli.progress import bar

_LONGEST = 1000


@click.group(short_help="Rebuild, repair or ask the search index.")
def search() -> None:
    """Rebuild, repair or ask the search index."""


@search.command(short_help="Build the index anew; searching goes on meanwhile.")
@data_option
def rebuild(data: Path | None) -> None:
    """Build the index anew from the database; searching goes on meanwhile."""
    from cop.discover import indexing

    with application(data):
        total = indexing.published_count()
        with bar("Building the index") as tell:
            entries = indexing.rebuild(lambda done: tell(done, total, ""))
        click.echo(f"The index holds {entries} entries.")


@search.command(short_help="Compare index and database, and repair what differs.")
@data_option
def reconcile(data: Path | None) -> None:
    """Compare index and database, and repair what differs."""
    from cop.discover import indexing
    from cop.search.engine import Health

    with application(data):
        health = indexing.engine().check()
        repaired = indexing.reconcile()
        if health is not Health.OK:
            click.echo(f"The index was {health.value} and has been built anew.")
        elif repaired:
            click.echo(
                f"Repaired: {len(repaired.stale)} out of date, {len(repaired.ghosts)} unknown to the database."
            )
        else:
            click.echo("Index and database agree.")


@search.command(short_help="Ask the index.")
@click.argument("text", required=False)
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON; always so with --stdin.")
@click.option(
    "--stdin", "from_stdin", is_flag=True, help="Read a query a line, answer a JSON object a line."
)
@click.option("--as", "handle", help="Search as this account; otherwise as a visitor.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language results are preferred in.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, _LONGEST))
@data_option
def query(
    text: str | None,
    handle: str | None,
    lang: str | None,
    limit: int,
    data: Path | None,
    *,
    as_json: bool,
    from_stdin: bool,
) -> None:
    """Ask the index for TEXT, as a visitor unless `--as` says otherwise."""
    from cop.cli.people import acting
    from cop.core.i18n import speaking
    from cop.core.types import Lang
    from cop.people.viewer import VISITOR

    if from_stdin == (text is not None):
        raise Refusal("Give a TEXT to search for, or --stdin and a query a line.")
    with application(data):
        viewer = acting(handle) if handle else VISITOR
        with speaking(Lang.of_tag(lang or "") or viewer.lang):
            if text is not None:
                _print(answer(viewer, text, limit), as_json=as_json)
                return
            for line in sys.stdin:
                _print(answer(viewer, line.rstrip("\r\n"), limit), as_json=True)
                sys.stdout.flush()


def answer(viewer: Any, text: str, limit: int) -> dict[str, Any]:
    """Return the total and the hits of a query as PRODUCT's contract writes them."""
    from cop.core.db import db
    from cop.core.types import Lang
    from cop.discover.asking import Asked
    from cop.discover.searching import search as find

    found = find(viewer, Asked(text=text), size=limit)
    scores = {hit.entry_id: hit.score for hit in found.hits}
    hits = [
        {
            "key": card.key,
            "id": card.id,
            "kind": card.kind,
            "lang": Lang(card.lang).tag,
            "title": card.title,
            "score": round(scores.get(card.id, 0.0), 4),
        }
        for card in found.cards
    ]
    # A long run of queries keeps no rows.
    db.session.rollback()
    db.session.expunge_all()
    return {"total": found.total, "hits": hits}


def _print(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(f"Found: {found['total']}")
    for hit in found["hits"]:
        click.echo(
            f"{hit['score']:8.2f}  {hit['kind']} {hit['id']} ({hit['lang']})  {hit['title']}"
        )
