"""Every page, in every language: no sentence outside the catalogue, no words in a language not said."""

from __future__ import annotations

import re

import pytest

from tests.i18n.reading import Run, read
from tests.i18n.walking import pages

#: Words that stand in no catalogue, with the reason.
_EXCEPTIONS = {
    r"同行 Tongxing|同行|Tongxing": "the site's name is a setting",
    r"English|中文|简体中文": "a language is called by its own name",
    r"CC BY-SA 4\.0": "the licence is a setting",
    r"@?\b(?:reader|keeper|newcomer)\b": "an account name",
    r"\S+@example\.org": "an address",
    r"https?://\S*": "an address, or how one begins",
    r"\.docx\b|\bDOCX\b": "what a file is, at the end of its name",
    r"\b[0-9a-f]{10,}\b": "the number of a request",
    r"\d{1,2} [A-Z][a-z]+ \d{4}|UTC": "a date, written by Babel",
}
#: Runs that are written by other means than the catalogue, with the reason.
_OTHER_MEANS = {
    "time": "a date, written by Babel",
    "code": "a name of the program",
    "option": "time zones and handles; other options are checked by their own tests",
}
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_CONTENT = re.compile(r"«[^»]*»|《[^》]*》|⟨[^⟩]*⟩")
_HAN = re.compile(r"[\u3400-\u9fff]")


def test_every_sentence_of_every_page_passes_through_the_catalogue(app, make, world, pseudo):
    found = {}
    for address, html in _seen_by_all(app, make, world, "en"):
        lang, runs = read(html)
        assert lang == "en", address
        wrong = [run.text.strip() for run in runs if not _lang_is_right(run)]
        # House rules and privacy are texts in files of their own, one a language.
        left = [] if address.startswith("/pages/") else outside_the_catalogue(runs)
        if left or wrong:
            found[address] = {"outside": left, "without lang": wrong}
    assert found == {}


def test_every_page_in_chinese_says_so_and_says_where_it_is_not(app, make, world):
    found = {}
    for address, html in _seen_by_all(app, make, world, "zh"):
        lang, runs = read(html)
        assert lang == "zh-Hans", address
        if wrong := [(run.text.strip(), run.tags[-1]) for run in runs if not _lang_is_right(run)]:
            found[address] = wrong
    assert found == {}


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("", "/login"),
        ("", "/register"),
        ("", "/forgot"),
        ("reader", "/notes/"),
        ("reader", "/notes/{entry_id}/edit"),
        ("reader", "/account/"),
        ("reader", "/account/password"),
        ("reader", "/account/address"),
        ("reader", "/account/close"),
        ("reader", "/entries/{entry_id}/revisions/1/suppression"),
        ("keeper", "/entries/{entry_id}/hiding"),
        ("keeper", "/entries/{entry_id}/flags/"),
        ("keeper", "/admin/invitations"),
        ("keeper", "/admin/people/{user_id}"),
    ],
)
def test_what_an_empty_form_is_answered_passes_through_the_catalogue(
    client, make, world, pseudo, who, path
):
    people = {"reader": world.member, "keeper": world.admin}
    if who:
        make.signed_in(client, people[who])

    answer = client.post(
        path.format(**world.parts) + "?lang=en", data={"days": "many", "name": " "}
    )

    assert answer.status_code == 422
    _lang, runs = read(answer.get_data(as_text=True))
    assert outside_the_catalogue(runs) == []


def _seen_by_all(app, make, world, lang):
    for person in (None, world.member, world.admin):
        client = app.test_client()
        who = person.handle if person else "visitor"
        if person:
            make.signed_in(client, person)
        for address, html in pages(client, app, world, lang):
            yield f"{address}, {who}", html


def outside_the_catalogue(runs: list[Run]) -> list[str]:
    """Return the words that stand outside ⟦⟧ and are no content."""
    texts = [run.text for run in runs if run.attribute]
    texts.append("\n".join(run.text for run in runs if not run.attribute and not _excused(run)))
    left = []
    for text in texts:
        rest = _CONTENT.sub(" ", text)
        while (shorter := re.sub(r"⟦[^⟦⟧]*⟧", " ", rest)) != rest:
            rest = shorter
        for exception in _EXCEPTIONS:
            rest = re.sub(exception, " ", rest)
        left += [line.strip() for line in rest.splitlines() if _LETTERS.search(line)]
    return left


def _excused(run: Run) -> bool:
    return bool(_OTHER_MEANS.keys() & set(run.tags)) or run.lang != "en"


def _lang_is_right(run: Run) -> bool:
    """Tell whether marked content stands under its own language, and Han under Chinese."""
    if run.attribute or run.tags[-1] == "title":
        # An attribute or a title cannot say which part of it is in another language.
        return True
    if run.tags[-1] == "option" and "«" in run.text and "《" in run.text:
        # Nor can an option; it names a term in both.
        return True
    if "«" in run.text and run.lang != "en":
        return False
    if "《" in run.text and run.lang != "zh-Hans":
        return False
    own = re.sub("|".join(_EXCEPTIONS), "", _CONTENT.sub("", run.text))
    if run.lang == "en":
        return not _HAN.search(own)
    return bool(_HAN.search(own)) or len(re.findall(r"[A-Za-z]{3,}", own)) < 3


def test_the_reader_of_pages_notices_what_passed_by_the_catalogue():
    _lang, runs = read(
        '<html lang="en"><p>⟦Gôôđ <a href="/">link</a> «title»⟧</p><p>Stray words</p>'
        '<input placeholder="Also stray"><p lang="zh-Hans">中文</p></html>'
    )
    assert outside_the_catalogue(runs) == ["Also stray", "Stray words"]
    assert not _lang_is_right(Run("«title»", "zh-Hans", ("p",)))
    assert not _lang_is_right(Run("《标题》", "en", ("p",)))
    assert not _lang_is_right(Run("three stray words", "zh-Hans", ("p",)))
