"""Sources of organisations in the directory: they stand here, because people know no sources."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select

from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import _l
from cop.people.viewer import Viewer
from cop.terms.models import OrganisationSource, Source
from cop.terms.operations import require_keeper
from cop.terms.queries import CitedSource, cited_once


def cite_organisations(*, by: Viewer, cited: Mapping[int, Sequence[tuple[str, str]]]) -> None:
    """Make the sources of each organisation (by id) these: (key of the source, place in it)."""
    require_keeper(by)
    keys = {key for sources in cited.values() for key, _at in sources}
    rows = db.session.execute(select(Source.key, Source.id).where(Source.key.in_(keys)))
    ids = {row.key: row.id for row in rows}
    owners = OrganisationSource.organisation_id.in_(list(cited))
    db.session.execute(delete(OrganisationSource).where(owners))
    for organisation_id, sources in cited.items():
        for position, (key, at) in enumerate(sources):
            if key not in ids:
                raise NotFound(_l("There is no source “%(key)s”.", key=key))
            db.session.add(
                OrganisationSource(
                    organisation_id=organisation_id, source_id=ids[key], at=at, position=position
                )
            )
    db.session.flush()


def sources_of_organisation(organisation_id: int) -> list[CitedSource]:
    """Return where the directory's entry of an organisation comes from."""
    statement = (
        select(Source.key, Source.short, Source.citation, Source.about, OrganisationSource.at)
        .join(Source, Source.id == OrganisationSource.source_id)
        .where(OrganisationSource.organisation_id == organisation_id)
        .order_by(OrganisationSource.position)
    )
    return cited_once(db.session.execute(statement))
