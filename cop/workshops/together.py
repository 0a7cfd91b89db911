"""What `cop.app` registers of workshops that people prepare and run together."""

from cop.workshops import near_views, running_events, running_views, team_views

#: Their pages.
PAGES = (team_views.bp, running_views.bp, running_views.by_link, near_views.bp)
#: Events of which nothing shows on a page of a visitor.
UNSEEN = running_events.PRIVATE
