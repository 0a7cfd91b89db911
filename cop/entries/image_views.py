"""Files of images, to who may see them; and images sent while somebody writes."""

import structlog
from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from cop.core.db import db
from cop.core.errors import Invalid, NotFound, TooMany
from cop.core.i18n import _, current_lang
from cop.core.text import clean
from cop.core.types import Lang
from cop.entries import attaching, image_removing, pictures, queries
from cop.entries.forms import ReasonForm
from cop.entries.image_forms import Pictured
from cop.entries.pages import reading
from cop.entries.views import url_of
from cop.people.sessions import current_viewer, login_required
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
    """One size of an image, to who may read what it belongs to at this moment."""
    image, size, public = pictures.file_of(current_viewer(), attachment_id, name)
    try:
        opened = files().open(size.sha256)
    except FileGone as error:
        log.warning("files.lost", attachment=image.id, sha256=size.sha256)
        raise NotFound from error
    response = send_file(
        opened,
        mimetype=image.media_type,
        download_name=f"image-{image.id}.webp",
        etag=size.sha256,
        conditional=True,
    )
    response.headers["Content-Security-Policy"] = _POLICY
    who = "public" if public else "private"
    response.headers["Cache-Control"] = f"{who}, max-age={FRESH}"
    return response


@bp.post("/uploads/")
@takes_files
@login_required
def upload() -> ResponseReturnValue:
    """Keep one file that was chosen, pasted or dropped; answer with its part of the form, or why it is not taken."""
    form = Pictured()
    lang = Lang.of_tag(request.form.get("lang", "")) or current_lang()
    take_files(form)
    if form.refused_files or not form.image_ids:
        said = form.refused_files or [_("Choose a file first.")]
        return jsonify(message=str(said[0])), 422
    shown = form.shown_images(current_viewer())
    return render_template("entries/uploaded.html", images=shown, lang=lang), 201


@bp.route("/images/<int:attachment_id>/removal", methods=["GET", "POST"])
@login_required
@form_says_expired
def remove(attachment_id: int) -> ResponseReturnValue:
    """Remove one image, for a reason (moderators)."""
    viewer = current_viewer()
    form = ReasonForm()
    if form.validate_on_submit():
        with form.showing_errors():
            entry = image_removing.remove_image(
                by=viewer, attachment_id=attachment_id, reason=form.reason.data or ""
            )
            db.session.commit()
            flash(_("The image is removed. Its author reads your reason."))
            return redirect(url_of(queries.get(viewer, entry.id)), 303)
    image, entry = pictures.to_remove(viewer, attachment_id)
    text = queries.text_for(entry, current_lang())
    body = render_template(
        "entries/image_remove.html",
        page=reading(viewer, entry, text, queries.current(text)),
        picture=pictures.picture(pictures.with_sizes(image)),
        form=form,
        href=url_of(entry, text),
    )
    return body, 422 if request.method == "POST" else 200


def take_files(form: Pictured) -> None:
    """Keep the files chosen in a form as images of it, before anything else is looked at, so that none is lost.

    What cannot be taken is said beside the field. Preparing a picture takes a while: no transaction is open
    meanwhile, so that nobody waits for it.
    """
    chosen = form.chosen_files()
    if chosen and g.get("csrf_failed"):
        form.refused_files.append(_("Please choose your images again: they were not kept."))
        return
    for sent in chosen:
        try:
            form.add_image(_kept(sent))
        except Invalid as error:
            db.session.rollback()
            form.refused_files.append(error.message)
        except TooMany as error:
            form.refused_files.append(error.message)
            break


def _kept(sent: FileStorage) -> int:
    viewer = current_viewer()
    name = clean(sent.filename or "", multiline=False)[-200:]
    attaching.require_room(viewer)
    db.session.rollback()
    limit("image", RATE, key=str(viewer.id))
    sizes = attaching.prepared(sent.stream.read(FILE_LIMIT + 1), name)
    made = attaching.keep(by=viewer, name=name, sizes=sizes)
    db.session.commit()
    return made.id
