"""Every kind of page: who sees it, where it is, and what is done there before one looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.world import World

Act = Callable[["Page", "World"], None]


def nothing(page: Page, world: World) -> None:
    """Look at the page as it comes."""


def send_form(page: Page, world: World) -> None:
    """Send the form of the page as it is, which lacks something."""
    page.locator("main form button:not([type=button], [data-add-images])").first.click()
    expect(page.locator("[data-errors]")).to_be_visible()


def publish_nothing(page: Page, world: World) -> None:
    """Publish a long form that lacks everything."""
    page.locator(".dock button[value=publish]").click()
    expect(page.locator("[data-errors]")).to_be_visible()


def send_search(page: Page, world: World) -> None:
    """Ask for a mail with the form of the page."""
    page.locator("main form input[type=text], main form input[type=email]").first.fill(
        "nobody-here"
    )
    page.locator("main form button.primary").click()
    expect(page.locator("main form")).to_have_count(0)


def send_decision(page: Page, world: World) -> None:
    """Decide without a reason."""
    page.locator("input[name=item][value=remove]").check()
    page.locator("main form button.primary").click()
    expect(page.locator("[data-errors]")).to_be_visible()


def open_menu(page: Page, world: World) -> None:
    """Open the menu of one's account."""
    page.locator("button[popovertarget=p-me]").click()
    expect(page.locator("#p-me")).to_be_visible()


def unfold(page: Page, world: World) -> None:
    """Open everything that is folded, as somebody does who looks for a field."""
    for part in page.locator("details:not([open]) > summary").all()[::-1]:
        part.click()
    expect(page.locator("details:not([open])")).to_have_count(0)


def open_picker(page: Page, world: World) -> None:
    """Choose one strategy and look for another."""
    box = page.locator("#strategies-box")
    box.fill("open space")
    box.press("Enter")
    box.fill("hui")
    expect(page.locator("#strategies-list")).to_be_visible()


def type_words(page: Page, world: World) -> None:
    """Type into the search box until it offers something, and go to the first of it."""
    box = page.locator("input[data-suggest]").last
    box.fill("beijing")
    expect(page.locator(".offers [role=option]").first).to_be_visible()
    box.press("ArrowDown")


def preview_beside(page: Page, world: World) -> None:
    """Have the server render one field."""
    page.locator("#what_happened").fill("**Invented**\n\n- one\n- two")
    page.locator("#what_happened ~ .under button").click()
    expect(page.locator("#what_happened ~ .preview strong")).to_be_visible()


def preview_whole(page: Page, world: World) -> None:
    """Ask for the preview that needs no script."""
    page.locator("#what_happened").fill("**Invented**\n\n- one\n- two")
    page.locator(".dock button[value=preview]").click()
    expect(page.locator("#preview-h")).to_be_visible()


def preview_comment(page: Page, world: World) -> None:
    """Ask for the preview of a comment that needs no script."""
    page.locator("#body").fill("**Invented**\n\n> quoted")
    page.locator("button[value=preview]").click()
    expect(page.locator("#preview-h")).to_be_visible()


def preview_question(page: Page, world: World) -> None:
    """Ask for the preview of a question, which shows what was discussed already."""
    page.locator("#title").fill("Who signs when nobody will")
    page.locator("#body").fill("**Invented**\n\n- one\n- two")
    page.locator(".dock button[value=preview]").click()
    expect(page.locator("#preview-h")).to_be_visible()


def preview_page(page: Page, world: World) -> None:
    """Ask for the preview of a page of the wiki that needs no script."""
    page.locator("#pitfalls, #body").fill("**Invented**\n\n- one\n- two")
    page.locator(".dock button[value=preview]").click()
    expect(page.locator("#preview-h")).to_be_visible()


def arrange(page: Page, world: World) -> None:
    """Move one entry down, take another out, and look for a third."""
    names = page.locator("[data-item]")
    first = names.first.get_attribute("data-title")
    page.locator("button[value^='down:']").first.click()
    expect(names.nth(1)).to_have_attribute("data-title", first or "")
    page.locator("button[value^='out:']").first.click()
    expect(names.first.locator("button[value^='back:']")).to_be_focused()
    page.locator("#find").fill("居民会议")
    page.locator("[data-look]").click()
    expect(page.locator("[data-offers]")).not_to_be_empty()


def collide(page: Page, world: World) -> None:
    """Send a passage and a place that somebody else changed meanwhile."""
    note = world.note("author")
    page.goto(world.url(f"/notes/{note}/edit"))
    page.locator("#what_we_learned").fill("Mine: ask the office last.")
    world.revise(note, "author", what_we_learned="Theirs: never ask the office.")
    page.locator(".dock button[value=publish]").click()
    expect(page.locator("#conflict-h")).to_be_visible()


@dataclass(frozen=True)
class Place:
    """One kind of page. `long` pages may weigh more; `status` is what the server answers."""

    name: str
    path: str
    who: str = "visitor"
    act: Act = nothing
    status: int = 200
    long: bool = False


PLACES = (
    Place("home", "/"),
    Place("home-member", "/", "author", open_menu),
    Place("home-typing", "/", act=type_words),
    Place("home-watching", "/?show=watching", "newcomer"),
    Place("notes", "/notes/", long=True),
    Place("notes-filtered", "/notes/?outcome=failed&strategy=open-space&strategy=first-in-command"),
    Place("notes-unfolded", "/notes/?outcome=worked", act=unfold),
    Place("notes-empty", "/notes/?place=tibet&outcome=failed&since=1999&until=1998"),
    Place("note", "/notes/{both}"),
    Place("note-with-comments", "/comments/{said}", "newcomer"),
    Place("note-locked", "/notes/{long}", "moderator", long=True),
    Place("comment", "/entries/{both}/comments/new?answer={said}&quote=1", "newcomer"),
    Place("comment-empty", "/entries/{both}/comments/new", "newcomer", send_form),
    Place("comment-preview", "/entries/{both}/comments/new", "newcomer", preview_comment),
    Place("comment-history", "/comments/{said}/history"),
    Place("comment-delete", "/comments/{said}/deletion", "author"),
    Place("comment-remove", "/comments/{said}/removal", "moderator"),
    Place("discussion-with-images", "/discussions/{pictured}"),
    Place("discussion-with-images-moderated", "/discussions/{pictured}", "moderator"),
    Place("reply-with-images", "/comments/{shown}/edit", "author"),
    Place("image-remove", "/images/{picture}/removal", "moderator"),
    Place("lock", "/entries/{both}/locking", "moderator"),
    Place("discussions", "/discussions/", long=True),
    Place("discussions-unanswered", "/discussions/?show=unanswered", "newcomer"),
    Place("space", "/spaces/{space}"),
    Place("discussion", "/discussions/{asked}"),
    Place("discussion-of-ones-own", "/discussions/{asked}", "author"),
    Place("discussion-moderated", "/discussions/{asked}", "moderator"),
    Place("discussion-of-the-editors", "/discussions/{editors_question}"),
    Place("discussion-hidden", "/discussions/{hidden_question}", "author"),
    Place("ask", "/discussions/new?title=Open+space&about={both}", "newcomer", long=True),
    Place("ask-empty", "/discussions/new", "newcomer", send_form, long=True),
    Place("ask-preview", "/discussions/new", "newcomer", preview_question, long=True),
    Place("ask-edit", "/discussions/{asked}/edit", "author", long=True),
    Place("ask-translate", "/discussions/{asked}/translate/zh", "author", long=True),
    Place("move", "/discussions/{asked}/move", "moderator"),
    Place("circles", "/circles/", "author"),
    Place("circles-empty", "/circles/", "admin"),
    Place("circle", "/circles/{circle}", "author"),
    Place("circle-from-outside", "/circles/{other_circle}", "newcomer"),
    Place("circle-asked", "/circles/{circle}", "newcomer"),
    Place("circle-new", "/circles/new", "author", send_form),
    Place("circle-new-for-beginners", "/circles/new", "beginner"),
    Place("circle-settings", "/circles/{circle}/edit", "author"),
    Place("circle-members", "/circles/{circle}/members/", "author"),
    Place("circle-removal", "/circles/{circle}/members/{in_circle_id}/removal", "author"),
    Place("circle-requests", "/circles/{circle}/requests/", "author"),
    Place("circle-invitations", "/circles/{circle}/invitations/", "author"),
    Place("circle-invited", "/circles/invitations/{into_circle}", "newcomer"),
    Place("circle-leave", "/circles/{circle}/leave", "colleague"),
    Place("circle-watch", "/circles/{circle}/watch", "colleague"),
    Place("circle-close", "/circles/{circle}/closing", "author"),
    Place("circle-closed", "/circles/{closed_circle}/closed", "author"),
    Place("circle-note", "/notes/{in_circle}", "colleague"),
    Place("circle-report", "/entries/{in_circle}/flags/", "colleague"),
    Place("circle-case", "/moderation/{circle_case}", "author"),
    Place("discussion-joined-and-split", "/discussions/{whole}"),
    Place("discussion-joined-moderated", "/discussions/{whole}", "moderator"),
    Place("merge", "/discussions/{asked}/merge", "moderator"),
    Place("merge-without-reason", "/discussions/{asked}/merge", "moderator", send_form),
    Place("split", "/comments/{reply}/split", "moderator"),
    Place("split-without-reason", "/comments/{reply}/split", "moderator", send_form),
    Place("undo-a-joining", "/rearrangements/{joining}/undoing", "moderator"),
    Place("discussions-one-could-answer", "/discussions/?show=known", "newcomer"),
    Place("watch-a-space", "/spaces/{space}/watch", "newcomer"),
    Place("note-in-one-language", "/notes/{single}"),
    Place("note-of-ones-own", "/notes/{both}", "author"),
    Place("note-unnamed", "/notes/{unnamed}", "newcomer"),
    Place("note-long", "/notes/{long}", long=True),
    Place("note-from-literature", "/notes/{starter}"),
    Place("note-withdrawn", "/notes/{withdrawn}", "author"),
    Place("note-hidden", "/notes/{hidden}", "author"),
    Place("practices", "/practices/", long=True),
    Place("practice", "/practices/repeated-meetings", long=True),
    Place("practice-with-tools", "/practices/first-in-command", "colleague", long=True),
    Place("practice-unwritten", "/practices/future-search"),
    Place("practice-notes", "/practices/repeated-meetings/notes?outcome=worked"),
    Place("practice-notes-none", "/practices/future-search/notes?province=tibet"),
    Place("practice-edit", "/practices/{practice}/edit", "colleague", long=True),
    Place(
        "practice-edit-preview", "/practices/{practice}/edit", "colleague", preview_page, long=True
    ),
    Place("practice-evidence", "/practices/{practice}/evidence/", "colleague", long=True),
    Place("practice-first", "/entries/{practice}/featuring/", "colleague"),
    Place("practice-grade", "/practices/{practice}/grade", "colleague"),
    Place("practice-grade-empty", "/practices/{practice}/grade", "colleague", send_form),
    Place("guides", "/guides/"),
    Place("guides-none", "/guides/?place=tibet"),
    Place("guide", "/guides/{guide}", long=True),
    Place("guide-with-tools", "/guides/{guide}", "colleague", long=True),
    Place("guide-edit", "/guides/{guide}/edit", "colleague", long=True),
    Place("guide-edit-preview", "/guides/{guide}/edit", "colleague", preview_page, long=True),
    Place("collections", "/collections/"),
    Place("collection", "/collections/{collection}", long=True),
    Place("collection-with-tools", "/collections/{collection}", "colleague", long=True),
    Place("collection-edit", "/collections/{collection}/edit", "colleague", arrange, long=True),
    Place("collection-new", "/collections/new", "colleague", publish_nothing, long=True),
    Place("collection-new-with-entry", "/collections/new?entry={both}", "colleague", long=True),
    Place("collection-add", "/collections/add/{long}", "colleague"),
    Place("collection-add-empty", "/collections/add/{long}", "colleague", send_form),
    Place("terms", "/terms/"),
    Place("terms-typing", "/terms/strategy/open-space", "author", type_words),
    Place("scheme", "/terms/strategy/"),
    Place("term-editor", "/terms/strategy/open-space/edit", "admin", long=True),
    Place("term-editor-with-errors", "/terms/strategy/open-space/merge", "admin", send_form),
    Place("term-history", "/terms/strategy/open-space/history"),
    Place("scheme-places", "/terms/place/"),
    Place("term", "/terms/strategy/open-space"),
    Place("term-without-notes", "/terms/place/tibet"),
    Place("organisations", "/organisations/"),
    Place("organisation", "/organisations/{organisation}"),
    Place("search", "/search?q=开放空间"),
    Place("search-english", "/search?q=leader+left&outcome=failed"),
    Place(
        "search-opened",
        "/search?q=open+space+by:Editors&place=beijing&place=shanghai&sort=newest",
        act=unfold,
    ),
    Place("search-left-out", "/search?q=一把手+结果:&without=first-in-command"),
    Place("search-exact", "/search?q=open+space&exact=1&text=zh"),
    Place("search-filtered-away", "/search?q=open+space&outcome=too-early&place=shanghai"),
    Place("search-past-the-end", "/search?q=community&page=40"),
    Place("search-nothing", "/search?q=zzzznothing"),
    Place("search-empty", "/search"),
    Place("history", "/entries/{both}/history"),
    Place("diff", "/entries/{both}/diff?from=1&to=3"),
    Place("diff-suppressed", "/entries/{both}/diff?from=2&to=3&text=en"),
    Place("revision", "/entries/{both}/revisions/1", "author"),
    Place("revision-suppressed", "/entries/{both}/revisions/2?text=en"),
    Place("editor", "/notes/new", "author", long=True),
    Place("editor-unfolded", "/notes/new", "author", unfold, long=True),
    Place("editor-with-errors", "/notes/new", "author", send_form, long=True),
    Place("editor-picking", "/notes/new", "author", open_picker, long=True),
    Place("editor-previewing", "/notes/new", "author", preview_beside, long=True),
    Place("editor-preview", "/notes/new", "author", preview_whole, long=True),
    Place("tried-form", "/entries/{both}/tried/new", "newcomer", long=True),
    Place("tried-form-unfolded", "/entries/{both}/tried/new", "newcomer", unfold, long=True),
    Place("tried-form-with-errors", "/entries/{both}/tried/new", "newcomer", send_form, long=True),
    Place("tried-list", "/entries/{both}/tried"),
    Place("note-tried-after", "/notes/{single}"),
    Place("editor-of-a-note", "/notes/{both}/edit", "author", long=True),
    Place("editor-with-conflict", "/notes/new", "author", collide, long=True),
    Place("editor-translating", "/entries/{single}/translate/en", "author", long=True),
    Place("drafts", "/drafts/", "author"),
    Place("drafts-empty", "/drafts/", "newcomer"),
    Place("withdraw", "/entries/{both}/withdrawal", "author"),
    Place("hide", "/entries/{both}/hiding", "moderator"),
    Place("hide-without-reason", "/entries/{both}/hiding", "moderator", send_form),
    Place("unhide", "/entries/{hidden}/unhiding", "moderator"),
    Place("suppress", "/entries/{both}/revisions/1/suppression", "moderator"),
    Place("login", "/login"),
    Place("login-wrong", "/login", act=send_form),
    Place("register", "/register"),
    Place("register-wrong", "/register", act=send_form),
    Place("sent", "/register/sent"),
    Place("confirm", "/confirm/{confirm}"),
    Place("forgot", "/forgot"),
    Place("forgot-sent", "/forgot", act=send_search),
    Place("reset", "/reset/{reset}"),
    Place("link-used", "/reset/{used}", status=410),
    Place("logout", "/logout", "author"),
    Place("profile", "/people/author"),
    Place("profile-empty", "/people/newcomer", "author"),
    Place("proposals", "/entries/{practice}/proposals/", "newcomer"),
    Place("proposals-mine", "/proposals/", "author"),
    Place("proposals-none", "/proposals/", "newcomer"),
    Place("propose", "/entries/{practice}/proposals/new", "newcomer", long=True),
    Place(
        "propose-empty", "/entries/{practice}/proposals/new?section=pitfalls", "newcomer", send_form
    ),
    Place("propose-page", "/proposals/new/practice?strategy=future-search", "newcomer", long=True),
    Place("propose-guide", "/proposals/new/guide?terms=open-space", "newcomer", long=True),
    Place("promote", "/comments/{reply}/promotion", "newcomer"),
    Place("promote-none", "/comments/{reply}/promotion?q=nowhere", "newcomer"),
    Place("promote-note", "/entries/{both}/promotion", "newcomer"),
    Place(
        "promote-form",
        "/entries/{guide}/proposals/new?section=body&taken=note:{both}",
        "newcomer",
        long=True,
    ),
    Place("proposal", "/proposals/{proposal}", "author"),
    Place("proposal-to-decide", "/proposals/{proposal}", "colleague"),
    Place("proposal-declined", "/proposals/{declined}", "newcomer"),
    Place("suggest-term", "/terms/suggest?entry={both}", "author"),
    Place("suggest-term-empty", "/terms/suggest", "newcomer", send_form),
    Place("suggested-terms", "/terms/suggestions/", "author"),
    Place("suggested-terms-none", "/terms/suggestions/", "newcomer"),
    Place("suggested-term", "/terms/suggestions/{suggested}", "author"),
    Place("suggested-term-to-decide", "/terms/suggestions/{suggested}", "colleague", long=True),
    Place("suggested-term-decided", "/terms/suggestions/{same}", "author"),
    Place("terms-to-review", "/terms/review", "colleague", long=True),
    Place(
        "terms-apart", "/terms/strategy/open-space/apart/repeated-meetings", "colleague", send_form
    ),
    Place("curating", "/moderation/pages", "colleague"),
    Place("links-nowhere", "/moderation/links", "colleague"),
    Place("links-here", "/terms/strategy/open-space/links"),
    Place("links-here-none", "/entries/{both}/links"),
    Place("people", "/people/", "newcomer"),
    Place("people-nobody", "/people/?q=zzzznobody&term=open-space", "author"),
    Place("account", "/account/", "author"),
    Place("preferences", "/account/preferences", "author"),
    Place("notices", "/notices/", "author"),
    Place("notices-empty", "/notices/", "admin"),
    Place("watching", "/account/watching", "author"),
    Place("watching-nothing", "/account/watching", "admin"),
    Place("watch", "/entries/{both}/watch", "newcomer"),
    Place("watch-own", "/entries/{both}/watch", "author"),
    Place("watch-nothing-chosen", "/terms/strategy/open-space/watch", "newcomer"),
    Place("mails-off", "/mails/{mails_off}"),
    Place("password", "/account/password", "author"),
    Place("password-wrong", "/account/password", "author", send_form),
    Place("address", "/account/address", "author"),
    Place("devices", "/account/devices", "author"),
    Place("close", "/account/close", "author"),
    Place("admin", "/admin/", "admin"),
    Place("admin-people", "/admin/people", "admin"),
    Place("admin-person", "/admin/people/{newcomer_id}", "admin"),
    Place("admin-invitations", "/admin/invitations", "admin"),
    Place("admin-queues", "/admin/queues", "admin"),
    Place("admin-hidden", "/admin/hidden", "admin"),
    Place("flag", "/entries/{both}/flags/", "colleague"),
    Place("flag-comment-mine", "/comments/{below}/flags/", "newcomer"),
    Place("flag-empty", "/comments/{said}/flags/", "newcomer", send_form),
    Place("moderation", "/moderation/", "moderator"),
    Place("note-held", "/notes/{held}", "beginner"),
    Place("comment-held", "/comments/{waiting}", "beginner"),
    Place("drafts-held", "/drafts/", "beginner"),
    Place("account-moderation", "/account/moderation", "beginner"),
    Place("account-reported", "/account/moderation", "newcomer"),
    Place("profile-vouch", "/people/beginner", "colleague"),
    Place("moderation-held", "/moderation/{held_case}", "moderator"),
    Place("moderation-people", "/moderation/people", "moderator"),
    Place("moderation-lift", "/moderation/people/{beginner_id}", "moderator", send_form),
    Place("moderation-empty", "/moderation/?view=mine", "moderator"),
    Place("moderation-case", "/moderation/{case}", "moderator"),
    Place("moderation-case-wrong", "/moderation/{case}", "moderator", send_decision),
    Place("moderation-claimed", "/moderation/{claimed}", "moderator"),
    Place("moderation-log", "/moderation/log", "moderator"),
    Place("privacy", "/pages/privacy"),
    Place("rules", "/pages/rules"),
    Place("how-to-search", "/pages/search"),
    Place("not-found", "/notes/999999", status=404),
    Place("gone", "/notes/{withdrawn}", status=410),
    Place("forbidden", "/entries/{both}/withdrawal", "newcomer", status=403),
)
