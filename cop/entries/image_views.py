"""Images and files, to who may see them; and those sent while somebody writes."""

from collections.abc import Callable, Sequence
from typing import Any

import structlog
from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from cop.core.db import db
from cop.core.errors import Invalid, NotFound, TooMany
from cop.core.i18n import _, current_lang
from cop.core.text import clean
from cop.core.types import Lang
from cop.entries import attaching, enclosing, enclosures, image_removing, pictures, queries
from cop.entries.cards import headings
from cop.entries.copying import also_shown_by
from cop.entries.enclosure_form import Enclosing
from cop.entries.forms import ReasonForm
from cop.entries.image_forms import Pictured
from cop.entries.image_models import Attachment
from cop.entries.pages import reading
from cop.entries.views import url_of
from cop.people.sessions import current_viewer, login_required
from cop.people.viewer import Viewer
from cop.storage import documents
from cop.storage.files import files
from cop.storage.images import FILE_LIMIT
from cop.storage.store import FileGone
from cop.web.csrf import form_says_expired
from cop.web.limits import limit
from cop.web.uploads import takes_files

bp = Blueprint("images", __name__)
log = structlog.get_logger(__name__)

#: Files one person sends, good or not: each costs seconds of the processor.
RATE = "120/hour"
#: For how long nobody need ask again, in seconds: what is hidden vanishes from caches within it.
FRESH = 600
#: An image is no page: even if something in it were read as one, it could do nothing.
_POLICY = "default-src 'none'; sandbox"


@bp.get("/files/<int:attachment_id>/<name>")
def file(attachment_id: int, name: str) -> ResponseReturnValue:
    """One size of an image, or a file, to who may read what it belongs to at this moment."""
    found, size, public = pictures.file_of(current_viewer(), attachment_id, name)
    try:
        opened = files().open(size.sha256)
    except FileGone as error:
        log.warning("files.lost", attachment=found.id, sha256=size.sha256)
        raise NotFound from error
    image = attaching.is_image(found)
    response = send_file(
        opened,
        mimetype=found.media_type,
        # A file is never shown as a page of this site, whatever it holds.
        as_attachment=not image,
        download_name=f"image-{found.id}.webp" if image else found.name,
        etag=size.sha256,
        conditional=False,
    )
    response.content_length = size.bytes
    # Sound is listened to from any place in it.
    response.make_conditional(request, accept_ranges=True, complete_length=size.bytes)
    response.headers["Content-Security-Policy"] = _POLICY
    who = "public" if public else "private"
    # A file may be taken along, so each time is asked who may; an image is shown at every look at a page.
    kept = f"{who}, max-age={FRESH}" if image else "private, no-cache"
    response.headers["Cache-Control"] = kept
    return response


@bp.post("/uploads/")
@takes_files
@login_required
def upload() -> ResponseReturnValue:
    """Keep one image or file that was chosen or dropped; answer with its part of the form, or why it is not taken."""
    form = Enclosing()
    lang = Lang.of_tag(request.form.get("lang", "")) or current_lang()
    take_files(form)
    refused = [*form.refused_files, *form.refused_enclosures]
    if refused or not (form.image_ids or form.enclosure_ids):
        said = refused or [_("Choose a file first.")]
        return jsonify(message=str(said[0])), 422
    viewer = current_viewer()
    return render_template(
        "entries/uploaded.html",
        images=form.shown_images(viewer),
        enclosures=form.shown_enclosures(viewer),
        licences=form.licences,
        lang=lang,
    ), 201


@bp.route("/images/<int:attachment_id>/removal", methods=["GET", "POST"])
@login_required
@form_says_expired
def remove(attachment_id: int) -> ResponseReturnValue:
    """Remove one image or file, for a reason (moderators)."""
    viewer = current_viewer()
    form = ReasonForm()
    if form.validate_on_submit():
        with form.showing_errors():
            entry = image_removing.remove_image(
                by=viewer, attachment_id=attachment_id, reason=form.reason.data or ""
            )
            db.session.commit()
            flash(_("It is removed. Its author reads your reason."))
            return redirect(url_of(queries.get(viewer, entry.id)), 303)
    image, entry = pictures.to_remove(viewer, attachment_id)
    text = queries.text_for(entry, current_lang())
    body = render_template(
        "entries/image_remove.html",
        page=reading(viewer, entry, text, queries.current(text)),
        **_looked_at(pictures.with_sizes(image)),
        also=headings(also_shown_by(viewer, image)),
        form=form,
        href=url_of(entry, text),
    )
    return body, 422 if request.method == "POST" else 200


def _looked_at(found: Attachment) -> dict[str, Any]:
    """Return what the page shows of what is to be removed."""
    if attaching.is_image(found):
        return {"picture": pictures.picture(found), "file": None}
    return {"picture": None, "file": enclosures.of_attachment(found)}


def take_files(form: Pictured) -> None:
    """Keep what was chosen in a form as its images and files, before anything else is looked at, so that none is lost.

    What cannot be taken is said beside the field. Preparing it takes a while: no transaction is open
    meanwhile, so that nobody waits for it.
    """
    _take(form.chosen_files(), form.add_image, form.refused_files, _kept_image)
    if isinstance(form, Enclosing):
        clean = bool(form.enclosure_clean.data)
        chosen = form.chosen_enclosures()
        _take(
            chosen,
            form.add_enclosure,
            form.refused_enclosures,
            lambda one: _kept_file(one, clean=clean),
        )


def _take(
    chosen: Sequence[FileStorage],
    add: Callable[[int], None],
    refused: list[Any],
    keep: Callable[[FileStorage], int],
) -> None:
    if chosen and g.get("csrf_failed"):
        refused.append(_("Please choose your files again: they were not kept."))
        return
    for sent in chosen:
        try:
            add(keep(sent))
        except Invalid as error:
            db.session.rollback()
            refused.append(error.message)
        except TooMany as error:
            refused.append(error.message)
            break


def _kept_image(sent: FileStorage) -> int:
    viewer = current_viewer()
    name = _name_of(sent)
    attaching.require_room(viewer)
    _let_others_write(viewer)
    sizes = attaching.prepared(sent.stream.read(FILE_LIMIT + 1), name)
    made = attaching.keep(by=viewer, name=name, sizes=sizes)
    db.session.commit()
    return made.id


def _kept_file(sent: FileStorage, *, clean: bool) -> int:
    viewer = current_viewer()
    name = _name_of(sent)
    enclosing.require_room(viewer)
    _let_others_write(viewer)
    data = sent.stream.read(documents.FILE_LIMIT + 1)
    made = enclosing.keep(by=viewer, name=name, file=enclosing.prepared(data, name, clean=clean))
    db.session.commit()
    return made.id


def _name_of(sent: FileStorage) -> str:
    return clean(sent.filename or "", multiline=False)[-200:]


def _let_others_write(viewer: Viewer) -> None:
    db.session.rollback()
    limit("image", RATE, key=str(viewer.id))
