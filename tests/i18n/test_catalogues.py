"""The catalogues: complete, up to date, well set, and in the words of the taxonomy."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import Flask
from ruamel.yaml import YAML

from cop.cli import i18n, proofreading
from cop.core.catalogues import compile_stale
from cop.core.i18n import speaking
from cop.core.paths import DOCS, STARTER, TEMPLATES, TRANSLATIONS
from cop.core.types import Lang
from cop.notes import wording


def test_the_catalogues_are_complete_up_to_date_and_well_set():
    assert i18n.problems() == []


def test_no_catalogue_carries_dates_machine_names_or_sentences_nobody_says_any_more():
    for path in (i18n.POT, *i18n.catalogues()):
        text = path.read_text(encoding="utf-8")
        assert "Date" not in text.split("\n\n")[0]
        assert "@" not in text.split("\n\n")[0]
        assert "\n#~" not in text
        assert ", fuzzy" not in text


def test_every_catalogue_compiles(tmp_path):
    assert compile_stale(TRANSLATIONS, tmp_path) == ["zh_Hans"]


def test_extraction_finds_calls_in_code_and_templates_with_their_comments(tmp_path):
    (tmp_path / "cop").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "cop" / "_hidden.py").write_text(
        "# Translators: said once.\nx = _l('Later')\ny = _n('%(num)d day', '%(num)d days', n)\n"
        "z = _ln('%(num)d hour', '%(num)d hours', n)\n",
        encoding="utf-8",
    )
    (tmp_path / "templates" / "page.html").write_text(
        "{{ _('Now') }}{{ ngettext('%(num)s cat', '%(num)s cats', 2) }}{{ gettext('Then') }}",
        encoding="utf-8",
    )
    (tmp_path / "templates" / "letter.txt").write_text("{{ _('Dear') }}", encoding="utf-8")

    found = i18n.collect(tmp_path)

    assert {proofreading.texts(message.id) for message in found if message.id} == {
        ("Later",),
        ("%(num)d day", "%(num)d days"),
        ("%(num)d hour", "%(num)d hours"),
        ("Now",),
        ("%(num)s cat", "%(num)s cats"),
        ("Then",),
        ("Dear",),
    }
    assert found["Later"].auto_comments == ["said once."]


def test_a_sentence_that_left_the_sources_leaves_the_catalogue_and_a_new_one_waits():
    template = Catalog()
    template.add("Stays")
    template.add("New")
    before = 'msgid ""\nmsgstr ""\n\nmsgid "Stays"\nmsgstr "留下"\n\nmsgid "News"\nmsgstr "新闻"\n'

    after = i18n.updated(before, template)

    assert {message.id: message.string or "" for message in after if message.id} == {
        "Stays": "留下",
        "New": "",
    }
    assert "新闻" not in i18n.text_of(after, i18n.header_of(before))


def test_no_template_puts_a_sentence_together_with_punctuation_of_one_language():
    glued = re.compile(r"\}\}[,:;.] |[,:;] \{\{|\}\} \(|\) \{\{")
    found = [
        f"{path.relative_to(TEMPLATES)}:{number}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if glued.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("english", "chinese", "said"),
    [
        ("Saved", "", "not translated"),
        ("By %(name)s", "由%(who)s", "other parts"),
        ("100%% of %(name)s", "%(name)s", "other parts"),
        ("Read <b>this</b>", "请读这里", "other tags"),
        ("Saved.", "已保存.", "full stop"),
        ("Saved, thanks", "已保存,谢谢", "half-width"),
        ("Saved, thanks", "已保存， 谢谢", "beside full-width"),
        ("Saved (here)", "已保存(这里)", "half-width"),
        ("Saving…", "正在保存…", "ellipsis"),
        ("A title", "“标题 ”", "beside full-width"),
        ("Called a title", "叫'标题'", "quotation"),
        ("All of you", "您们", "您"),
        ("Term list", "术语 表", "between Chinese"),
        ("%(num)s terms", "%(num)s个词条，第 3 个", "figure"),
        ("Save", "保存 ", "at an end"),
    ],
)
def test_proofreading_notices(english, chinese, said):
    assert any(said in problem for problem in _proofread(english, chinese))


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Draft saved %(time)s", "草稿已保存 %(time)s"),
        ("Saving…", "正在保存……"),
        ("Begin with https://.", "请以 https:// 开头。"),
        ('One item: {"kind": "note", …}.', '一行一项：{"kind": "note", …}。'),
        ('Read <a href="%(url)s">this</a> first', '请先读<a href="%(url)s">这里</a>'),
        ("Search in English or 中文", "搜索，中文或 English 均可"),
        ("Term “%(key)s”", "词条“%(key)s”"),
    ],
)
def test_proofreading_lets_pass(english, chinese):
    assert _proofread(english, chinese) == []


def test_pages_and_starter_content_in_chinese_are_set_as_well():
    pages = [path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("pages/*.zh.md"))]
    content = [text for path in sorted(STARTER.glob("*.yaml")) for text in _chinese_of(path)]
    assert pages
    assert len(content) > 1000
    wrong = [
        said
        for text in (*pages, *content)
        for line in text.splitlines()
        for said in proofreading.typesetting(re.sub(r"^[-*>#\s]+", "", line).strip())
        # In a discussion people may say 你 to each other.
        if text in pages or "您" not in said.partition(":")[0]
    ]
    assert wrong == []


def test_a_plural_needs_every_form_of_its_language():
    catalogue = Catalog(locale="zh_Hans")
    catalogue.add(("%(num)d day", "%(num)d days"), ("%(num)d天", "%(num)d天"))

    assert any("forms" in problem for problem in proofreading.problems(catalogue, "zh_Hans"))


@pytest.mark.parametrize(
    ("scheme", "words"), [("outcome", wording.OUTCOMES), ("evidence", wording.EVIDENCE)]
)
def test_outcomes_and_kinds_of_evidence_are_called_as_in_the_taxonomy(app: Flask, scheme, words):
    labels = _labels(scheme)
    assert set(labels) == {key.value for key in words}
    with app.app_context():
        for lang, tag in ((Lang.ZH, "zh"), (Lang.EN, "en")):
            with speaking(lang):
                said = {key.value: str(word) for key, word in words.items()}
            assert said == {key: label[tag] for key, label in labels.items()}


@pytest.mark.parametrize(
    ("english", "scheme"),
    [
        ("Outcome", "outcome"),
        ("Kind of evidence", "evidence"),
        ("Strategy", "strategy"),
        ("Field of work", "sector"),
        ("Place", "place"),
        ("Kinds of power", "power"),
        ("Legal form", "registration"),
        ("Phase", "phase"),
        ("Pressures", "pressure"),
    ],
)
def test_what_the_lists_of_terms_are_called_in_chinese_is_the_taxonomys(english, scheme):
    (path,) = i18n.catalogues()
    catalogue = i18n.parsed(path.read_text(encoding="utf-8"))
    (title,) = [entry["title"]["zh"] for entry in _schemes() if entry["id"] == scheme]
    assert catalogue[english].string == title


def _schemes():
    return _yaml(STARTER / "taxonomy.yaml")["schemes"]


def _yaml(path: Path):
    with path.open(encoding="utf-8") as file:
        return YAML(typ="safe", pure=True).load(file)


def _chinese_of(path: Path) -> Iterator[str]:
    """Give every text of a file that stands under the key `zh`."""
    waiting = [(_yaml(path), False)]
    while waiting:
        value, chinese = waiting.pop()
        if isinstance(value, dict):
            waiting += [(one, chinese or key == "zh") for key, one in value.items()]
        elif isinstance(value, list):
            waiting += [(one, chinese) for one in value]
        elif chinese and isinstance(value, str):
            yield value


def _labels(scheme):
    (found,) = [entry for entry in _schemes() if entry["id"] == scheme]
    return {concept["id"]: concept["pref_label"] for concept in found["concepts"]}


def _proofread(english: str, chinese: str) -> list[str]:
    catalogue = read_po(io.StringIO('msgid ""\nmsgstr ""\n'), locale="zh_Hans")
    catalogue.add(english, chinese)
    return list(proofreading.problems(catalogue, "zh_Hans"))
