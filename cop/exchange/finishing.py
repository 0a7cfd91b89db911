"""What several keys of a record say together, checked, and said outright where a key is left out."""

from cop.core.i18n import _
from cop.core.text import guess_lang
from cop.discussions.models import Form
from cop.exchange.shapes import TAGS, Reading, Record
from cop.guides.draft import SECTIONS as GUIDE_SECTIONS
from cop.notes.draft import REASON, REQUIRED_SECTIONS
from cop.notes.models import Evidence
from cop.practices.draft import SECTIONS as PAGE_SECTIONS, SUMMARY
from cop.practices.models import Grade


def finish_note(reading: Reading, note: Record, line: int) -> None:
    """Check what several keys say together, and say outright what is meant by leaving a key out."""
    told = list(note.get("title", {}))
    if told:
        _check_languages(reading, note, line, _told_in(note), (REASON, *REQUIRED_SECTIONS))
    _check_uses(reading, note, line)
    note["lang"] = note.get("lang") or (told or ["zh"])[0]
    note.setdefault("evidence", Evidence.OWN_EXPERIENCE.value)
    if note.get("written_by") == "member":
        del note["written_by"]
    if note.get("reviewed_by_organisations", True):
        note.pop("reviewed_by_organisations", None)
    if note.get("masks", {}).get("name") == "shown":
        del note["masks"]


def _check_languages(
    reading: Reading,
    record: Record,
    line: int,
    parts: list[tuple[str, Record]],
    required: tuple[str, ...],
) -> None:
    """Check that a record is told whole in the languages of its title, and in no others."""
    told = list(record["title"])
    parts = [*parts, ("significance", record.get("significance", {}))]
    for tag in told:
        for name, words in parts:
            if tag not in words and name in required:
                sentence = _(
                    "“%(name)s” lacks its text in “%(tag)s”, like the title.", name=name, tag=tag
                )
                reading.wrong(line, sentence)
    for name, words in parts:
        for tag in words.keys() - set(told):
            sentence = _(
                "“%(name)s” has a text in “%(tag)s” but the title has none.", name=name, tag=tag
            )
            reading.wrong(line, sentence)
    if record.get("lang", told[0]) not in told:
        reading.wrong(line, _("“lang” names a language in which there is no title."))


def _told_in(note: Record) -> list[tuple[str, Record]]:
    return [(REASON, note.get(REASON, {})), *note.get("sections", {}).items()]


def _check_uses(reading: Reading, note: Record, line: int) -> None:
    named = [use.get("strategy") for use in note.get("uses", ())]
    for name in named:
        if name not in note.get("strategies", ()):
            sentence = _("“uses” names “%(key)s”, which is not among the strategies.", key=name)
            reading.wrong(line, sentence)
    if len(set(named)) < len(named):
        reading.wrong(line, _("“uses” names a strategy twice."))
    kept = [
        {name: value for name, value in use.items() if (name, value) != ("durability", "unknown")}
        for use in note.get("uses", ())
    ]
    order = note.get("strategies", [])
    kept = [use for use in kept if len(use) > 1 and use["strategy"] in order]
    note.pop("uses", None)
    if kept:
        note["uses"] = sorted(kept, key=lambda use: order.index(use["strategy"]))


def finish_practice(reading: Reading, page: Record, line: int) -> None:
    """Check the languages and the grade of a practice page, and say what is meant by leaving a key out."""
    told = list(page.get("title", {}))
    if told:
        parts = [(name, page.get(name, {})) for name in PAGE_SECTIONS]
        _check_languages(reading, page, line, parts, (SUMMARY,))
    page["lang"] = page.get("lang") or (told or ["zh"])[0]
    if page.get("grade", Grade.STUB) != Grade.STUB and "grade_reason" not in page:
        reading.wrong(line, _("A grade needs its reason; add “grade_reason”."))
    page.setdefault("grade", Grade.STUB.value)
    _say_who_wrote_it(page)


def finish_guide(reading: Reading, guide: Record, line: int) -> None:
    """Check the languages of a guide, and say what is meant by leaving a key out."""
    told = list(guide.get("title", {}))
    if told:
        parts = [(name, guide.get(name, {})) for name in GUIDE_SECTIONS]
        _check_languages(reading, guide, line, parts, GUIDE_SECTIONS)
    guide["lang"] = guide.get("lang") or (told or ["zh"])[0]
    _say_who_wrote_it(guide)


def _say_who_wrote_it(page: Record) -> None:
    by_editors = "source" in page and "author" not in page
    page.setdefault("written_by", "editors" if by_editors else "member")


def finish_discussion(reading: Reading, discussion: Record, line: int) -> None:
    """Check the languages of a discussion, and say what it is where its record does not."""
    told = list(discussion.get("title", {}))
    body = discussion.get("body", {})
    for tag in sorted(set(told) ^ set(body)):
        sentence = _("“title” and “body” must be in the same languages; “%(tag)s” is not.", tag=tag)
        reading.wrong(line, sentence)
    if told:
        _check_languages(reading, discussion, line, [], ())
    discussion["lang"] = discussion.get("lang") or (told or ["zh"])[0]
    discussion.setdefault("form", Form.QUESTION.value)
    if discussion.get("masks", {}).get("name") == "shown":
        del discussion["masks"]


def finish_collection(reading: Reading, collection: Record, line: int) -> None:
    """Check the languages of a collection and that it names each entry once."""
    told = list(collection.get("title", {}))
    if told:
        parts = [("purpose", collection.get("purpose", {}))]
        _check_languages(reading, collection, line, parts, ("purpose",))
    collection["lang"] = collection.get("lang") or (told or ["zh"])[0]
    held = [one.get("key") for one in collection.get("entries", ())]
    if len(set(held)) < len(held):
        reading.wrong(line, _("“entries” names an entry twice."))
    if collection.get("written_by") == "member":
        del collection["written_by"]
    if collection.get("masks", {}).get("name") == "shown":
        del collection["masks"]


def finish_comment(reading: Reading, comment: Record, line: int) -> None:
    """Check that a comment says something, or is the trace of one that was taken away."""
    if comment.get("taken_away"):
        for name in ("body", "author", "former", "lang"):
            if name in comment:
                sentence = _(
                    "Of what was taken away nothing is kept; take “%(name)s” out.", name=name
                )
                reading.wrong(line, sentence)
        return
    comment.pop("taken_away", None)
    if not comment.get("former", True):
        del comment["former"]
    if "former" in comment and "author" in comment:
        reading.wrong(line, _("A former member has no account; take “author” or “former” out."))
    if "body" not in comment:
        reading.wrong(line, _("“%(key)s” is missing or empty.", key="body"))
        return
    comment.setdefault("lang", guess_lang(comment["body"]).tag)


def finish_workshop(reading: Reading, workshop: Record, line: int) -> None:
    """Check the languages of a workshop, and bring lists of lines into their one true form: first with first."""
    told = list(workshop.get("title", {}))
    materials, handout = workshop.get("materials", {}), workshop.get("handout", {})
    for held, name in ((workshop, "objectives"), (materials, "supplies")):
        if name in held:
            lists = {tag: [row[tag] for row in held[name] if tag in row] for tag in TAGS}
            longest = max(map(len, lists.values()))
            held[name] = [
                {tag: lines[at] for tag, lines in lists.items() if at < len(lines)}
                for at in range(longest)
            ]
    if told:
        rows = [
            *workshop.get("agenda", ()),
            *workshop.get("exercises", ()),
            *materials.get("words", ()),
            *({"why": one["why"]} for one in materials.get("links", ()) if "why" in one),
            handout,
        ]
        parts = [(name, words) for row in rows for name, words in row.items() if name in _WORDS]
        parts += [("objectives", row) for row in workshop.get("objectives", ())]
        parts += [("supplies", row) for row in materials.get("supplies", ())]
        _check_languages(reading, workshop, line, [("for", workshop.get("for", {})), *parts], ())
    _check_words_of_material(reading, materials, line)
    workshop["lang"] = workshop.get("lang") or (told or ["zh"])[0]
    by_editors = "source" in workshop and "author" not in workshop
    workshop.setdefault("written_by", "editors" if by_editors else "member")
    if "co_trainers" in workshop:
        workshop["co_trainers"] = sorted(workshop["co_trainers"])
    if workshop.get("masks", {}).get("name") == "shown":
        del workshop["masks"]
    for row in workshop.get("agenda", ()):
        if not row.get("new_day", True):
            del row["new_day"]


#: What rows of a workshop tell by language.
_WORDS = ("title", "activity", "instructions", "why", "how", "text")


#: Lists of entries that a workshop is built on.
_MATERIAL = ("practices", "guides", "notes", "discussions", "collections")


def _check_words_of_material(reading: Reading, materials: Record, line: int) -> None:
    named = [key for name in _MATERIAL for key in materials.get(name, ())]
    said = [one.get("entry") for one in materials.get("words", ())]
    for key in said:
        if key not in named:
            sentence = _("“words” names “%(key)s”, which is not among the materials.", key=key)
            reading.wrong(line, sentence)
    if len(set(said)) < len(said):
        reading.wrong(line, _("“words” names an entry twice."))
    if "words" in materials:
        kept = [one for one in materials["words"] if len(one) > 1 and one.get("entry") in named]
        del materials["words"]
        if kept:
            after: Record = {
                name: materials.pop(name) for name in ("links", "supplies") if name in materials
            }
            materials["words"] = sorted(kept, key=lambda one: named.index(one["entry"]))
            materials.update(after)
