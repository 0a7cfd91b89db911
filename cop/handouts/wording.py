"""Words of papers, spoken in the language of the paper, or in both where it is in both."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from cop.core.i18n import _l, speaking
from cop.core.types import Lang

#: What stands on papers beside what people wrote.
WORDS: Mapping[str, Any] = {
    "agenda": _l("Agenda"),
    "code": _l("QR code of the address below"),
    "contents": _l("Contents"),
    "contributors": _l("Who contributed"),
    "dates": _l("Dates"),
    "elsewhere": _l("Elsewhere on the web"),
    "exercises": _l("Exercises"),
    "files": _l("Files"),
    "files_where": _l("Who reads the code or types the address finds them there."),
    "from_beginning": _l("Hours and minutes since the beginning."),
    "group": _l("Participants"),
    "handout": _l("Handout"),
    "inside": _l("What is in it"),
    "how": _l("What to do with it"),
    "images": _l("Images"),
    "length": _l("Length"),
    "licence": _l("Licence"),
    "looked": _l("Looked at on"),
    "more_dates": _l("There are more dates where it stands online."),
    "licensed": _l(
        "You may copy all of it and pass it on under the licence named in front, with these names and the addresses "
        "beside the codes."
    ),
    "material": _l("To read"),
    "only_en": _l("Nobody has told this in Chinese yet, so it stands here in English."),
    "only_zh": _l("Nobody has told this in English yet, so it stands here in Chinese."),
    "replies": _l("Replies"),
    "answer": _l("This answered the question"),
    "more_replies": _l("There are more replies where it stands online."),
    "sources": _l("Sources"),
    "source": _l("From:"),
    "trainer": _l("Trainer"),
    "why": _l("Why it is here"),
    "see": _l(
        "Those who read the code or type the address find it with its newest changes and what is said about it."
    ),
}


def said_in(langs: Sequence[Lang]) -> Callable[[Any], Markup]:
    """Return the function that says a sentence in the language of a paper, or in each of its languages."""

    def said(sentence: Any) -> Markup:
        parts = []
        for lang in langs:
            with speaking(lang):
                parts.append((lang, str(sentence)))
        if len(parts) == 1:
            return Markup(escape(parts[0][1]))  # noqa: S704  escaped
        return Markup(" ").join(
            Markup('<span lang="{}">{}</span>').format(lang.value, words) for lang, words in parts
        )

    return said


#: Why there is no PDF, for who asked for it, and what whoever runs the site can do.
PROBLEMS: Mapping[str, Any] = {
    "weasyprint": _l(
        "WeasyPrint is not installed. Whoever runs the site installs it with: pip install 'cop[pdf]'"
    ),
    "pango": _l(
        "Pango, which draws the letters, is not installed. Whoever runs the site installs it, on Debian with: "
        "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    ),
    "font": _l(
        "No font of the server has Chinese characters. Whoever runs the site installs one, on Debian with: "
        "apt install fonts-noto-cjk"
    ),
    "large": _l(
        "It is too large to be made into one file. Try it in one language, or print it from your browser."
    ),
    "slow": _l(
        "It took too long and was stopped. Try it in one language, or print it from your browser."
    ),
    "broken": _l("Something in it could not be drawn. Print it from your browser instead."),
}
