"""The fields of somebody's days: where they work, by which zone, on which days of the week, and when they are away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.chat import ChoiceField, Field, MultiChoiceField, Option, TextField
from bot.services.messages import absences
from bot.templates import Speaker
from bot.templates.formats import weekdays
from storage.tables import Absence, Member, ZoneFrom

WEEK = "1234567"
NOWHERE = "-"
"""The value of "no site": a list once chosen from cannot be emptied."""

MOST_SITES = 99


@dataclass(frozen=True, slots=True)
class DaysFacts:
    """`inherited` is the zone of somebody without one of their own, and whose it is; `working_days` as in `Member`,
    never None.
    """

    member: Member
    sites: Sequence[str]
    inherited: tuple[str, ZoneFrom]
    working_days: str
    absence: Absence | None
    now: datetime


def fields(speak: Speaker, facts: DaysFacts, *, types_site: bool) -> tuple[Field, ...]:
    """`types_site` = any site may be typed, else one that is known is chosen."""
    site = (_typed_site(speak, facts),) if types_site else _known_sites(speak, facts)
    return (*site, _zone(speak, facts), _working_days(speak, facts), *absences.fields(speak, facts.absence))


def payload(facts: DaysFacts, fields_: Sequence[Field]) -> dict[str, str]:
    """What a form with these fields carries: which it asks, for what is left empty does not come back."""
    return {
        "days": " ".join(field.name for field in fields_),
        "absence": facts.absence.id if facts.absence else "",
    }


def clock(now: datetime, zone: str) -> str:
    """14:05: the time there."""
    return f"{now.astimezone(ZoneInfo(zone)):%H:%M}"


def _typed_site(speak: Speaker, facts: DaysFacts) -> TextField:
    return TextField("plant", _said(speak, "site_label"), initial=facts.member.plant or "", max_length=40)


def _known_sites(speak: Speaker, facts: DaysFacts) -> tuple[Field, ...]:
    """Their own among them, however many there are: saved unchanged they stay where they are."""
    plant = facts.member.plant
    others = [site for site in facts.sites if site != plant][: MOST_SITES - bool(plant)]
    if not (plant or others):
        return ()
    nowhere, sites = Option(NOWHERE, _said(speak, "no_site")), sorted({*others, *filter(None, (plant,))}, key=str.lower)
    options = (nowhere, *(Option(site, site) for site in sites))
    return (ChoiceField("plant", _said(speak, "site_label"), options, initial=plant or NOWHERE),)


def _zone(speak: Speaker, facts: DaysFacts) -> TextField:
    zone, whose = facts.inherited
    hint = speak.plain("day", "zone_hint", zone=zone, whose=whose, clock=clock(facts.now, zone))
    is_own = facts.member.timezone_from is ZoneFrom.OWN
    return TextField(
        "zone", _said(speak, "zone_label"), hint=hint, initial=facts.member.timezone if is_own else "", max_length=60
    )


def _working_days(speak: Speaker, facts: DaysFacts) -> MultiChoiceField:
    options = tuple(Option(day, weekdays(day, speak.language)) for day in WEEK)
    return MultiChoiceField(
        "working_days",
        _said(speak, "working_days_label"),
        options,
        hint=_said(speak, "working_days_hint"),
        initial=tuple(facts.working_days),
        shown_open=True,
    )


def _said(speak: Speaker, block: str) -> str:
    return speak.plain("day", block)
