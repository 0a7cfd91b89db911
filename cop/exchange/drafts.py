"""Records of files as the drafts that operations take."""

from datetime import datetime

from cop.core.types import Lang, Texts
from cop.entries.draft import Cited, Origin, Signature, TextDraft
from cop.entries.models import NameMask, Visibility
from cop.exchange.mentioned import by_id
from cop.exchange.shapes import Record
from cop.exchange.states import long
from cop.notes.draft import REASON, SECTIONS, TERM_FIELDS, NoteDraft, NoteFacts, Use
from cop.terms.draft import SchemeDraft, SourceDraft, TermDraft

_EXTRA = ("iso", "level", "ascii", "sample_count", "count")


def source(record: Record) -> SourceDraft:
    """Return a source."""
    return SourceDraft(
        key=record["id"],
        short=long(record["short"]),
        citation=record["citation"],
        about=long(record.get("about")),
    )


def scheme(record: Record) -> SchemeDraft:
    """Return a scheme."""
    return SchemeDraft(
        key=record["id"],
        title=long(record["title"]),
        description=long(record.get("description")),
    )


def term(record: Record) -> TermDraft:
    """Return a term with what it refers to."""
    return TermDraft(
        key=record["id"],
        scheme=record["scheme"],
        name=long(record["pref_label"]),
        definition=long(record.get("definition")),
        alternatives=_lists(record.get("alt_labels")),
        hidden=_lists(record.get("hidden_labels")),
        abbreviations=tuple(record.get("abbr_zh", ())),
        pinyin=record.get("pinyin", ""),
        broader=tuple(record.get("broader", ())),
        related=tuple(record.get("related", ())),
        sources=tuple((cited["ref"], cited.get("at", "")) for cited in record.get("source", ())),
        merged_into=record.get("merged_into", ""),
        extra={name: record[name] for name in _EXTRA if name in record},
    )


def _lists(by_tag: Record | None) -> dict[str, tuple[str, ...]]:
    return {_lang(tag).value: tuple(texts) for tag, texts in (by_tag or {}).items()}


def _lang(tag: str) -> Lang:
    return Lang.of_tag(tag) or Lang.EN


def note(record: Record) -> NoteDraft:
    """Return a note: its texts (the one it was written in first), facts and signature."""
    first = _lang(record["lang"])
    langs = sorted((_lang(tag) for tag in record["title"]), key=lambda lang: lang != first)
    masked = record.get("masks", {}).get("name") == "unnamed"
    return NoteDraft(
        texts=tuple(_text(record, lang) for lang in langs),
        facts=facts(record),
        signature=Signature(
            visibility=Visibility(record["visibility"]),
            name_mask=NameMask.UNNAMED if masked else NameMask.SHOWN,
        ),
    )


def _text(record: Record, lang: Lang) -> TextDraft:
    told = {name: record["sections"].get(name, {}).get(lang.tag, "") for name in SECTIONS}
    sections = {name: by_id(text) for name, text in told.items() if text}
    sections[REASON] = record[REASON].get(lang.tag, "")
    return TextDraft(lang=lang, title=record["title"][lang.tag], sections=sections)


def facts(record: Record) -> NoteFacts:
    """Return the checkable facts of a note."""
    organisation = record.get("organisation", {})
    period = record.get("period", {})
    terms = {
        name: tuple(record.get(name, ()))
        for name in TERM_FIELDS
        if name != "phase" and record.get(name)
    }
    if record.get("phase"):
        terms["phase"] = (record["phase"],)
    return NoteFacts(
        outcome=record["outcome"],
        strategies=tuple(record["strategies"]),
        evidence=record["evidence"],
        organisation=organisation.get("key", ""),
        described_as={} if "key" in organisation else long(organisation),
        place=record.get("place", ""),
        started=period.get("start", ""),
        ended=period.get("end", ""),
        period_exact=period.get("exact", True),
        period_text=_told(period),
        project=record.get("project", ""),
        original=record.get("adapts", {}).get("key", ""),
        relation=record.get("adapts", {}).get("how", ""),
        terms=terms,
        uses={use["strategy"]: _use(use) for use in record.get("uses", ())},
        sources=tuple(
            Cited(cited["ref"], cited.get("at", "")) for cited in record.get("source", ())
        ),
    )


def _told(values: Record) -> Texts:
    return long({tag: values[tag] for tag in ("zh", "en") if tag in values})


def _use(use: Record) -> Use:
    return Use(
        outcome=use.get("outcome"),
        effects=long(use.get("effects")) or None,
        side_effects=long(use.get("side_effects")) or None,
        durability=use.get("durability", "unknown"),
    )


def origin(record: Record, digest: str) -> Origin:
    """Return where a note comes from: this file, and who wrote it."""
    published = record.get("dates", {}).get("published")
    return Origin(
        key=record["id"],
        written_by=record.get("written_by", "member"),
        reviewed_by_organisations=record.get("reviewed_by_organisations", True),
        import_sha256=digest,
        published_at=datetime.fromisoformat(published) if published else None,
    )
