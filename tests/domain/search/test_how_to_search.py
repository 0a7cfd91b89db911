"""What the page on searching promises is what the search understands."""

from __future__ import annotations

import re

import pytest

from cop.core.i18n import speaking
from cop.core.paths import DOCS
from cop.core.types import Lang
from cop.discover.asking import Asked
from cop.discover.understanding import understand
from cop.people.viewer import VISITOR
from cop.search.parse import parse
from cop.search.text import fold


def examples(lang: Lang) -> list[str]:
    text = (DOCS / "pages" / f"search.{lang.tag}.md").read_text(encoding="utf-8")
    return [said.replace("\\", "") for said in re.findall(r"\*\*(.+?)\*\*(?!\*)", text)]


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("lang", Lang)
def test_every_example_of_the_page_is_followed(lang: Lang) -> None:
    told = [one for one in examples(lang) if not re.search("[:：]$", one)]
    assert len(told) >= 10
    with speaking(lang):
        understood = [understand(VISITOR, Asked(one)) for one in told]
    assert {
        one: found.hints for one, found in zip(told, understood, strict=True) if found.hints
    } == {}
    fields = [one for one in told if re.search("[:：]", one)]
    assert all(found.typed for one, found in zip(told, understood, strict=True) if one in fields)
    signs = [found.query for found in understood]
    assert any(query.phrases for query in signs)
    assert any(query.exclusions for query in signs)
    assert any(query.all_words and not query.phrases for query in signs)
    assert any(query.either for query in signs)
    assert any(query.prefixes for query in signs)


@pytest.mark.parametrize("lang", Lang)
def test_every_field_the_page_names_is_one(lang: Lang) -> None:
    named = [name for one in examples(lang) for name in re.findall("([^\\W_]+)[:：]", fold(one))]
    assert len(set(named)) == 9
    for name in named:
        assert parse(f"{name}:x1").fields, name
