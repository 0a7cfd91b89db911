"""The one wiring place: settings, extensions, kinds, blueprints, consequences and error pages."""

from flask import Flask, request
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from cop import subscriptions, web
from cop.circles import (
    closing_views as closing,
    events as circle_events,
    host_views as hosting,
    taught_views as taking_part,
    views as circles,
)
from cop.collections import adding_views as collecting, views as collections
from cop.collections.kind import COLLECTION
from cop.core import i18n
from cop.core.db import begin_immediate, db, engine_options, prepare_engine
from cop.core.paths import MIGRATIONS, STATIC, TEMPLATES
from cop.core.text import slugify
from cop.discover import (
    alike,
    health,
    home,
    indexing,
    kept_names,
    matching,
    people_views as members,
    suggest_views,
    views as discover,
)
from cop.discussions import (
    judging_views as judging,
    rearranging_views as rearranging,
    similar,
    views as discussions,
)
from cop.discussions.kind import DISCUSSION
from cop.entries import (
    comment_draft_views as comment_drafts,
    comment_views as comments,
    comparing,
    feature_views as featuring,
    finding,
    image_views as images,
    kinds,
    linked_views as linked,
    mention_views as mentions,
    spoken,
    views as entries,
)
from cop.guides import curating_views as guiding, views as guides
from cop.guides.carriers import with_guides
from cop.guides.kind import GUIDE
from cop.handouts import file_views as papers, views as handouts
from cop.moderation import (
    admin_views as admin,
    civil_views as civil,
    curated,
    curated_terms,
    curating,
    curating_views,
    flag_views as flags,
    views as moderation,
)
from cop.notes import filing_views as filing, occasions, tried_views as tried, views as notes
from cop.notes.carriers import contributions, notes_carrying
from cop.notes.kind import NOTE
from cop.notes.knowing import known_by_person
from cop.notifications import feed, searching, targets, views as notifications
from cop.outside import looking
from cop.people import belonging, posting, profiles, sessions, standing, views as people
from cop.practices import (
    curating_views as grading,
    evidence_views as citing,
    kept as kept_ledgers,
    views as practices,
)
from cop.practices.kind import PRACTICE
from cop.proposals import (
    decision_views as deciding_proposals,
    passing,
    promoting_views as promoting,
    views as proposals,
)
from cop.settings import Settings
from cop.storage import files
from cop.suggestions import list_views as term_lists, views as suggestions
from cop.takeout import events as takeout_events, views as takeout
from cop.terms import carriers, tending_views as tending, views as terms
from cop.web import addresses, fragments
from cop.web.version import quick_value
from cop.workshops import (
    calendar_views as calendars,
    events as workshop_events,
    material_views as workshop_material,
    session_views as dates,
    sign_up_views as signing,
    views as workshops,
    written_at,
)
from cop.workshops.kind import WORKSHOP
from cop.workshops.together import PAGES as TOGETHER, UNSEEN as TOGETHER_UNSEEN

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: Views that are POST because of their size alone and write nothing.
_ONLY_READING = frozenset({"entries.preview"})


def create_app(settings: Settings | None = None) -> Flask:
    """Make the application; without `settings` they are read from the environment."""
    settings = settings or Settings.from_env()
    app = Flask("cop", template_folder=str(TEMPLATES), static_folder=str(STATIC))
    app.url_map.converters["int"] = addresses.Number
    configure(app, settings)
    posting.init_app(app, settings)
    set_up_database(app)
    i18n.init_app(app, settings)
    web.install(
        app,
        hooks(settings),
        static_folder=STATIC,
        data=settings.data,
        database_url=settings.database_url,
        page_cache_bytes=settings.page_cache_mb * 1024 * 1024,
        upload_mb=settings.max_upload_mb,
    )
    files.init_app(app, settings)
    looking.init_app(app, settings)
    people.init_app(app)
    indexing.init_app(app, settings)
    kept_names.init_app(app)
    kept_ledgers.init_app(app)
    standing.hold_newcomers(wanted=settings.hold_newcomers == "on")
    kinds.register(NOTE, PRACTICE, GUIDE, DISCUSSION, WORKSHOP, COLLECTION)
    similar.find_with(alike.discussions_like)
    finding.find_with(alike.entries_like)
    profiles.list_contributions_with(contributions, spoken.speaks_openly, known_by_person)
    carriers.register(with_guides(members.with_people(notes_carrying)))
    comparing.told_by(passing.passed)
    home.list_watched_with(feed.watched)
    occasions.known_by(written_at.find, written_at.tell)
    curating.SOURCES[:] = [
        curated.PROPOSALS,
        curated.REVIEWS,
        curated.CONTESTED,
        curated.CITED,
        curated.UNFILED,
        curated_terms.SUGGESTIONS,
        curated_terms.ALIKE,
    ]
    targets.register(*targets.ALL)
    searching.find_with(matching.found_among, matching.require_up_to_date)
    notifications.init_app(app)
    register_pages(app)
    inform_templates(app, settings)
    subscriptions.install(app)
    trust_proxies(app, settings.trusted_proxies)
    return app


def hooks(settings: Settings) -> web.Hooks:
    """Return what the web layer must know about the reader and the site."""
    return web.Hooks(
        account_lang=sessions.account_lang,
        account_timezone=sessions.account_timezone,
        account_theme=sessions.account_theme,
        remember_lang=people.remember_lang,
        site_version=site_version,
        secure=settings.secure,
        trusted_proxy=settings.trusted_proxies > 0,
    )


#: What happens to accounts and circles alone, or to who comes to a workshop, and shows on no page kept for visitors.
_PRIVATE = (
    *("SignedIn", "SignedOut", "SessionsEnded", "PreferencesChanged", "PasswordChanged"),
    *(event.__name__ for event in (*circle_events.ALL, *takeout_events.ALL)),
    *(event.__name__ for event in (*workshop_events.PRIVATE, *TOGETHER_UNSEEN)),
)
_LATEST_EVENTS = (
    "SELECT sum(id) FROM (SELECT id FROM events WHERE verb NOT IN ("  # noqa: S608  our own names
    + ", ".join(f"'{verb}'" for verb in _PRIVATE)
    + ") ORDER BY id DESC LIMIT 64) AS latest"
)


def site_version() -> str:
    """Return what changes with everything a visitor may see, in microseconds.

    The sum of the latest ids also tells an event that was committed late, under a lower number.
    """
    return quick_value(_LATEST_EVENTS)


def register_pages(app: Flask) -> None:
    """Register every blueprint."""
    front = (discover.bp, suggest_views.bp, workshop_material.bp, members.bp)
    wiki = (
        practices.bp,
        grading.bp,
        citing.bp,
        guides.bp,
        guiding.bp,
        proposals.bp,
        deciding_proposals.bp,
        promoting.bp,
        curating_views.bp,
        tried.bp,
        filing.bp,
        tending.bp,
        suggestions.bp,
        collections.bp,
        collecting.bp,
        term_lists.bp,
        featuring.bp,
    )
    talk = (
        discussions.bp,
        judging.bp,
        rearranging.bp,
        comments.bp,
        comment_drafts.bp,
        mentions.bp,
        images.bp,
        linked.bp,
    )
    content = (
        *front,
        notes.bp,
        *wiki,
        *talk,
        workshops.bp,
        handouts.bp,
        dates.bp,
        calendars.bp,
        signing.bp,
        papers.bp,
        entries.bp,
        terms.bp,
    )
    groups = (circles.bp, hosting.bp, closing.bp)
    for blueprint in (health.bp, *content, *groups, flags.bp, civil.bp, moderation.bp, admin.bp):
        app.register_blueprint(blueprint)
    for blueprint in (*TOGETHER, taking_part.bp, takeout.bp):
        app.register_blueprint(blueprint)


def inform_templates(app: Flask, settings: Settings) -> None:
    """Give templates the viewer, the site and the few functions all of them use."""
    site = {"name": settings.site_name, "licence": settings.licence}
    app.jinja_env.globals.update(
        called=belonging.called, pick=i18n.pick, site=site, slugify=slugify
    )
    addresses.init_app(app)


def configure(app: Flask, settings: Settings) -> None:
    """Hand the settings to the extensions that read them from the application's configuration."""
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=settings.max_request_mb * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=settings.max_request_mb * 1024 * 1024,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        JSON_AS_ASCII=False,
    )
    app.jinja_environment = fragments.Templates
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def trust_proxies(app: Flask, hops: int) -> None:
    """Believe what so many proxies in front say of the address asked for; the last layer, so that all others see it."""
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def set_up_database(app: Flask) -> None:
    """Connect the database; unsafe requests begin their transactions with the write lock."""
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
    with app.app_context():
        prepare_engine(db.engine)

    @app.before_request
    def choose_begin_mode() -> None:
        writes = request.method not in _SAFE and request.endpoint not in _ONLY_READING
        begin_immediate(wanted=writes)
