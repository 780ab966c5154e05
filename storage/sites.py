"""Queries of sites: their zone, country and days off."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, func, or_, select

from storage.tables import Member, Site, SiteHoliday, ZoneFrom


def find_site(session: Session, workspace_id: str, key: str) -> Site | None:
    return session.get(Site, (workspace_id, key))


def sites_by_key(session: Session, workspace_id: str) -> Mapping[str, Site]:
    """Those with something of their own."""
    found = select(Site).where(Site.workspace_id == workspace_id).order_by(col(Site.key))
    return {site.key: site for site in session.exec(found).all()}


def count_by_plant(session: Session, workspace_id: str, day: date) -> Mapping[str, int]:
    """How many members of that day stand at each plant, also at those that are no site of their own."""
    is_active = (col(Member.active_from) <= day) & or_(col(Member.active_to).is_(None), col(Member.active_to) >= day)
    counts = select(Member.plant, func.count()).where(Member.workspace_id == workspace_id, is_active)
    return Counter({plant: n for plant, n in session.exec(counts.group_by(col(Member.plant))).all() if plant})


def list_holidays_of(session: Session, site: Site) -> Sequence[SiteHoliday]:
    """All it ever had, by day."""
    own = select(SiteHoliday).where(SiteHoliday.workspace_id == site.workspace_id, SiteHoliday.site == site.key)
    return session.exec(own.order_by(col(SiteHoliday.day))).all()


def list_site_holidays(session: Session, workspace_id: str, first: date, last: date) -> Sequence[SiteHoliday]:
    """Of all sites, from first to last, both included."""
    own = select(SiteHoliday).where(SiteHoliday.workspace_id == workspace_id)
    return session.exec(own.where(col(SiteHoliday.day) >= first, col(SiteHoliday.day) <= last)).all()


def list_followers(session: Session, workspace_id: str) -> Sequence[Member]:
    """Members without a zone of their own."""
    following = select(Member).where(Member.workspace_id == workspace_id, Member.timezone_from != ZoneFrom.OWN)
    return session.exec(following.order_by(col(Member.id))).all()


def list_at_plant(session: Session, workspace_id: str, plant: str) -> Sequence[Member]:
    theirs = select(Member).where(Member.workspace_id == workspace_id, Member.plant == plant)
    return session.exec(theirs.order_by(col(Member.id))).all()
