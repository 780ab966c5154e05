"""People's days: settings, absences and sites, typed and pressed as people do."""

from datetime import date, timedelta

from bot.playground import words
from bot.playground.model import Message, View
from storage.tables import Absence, AuditRecord, Member, Site, ZoneFrom
from tests.flows.world import CHANNEL, DUTCH_OPERATIONS, FACILITATOR, OPERATIONS, World, filled_in, person_id

FRIDAY = date(2026, 6, 19)


async def test_my_days_are_in_my_settings(world: World) -> None:
    await _settings(world, OPERATIONS)
    assert "Did you mean Europe/Warsaw?" in (await world.submits(OPERATIONS, zone="Warsow"))["zone"]
    assert await world.submits(OPERATIONS, zone="warsaw", working_days=[]) == {
        "working_days": "Tick at least one day of the week."
    }
    assert await world.submits(OPERATIONS, zone="lisbon", working_days=["1", "2", "4"], plant="Noord") == {}
    said = words(await world.newest(OPERATIONS))
    assert "Your zone: Lisbon, 15:00 there now. Your working days: Mon, Tue, Thu." in said
    member = _member(world, OPERATIONS)
    assert (member.timezone, member.timezone_from, member.working_days, member.plant) == (
        *("Europe/Lisbon", ZoneFrom.OWN, "124"),
        "Noord",
    )
    form = await _settings(world, OPERATIONS)
    assert filled_in(form)["working_days"] == ["1", "2", "4"]
    assert "Left empty: Amsterdam, the company's, 16:00 now." in words(form)
    assert await world.submits(OPERATIONS, zone="", plant="-") == {}
    member = _member(world, OPERATIONS)
    assert (member.timezone, member.timezone_from, member.plant) == ("Europe/Amsterdam", ZoneFrom.WORKSPACE, None)


async def test_away_in_the_settings_and_back_where_it_is_said(world: World) -> None:
    await _settings(world, OPERATIONS)
    assert await world.submits(OPERATIONS, until="2026-06-09") == {
        "until": "Tue 9 June has passed. Choose Wed 10 June or later."
    }
    assert await world.submits(OPERATIONS, until=str(FRIDAY)) == {}
    card = await world.newest(OPERATIONS)
    assert "*My absence* · until Fri 19 June, that day included" in words(card)
    (absence,) = world.rows(Absence)
    assert (absence.first_day, absence.last_day) == (date(2026, 6, 10), FRIDAY)
    back = await world.presses(OPERATIONS, card, "I'm back")
    assert "You are not away any more." in words(back)
    assert world.rows(Absence) == []


async def test_away_until_opens_a_form_that_is_filled_in(world: World) -> None:
    await _settings(world, OPERATIONS)
    await world.submits(OPERATIONS, until=str(FRIDAY))
    back = await world.presses(OPERATIONS, await world.newest(OPERATIONS), "I'm back")
    form = await world.opens(OPERATIONS, back, "I'm away until…")
    assert filled_in(form) == {"away_from": "2026-06-10", "until": None}
    assert await world.submits(OPERATIONS, away_from="2026-06-15", until=str(FRIDAY)) == {}
    card = await world.person(OPERATIONS).again(back)
    assert "Away from Mon 15 June until Fri 19 June, that day included." in words(card)
    form = await world.opens(OPERATIONS, card, "I'm away until…")
    assert filled_in(form) == {"away_from": "2026-06-15", "until": "2026-06-19"}


async def test_the_home_tells_my_days_and_my_absence(world: World) -> None:
    home = await world.person(OPERATIONS).open_home()
    assert home is not None
    assert "Operations · Midden · Amsterdam · English · Mon-Fri" in words(home)
    await world.opens(OPERATIONS, home, "I'm away until…")
    assert await world.submits(OPERATIONS, until=str(FRIDAY)) == {}
    home = await world.person(OPERATIONS).home()
    assert home is not None
    assert "*My absence* · until Fri 19 June, that day included" in words(home)
    assert "You are not away any more." in words(await world.opens(OPERATIONS, home, "I'm back"))
    home = await world.person(OPERATIONS).open_home()
    assert home is not None
    assert "My absence" not in words(home)


async def test_an_absence_ends_by_itself(world: World) -> None:
    await _settings(world, OPERATIONS)
    await world.submits(OPERATIONS, until="2026-06-11")
    assert "away until 11 June" in words(await world.says(FACILITATOR, "/sop", "members midden"))
    await world.forward(timedelta(days=2))
    assert "away" not in words(await world.says(FACILITATOR, "/sop", "members midden"))


async def test_a_facilitator_notes_it_for_somebody_who_cannot(world: World) -> None:
    listed = await world.says(FACILITATOR, "/sop", "members midden")
    await world.opens(FACILITATOR, listed, "Change")
    assert await world.submits(FACILITATOR, away_from="2026-06-08", until=str(FRIDAY), working_days=list("1234")) == {}
    (absence,) = world.rows(Absence)
    assert (absence.first_day, absence.last_day) == (date(2026, 6, 8), FRIDAY)
    assert _member(world, OPERATIONS).working_days == "1234"
    assert {row.action for row in world.rows(AuditRecord)} == {"member.away", "member.change"}
    assert not any("2026-06" in f"{row.before}{row.after}" for row in world.rows(AuditRecord))


async def test_a_site_has_its_own_zone_country_and_days(world: World) -> None:
    assert _member(world, OPERATIONS).timezone_from is ZoneFrom.WORKSPACE
    sites = await _sites(world)
    assert "*Midden* · as the company" in words(sites)
    form = await world.opens(FACILITATOR, sites, "Add a site")
    assert "Left empty: Amsterdam, the company's, 16:00 now." in words(form)
    assert await world.submits(FACILITATOR, name="midden", zone="warsaw", country="Polnad") == {
        "country": "I do not know the country “Polnad”. Did you mean Poland?"
    }
    assert await world.submits(FACILITATOR, name="midden", zone="warsaw", country="Poland") == {}
    card = await world.person(FACILITATOR).again(sites)
    assert "Time zone: Warsaw, 16:00 there now · Country: Poland" in words(card)
    assert (_member(world, OPERATIONS).timezone, _member(world, OPERATIONS).timezone_from) == (
        "Europe/Warsaw",
        ZoneFrom.SITE,
    )
    worked = await world.presses(FACILITATOR, card, "We work")
    assert "worked there" in words(worked)
    await world.opens(FACILITATOR, worked, "Add days off")
    assert await world.submits(FACILITATOR, name="Line cleaning", first="2026-07-16", last="2026-07-17") == {}
    card = await world.person(FACILITATOR).again(sites)
    assert "Fri 17 July 2026 · Line cleaning · of this site" in words(card)
    undone = await world.presses(FACILITATOR, card, "Undo")
    assert "*Midden* · Warsaw · Poland" in words(undone)
    assert [site.key for site in world.rows(Site)] == ["Midden"]


async def test_in_dutch(world: World) -> None:
    await _settings(world, DUTCH_OPERATIONS)
    assert "Vragen komen alleen op deze dagen, tussen 08:00 en 18:00." in words(await world.screen(DUTCH_OPERATIONS))
    assert await world.submits(DUTCH_OPERATIONS, until=str(FRIDAY), working_days=list("1235")) == {}
    card = await world.newest(DUTCH_OPERATIONS)
    assert "Je werkdagen: ma-wo, vr." in words(card)
    assert "*Mijn afwezigheid* · tot en met vr 19 juni" in words(card)
    assert "Je bent niet meer weg." in words(await world.presses(DUTCH_OPERATIONS, card, "Ik ben er weer"))


async def _sites(world: World) -> Message:
    days = await world.presses(FACILITATOR, await world.says(FACILITATOR, "/sop", "meetings"), "Days off")
    return await world.presses(FACILITATOR, days, "Sites")


def _member(world: World, key: str) -> Member:
    return next(member for member in world.rows(Member) if member.external_id == person_id(key))


async def _settings(world: World, key: str) -> View:
    await world.person(key).command("/sop", "settings", CHANNEL)
    await world.settle()
    return await world.screen(key)
