"""The page that lists workshops and the dates on which they are given."""

from flask import render_template, request

from cop.core.i18n import current_lang
from cop.core.page import Page
from cop.entries import queries as entries
from cop.entries.cards import cards
from cop.people.viewer import Viewer
from cop.terms import queries as terms
from cop.terms.refs import ref_of
from cop.web.addresses import facet_options
from cop.web.cache import not_kept
from cop.workshops import narrowed, queries, session_lists, session_wording
from cop.workshops.nearby import nearby
from cop.workshops.operations import may_publish
from cop.workshops.session_lists import DateRow


def list_page(viewer: Viewer) -> str:
    """Return the list: of workshops with the next dates first, or of dates where the address asks for some time."""
    narrow = narrowed.filter_of(request.args.to_dict(flat=False))
    older, newer = request.args.get("older"), request.args.get("newer")
    statement = queries.index(viewer, narrow)
    more = session_lists.conditions(narrow.place, narrow.given)
    dates: Page[DateRow] = Page(())
    page = None
    if narrow.date:
        dates = session_lists.page(viewer, statement, narrow.date, more, older=older, newer=newer)
    else:
        page = entries.page(narrowed.workshops(viewer, narrow), older=older, newer=newer)
        if not (older or newer):
            dates = Page(session_lists.first(viewer, statement, more))
    if dates.items:
        # What dates say of themselves changes as time passes, though nothing happens.
        not_kept()
    taught = queries.strategies_taught(viewer)
    return render_template(
        "workshops/index.html",
        cards=cards(viewer, page.items) if page is not None else [],
        page=page if page is not None else dates,
        dates=dates.items,
        by_date=bool(narrow.date),
        told=session_wording,
        narrow=narrow,
        chosen=queries.chips(narrow),
        chips=narrowed.chips(narrow),
        date_options=[
            (key, words, None, key in narrow.date) for key, words in narrowed.DATES.items()
        ],
        place_options=facet_options(
            [ref_of(place) for place in session_lists.places_given(viewer, narrow.place)],
            narrow.place,
        ),
        near=nearby(viewer),
        strategies=[
            choice
            for choice in terms.choices("strategy", current_lang())
            if choice.key in taught or choice.key in narrow.strategy
        ],
        may_publish=may_publish(viewer),
    )
