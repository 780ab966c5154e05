"""Sites as a list, one of them with its days off, and their forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain.chat import Button, Buttons, Form, Message, Part, Text, TextField
from bot.domain.countries import country_name
from bot.services.access import Actor
from bot.templates import Speaker
from storage.tables import Site


@dataclass(frozen=True, slots=True)
class SiteRow:
    site: Site
    people: int


@dataclass(frozen=True, slots=True)
class SiteDay:
    """A day off at a site: its own, the company's or the country's; `is_worked` = not there."""

    day: date
    name: str
    source: Literal["site", "company", "public"]
    is_worked: bool = False


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """`is_own` = something is noted of it, so it can be removed."""

    site: Site
    people: int
    days: Sequence[SiteDay]
    now: datetime
    is_own: bool


def sites(actor: Actor, rows: Sequence[SiteRow], removed: str | None, note_id: str | None) -> Message:
    """`removed` is the site that has nothing of its own any more."""
    speak, workspace = actor.speaker, actor.workspace
    news = (Text(speak.text("site", "removed", name=removed)),) if removed else ()
    place = {"zone": workspace.timezone, "country": _country(speak, workspace.country)}
    opening = Text(speak.text("site", "opening" if rows else "none", **place))
    lines = [Text(_line(speak, row), speak.button("open", "site.open", row.site.key)) for row in rows]
    add = (speak.button("add_site", "site.new", "", "primary"),) if actor.leads else ()
    buttons = (*add, speak.button("days_off", "holiday.list"), *_undo(speak, note_id))
    return Message(speak.plain("site", "summary"), (*news, opening, *lines, Buttons(buttons)))


def site_card(actor: Actor, facts: SiteFacts, said: str, note_id: str | None) -> Message:
    """One site; `said` ("site_saved", "site_days_saved") stands on top."""
    speak, site = actor.speaker, facts.site
    zone, country = site.timezone or actor.workspace.timezone, site.country or actor.workspace.country
    place = {"zone": zone, "clock": _clock(facts.now, zone), "country": _country(speak, country)}
    own = {"own_zone": bool(site.timezone), "own_country": bool(site.country)}
    opening = speak.text("site", "card", name=site.key, n=facts.people, **place, **own)
    news: tuple[Part, ...] = (Text(speak.text("site", said)),) if said else ()
    lines = [Text(speak.text("site", "day", row=row), _toggle(actor, site, row)) for row in facts.days]
    days = Text(speak.text("site", "days" if lines else "days_none"))
    buttons = (*(_changes(speak, facts) if actor.leads else ()), speak.button("all_sites", "site.list"))
    return Message(
        speak.plain("site", "card_summary", name=site.key),
        (*news, Text(opening), days, *lines, Buttons((*buttons, *_undo(speak, note_id)))),
    )


def form(actor: Actor, site: Site, now: datetime) -> Form:
    """For a new site (without a key) or one that is known."""
    speak, workspace = actor.speaker, actor.workspace
    zone = TextField(
        "zone",
        speak.plain("site", "zone_label"),
        hint=speak.plain("site", "zone_hint", zone=workspace.timezone, clock=_clock(now, workspace.timezone)),
        initial=site.timezone or "",
        max_length=60,
    )
    country = TextField(
        "country",
        speak.plain("site", "country_label"),
        hint=speak.plain("site", "country_hint", country=_country(speak, workspace.country)),
        initial=_typed_country(speak, site.country),
        max_length=60,
    )
    name = TextField(
        "name", speak.plain("site", "name_label"), hint=speak.plain("site", "name_hint"), required=True, max_length=40
    )
    return Form(
        action="site.save",
        title=speak.plain("site", "form_title" if site.key else "new_title"),
        submit=speak.plain("button", "save"),
        close=speak.plain("button", "cancel"),
        fields=(zone, country) if site.key else (name, zone, country),
        notice=speak.text("site", "form_notice", name=site.key) if site.key else "",
        payload={"site": site.key},
    )


def _line(speak: Speaker, row: SiteRow) -> str:
    country = _country(speak, row.site.country) if row.site.country else None
    return speak.text("site", "line", name=row.site.key, zone=row.site.timezone, country=country, n=row.people)


def _toggle(actor: Actor, site: Site, row: SiteDay) -> Button | None:
    label = "day_off_again" if row.is_worked else "remove" if row.source == "site" else "we_work"
    return actor.speaker.button(label, "site.toggle", f"{row.day} {site.key}") if actor.leads else None


def _changes(speak: Speaker, facts: SiteFacts) -> tuple[Button, ...]:
    key = facts.site.key
    change = (speak.button("change", "site.change", key), speak.button("add_days_off", "site.days", key))
    return (*change, *((speak.button("remove", "site.remove", key),) if facts.is_own else ()))


def _undo(speak: Speaker, note_id: str | None) -> tuple[Button, ...]:
    return (speak.button("undo", "site.undo", note_id),) if note_id else ()


def _country(speak: Speaker, code: str) -> str:
    return country_name(code, speak.language, in_a_sentence=True)


def _typed_country(speak: Speaker, code: str | None) -> str:
    """As the form reads it back: a region by its code."""
    return "" if code is None else code if "-" in code else country_name(code, speak.language)


def _clock(now: datetime, zone: str) -> str:
    return f"{now.astimezone(ZoneInfo(zone)):%H:%M}"
