"""Sites: plants and offices whose zone, country or days off are not the company's."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlmodel import Session

from bot.domain.chat import Form, Message, Submission
from bot.domain.countries import find_country, nearest_country
from bot.domain.errors import Refused
from bot.domain.public_holidays import public_holidays, weekend_of
from bot.services.access import Actor, Sender, access_actor, access_facilitator, company_day
from bot.services.checkins.people import replan_members
from bot.services.context import Context
from bot.services.meetings.days_off import typed_days
from bot.services.meetings.records import note_change, read, write
from bot.services.messages import days_off
from bot.services.messages import sites as messages
from bot.services.requests import claim_request
from bot.services.zones import follow_zones, typed_zone
from storage.audit import find_record
from storage.meetings import list_holidays
from storage.sites import count_by_plant, find_site, list_at_plant, list_holidays_of, sites_by_key
from storage.tables import Site, SiteHoliday, Workspace

YEAR: Final = timedelta(days=365)

State = Mapping[str, Any]


def known_sites(session: Session, workspace: Workspace, today: date) -> Sequence[str]:
    """What members may call where they work: every site, and every plant that somebody stands at."""
    return sorted({*sites_by_key(session, workspace.id), *count_by_plant(session, workspace.id, today)}, key=str.lower)


def site_called(session: Session, workspace: Workspace, today: date, typed: str) -> str | None:
    """The site that was typed, in the spelling it has here already; None where nothing was."""
    wanted = " ".join(typed.split())
    same = (name for name in known_sites(session, workspace, today) if name.casefold() == wanted.casefold())
    return next(same, wanted) or None


def list_sites(session: Session, context: Context, sender: Sender, _value: str = "") -> Message:
    """Every site and what is its own there, for everybody."""
    return _list(session, context, access_actor(session, context, sender))


def open_site(session: Session, context: Context, sender: Sender, key: str) -> Message:
    """One site with its days off of a year from today on. A plant without anything of its own has a card too."""
    actor = access_actor(session, context, sender)
    if key not in known_sites(session, actor.workspace, company_day(actor.workspace, context)):
        raise Refused("old_button")
    return _card(session, context, actor, find_site(session, actor.workspace.id, key) or _plain(actor, key))


def site_form(session: Session, context: Context, sender: Sender, key: str = "") -> Form:
    """For that site, or for a new one."""
    actor = access_facilitator(session, context, sender)
    site = find_site(session, actor.workspace.id, key) or _plain(actor, key)
    return messages.form(actor, site, context.now)


def save_site(session: Session, context: Context, sender: Sender, request_id: str, submission: Submission) -> Message:
    """Zone and country of a site; left empty they are the company's. Members there who have no zone of their own move.

    Raises `Refused` beside the field that is wrong.
    """
    claim_request(session, context, request_id)
    actor = access_facilitator(session, context, sender)
    today = company_day(actor.workspace, context)
    key = submission.payload.get("site") or site_called(session, actor.workspace, today, submission.text("name"))
    if not key:
        raise Refused("name_empty", field="name")
    zone, country = typed_zone(submission.text("zone")), _country(actor, submission.text("country"))
    site, before = _standing(session, actor, key)
    site.timezone, site.country = zone, country
    session.add(site)
    note_id = _changed(session, context, actor, key, "add" if before is None else "change", before)
    return _card(session, context, actor, site, "site_saved", note_id)


def remove_site(session: Session, context: Context, sender: Sender, key: str) -> Message:
    """Nothing is its own there any more; its members stay, and live by the company's."""
    actor = access_facilitator(session, context, sender)
    site = find_site(session, actor.workspace.id, key)
    if site is None:
        raise Refused("old_button")
    before = _state(session, site)
    _clear(session, site)
    note_id = _changed(session, context, actor, key, "remove", before)
    return _list(session, context, actor, key, note_id)


def site_days_form(session: Session, context: Context, sender: Sender, key: str) -> Form:
    actor = access_facilitator(session, context, sender)
    return days_off.form(actor.speaker, company_day(actor.workspace, context), key)


def save_site_days(
    session: Session, context: Context, sender: Sender, request_id: str, submission: Submission
) -> Message:
    """Days off of that site beside the company's. Raises `Refused` beside the field that is wrong."""
    claim_request(session, context, request_id)
    actor = access_facilitator(session, context, sender)
    name, days = typed_days(context, actor, submission)
    return _set_days(session, context, actor, submission.payload["site"], dict.fromkeys(days, name))


def toggle_site_day(session: Session, context: Context, sender: Sender, value: str) -> Message:
    """A day off of everybody is worked there, or not any more; one of the site's own goes. `value` is "day key"."""
    actor = access_facilitator(session, context, sender)
    said, _, key = value.partition(" ")
    day = date.fromisoformat(said)
    site, before = _standing(session, actor, key)
    of_others = {row.day: row.name for row in _days(session, actor, site, day, day) if row.source != "site"}
    own = {one.day: one for one in list_holidays_of(session, site)}
    if day in own:
        session.delete(own[day])
    elif day in of_others:
        session.add(site)
        session.flush()
        session.add(_holiday(site, day, of_others[day], is_working=True))
    else:
        raise Refused("old_button")
    note_id = _changed(session, context, actor, key, "days", before)
    return _card(session, context, actor, site, "site_days_saved", note_id)


def undo_site(session: Session, context: Context, sender: Sender, note_id: str) -> Message:
    """Put the site back as it was before that change. Raises `Refused` when it was changed since."""
    actor = access_facilitator(session, context, sender)
    noted = find_record(session, actor.workspace.id, note_id)
    if noted is None or not noted.action.startswith("site."):
        raise Refused("changed_since")
    key = noted.subject.partition(":")[2]
    site, now = _standing(session, actor, key)
    if write(now) != noted.after:
        raise Refused("changed_since")
    if now is not None:
        _clear(session, site)
    if (before := read(noted.before)) is not None:
        _put_back(session, actor, key, before)
    _changed(session, context, actor, key, "undo", now)
    return _list(session, context, actor)


def _set_days(session: Session, context: Context, actor: Actor, key: str, days: Mapping[date, str]) -> Message:
    site, before = _standing(session, actor, key)
    session.add(site)
    session.flush()
    for day, name in days.items():
        session.merge(_holiday(site, day, name))
    note_id = _changed(session, context, actor, key, "days", before)
    return _card(session, context, actor, site, "site_days_saved", note_id)


def _changed(session: Session, context: Context, actor: Actor, key: str, verb: str, before: State | None) -> str:
    """Members there follow, the change is noted down; the id of the note is the value of [Undo]."""
    session.flush()
    follow_zones(session, context, actor.workspace)
    there = {member.id for member in list_at_plant(session, actor.workspace.id, key)}
    replan_members(session, context, actor.workspace, there)
    _, after = _standing(session, actor, key)
    return note_change(session, context, actor, verb, f"site:{key}", before, after)


def _standing(session: Session, actor: Actor, key: str) -> tuple[Site, State | None]:
    """The site, new where there is none yet, and its state (None then)."""
    site = find_site(session, actor.workspace.id, key)
    return (site, _state(session, site)) if site else (_plain(actor, key), None)


def _plain(actor: Actor, key: str) -> Site:
    return Site(workspace_id=actor.workspace.id, key=key)


def _clear(session: Session, site: Site) -> None:
    for one in list_holidays_of(session, site):
        session.delete(one)
    session.flush()
    session.delete(site)
    session.flush()


def _put_back(session: Session, actor: Actor, key: str, state: dict[str, Any]) -> None:
    site = Site(workspace_id=actor.workspace.id, key=key, timezone=state.pop("timezone"), country=state.pop("country"))
    session.add(site)
    session.flush()
    session.add_all(_holiday(site, date.fromisoformat(day), **rest) for day, rest in state.items())


def _holiday(site: Site, day: date, name: str, *, is_working: bool = False) -> SiteHoliday:
    return SiteHoliday(workspace_id=site.workspace_id, site=site.key, day=day, name=name, is_working=is_working)


def _state(session: Session, site: Site) -> State:
    days = {
        one.day.isoformat(): {"name": one.name, "is_working": one.is_working} for one in list_holidays_of(session, site)
    }
    return {"timezone": site.timezone, "country": site.country, **days}


def _country(actor: Actor, typed: str) -> str | None:
    country = find_country(typed) if typed else None
    if country is None and typed:
        meant = nearest_country(typed, actor.member.language)
        raise Refused("country_unknown", field="country", words=typed, meant=meant)
    return country


def _list(
    session: Session, context: Context, actor: Actor, removed: str | None = None, note_id: str | None = None
) -> Message:
    today = company_day(actor.workspace, context)
    own, people = sites_by_key(session, actor.workspace.id), count_by_plant(session, actor.workspace.id, today)
    rows = [
        messages.SiteRow(own.get(key) or _plain(actor, key), people.get(key, 0))
        for key in known_sites(session, actor.workspace, today)
    ]
    return messages.sites(actor, rows, removed, note_id)


def _card(
    session: Session, context: Context, actor: Actor, site: Site, said: str = "", note_id: str | None = None
) -> Message:
    today = company_day(actor.workspace, context)
    people = count_by_plant(session, actor.workspace.id, today).get(site.key, 0)
    is_own = find_site(session, actor.workspace.id, site.key) is not None
    facts = messages.SiteFacts(
        site, people, _days(session, actor, site, today, today + YEAR), context.now, is_own=is_own
    )
    return messages.site_card(actor, facts, said, note_id)


def _days(session: Session, actor: Actor, site: Site, first: date, last: date) -> Sequence[messages.SiteDay]:
    """The days off there, by day: the site's, the company's and the country's; one that is worked there says so."""
    workspace = actor.workspace
    country = site.country or workspace.country
    days: dict[date, messages.SiteDay] = {}
    for year in range(first.year, last.year + 1):
        for day, name in public_holidays(country, year, actor.speaker.language).items():
            days[day] = messages.SiteDay(day, name, "public")
    for held in list_holidays(session, workspace.id, first, last):
        if not held.is_working:
            days[held.day] = messages.SiteDay(held.day, held.name, "company")
        elif country == workspace.country:
            days.pop(held.day, None)
    for one in list_holidays_of(session, site):
        others = days.get(one.day)
        source = others.source if one.is_working and others else "site"
        days[one.day] = messages.SiteDay(one.day, one.name, source, is_worked=one.is_working)
    weekend = weekend_of(country)
    return [
        row
        for day, row in sorted(days.items())
        if first <= day <= last and (row.source != "public" or day.weekday() not in weekend)
    ]
