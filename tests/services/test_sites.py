"""Sites: a zone, a country and days off that are not the company's, and whose zone a member lives by."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from bot.domain.errors import Refused
from bot.services import meetings
from bot.services.member_import import import_members
from bot.services.member_list import member_form, save_member
from bot.services.setup.place import place_form, save_place
from bot.services.sites import (
    list_sites,
    open_site,
    remove_site,
    save_site,
    save_site_days,
    site_days_form,
    site_form,
    toggle_site_day,
    undo_site,
)
from bot.services.working_time import working_time
from bot.services.zones import settle_zone
from storage.database import Database
from storage.tables import AuditRecord, Member, Site, SiteHoliday, Workspace, ZoneFrom
from tests.builders import a_context
from tests.services.entry_world import EntryWorld, answer, build_world, buttons, fields, words

THREE_MAY = date(2027, 5, 3)
"""A public holiday of Poland (a Monday), and of nobody else here."""

TODAY, CHRISTMAS = date(2026, 6, 10), date(2026, 12, 25)


@pytest.fixture
def world(database: Database) -> EntryWorld:
    return build_world(database)


def follows(world: EntryWorld, *names: str) -> None:
    """These have no zone of their own."""
    with world.database.transaction() as session:
        workspace = session.exec(select(Workspace)).one()
        for name in names:
            settle_zone(session, workspace, session.get_one(Member, world.people[name].id), None)


def zone_of(world: EntryWorld, who: str) -> tuple[str, ZoneFrom]:
    with world.database.snapshot() as session:
        member = session.get_one(Member, world.people[who].id)
        return member.timezone, member.timezone_from


def saves(world: EntryWorld, key: str = "Noord", **values: str) -> str:
    """What the card says."""
    form = world.does("lead", site_form, key)
    return words(world.does("lead", save_site, world.request(), answer(form, **values)))


def works(world: EntryWorld, day: date, who: str = "els") -> bool:
    with world.database.snapshot() as session:
        workspace = session.exec(select(Workspace)).one()
        return working_time(session, workspace, session.get_one(Member, world.people[who].id), day).is_working(day)


def test_a_plant_that_nothing_is_said_of_is_as_the_company(world: EntryWorld) -> None:
    card = words(world.does("els", list_sites))
    assert "Noord · as the company · 7 members [Open]" in card
    assert "[Add a site]" not in card
    site = words(world.does("els", open_site, "Noord"))
    assert "Time zone: Amsterdam (the company's), 16:00 there now · Country: the Netherlands (the company's)" in site
    assert "Christmas Day" in site
    assert "We work" not in site
    with pytest.raises(Refused):
        world.does("els", open_site, "Nowhere")


def test_a_zone_and_country_of_its_own_are_typed_checked_and_printed(world: EntryWorld) -> None:
    card = saves(world, zone="warsaw", country="polen")
    assert "Time zone: Warsaw, 16:00 there now · Country: Poland" in card
    assert "Mon 3 May 2027 · Constitution Day" in card or "Mon 3 May 2027" in card
    assert "Noord · Warsaw · Poland · 7 members" in words(world.does("els", list_sites))
    with pytest.raises(Refused) as refused:
        saves(world, zone="Warsow")
    assert (refused.value.sentence, refused.value.field) == ("zone_unknown", "zone")
    assert refused.value.facts["meant"] == "Europe/Warsaw"
    with pytest.raises(Refused) as refused:
        saves(world, country="Polnad")
    assert (refused.value.sentence, refused.value.field) == ("country_unknown", "country")


def test_it_is_filled_in_and_emptied_it_is_the_companys_again(world: EntryWorld) -> None:
    saves(world, zone="Warsaw", country="PL")
    form = world.does("lead", site_form, "Noord")
    assert (fields(form)["zone"].initial, fields(form)["country"].initial) == ("Europe/Warsaw", "Poland")
    form = world.does("lead", site_form, "Noord")
    world.does("lead", save_site, world.request(), answer(form, zone=None, country=None))
    (site,) = world.rows(Site)
    assert (site.timezone, site.country) == (None, None)


def test_a_new_one_goes_by_the_name_it_has_already(world: EntryWorld) -> None:
    form = world.does("lead", site_form, "")
    assert list(fields(form)) == ["name", "zone", "country"]
    world.does("lead", save_site, world.request(), answer(form, name=" noord ", zone="Warsaw"))
    form = world.does("lead", site_form, "")
    world.does("lead", save_site, world.request(), answer(form, name="Dubai  office", zone="Dubai"))
    assert sorted((site.key, site.timezone) for site in world.rows(Site)) == [
        ("Dubai office", "Asia/Dubai"),
        ("Noord", "Europe/Warsaw"),
    ]


def test_members_without_a_zone_of_their_own_follow_the_site_and_the_company(world: EntryWorld) -> None:
    follows(world, "els", "sam")
    assert zone_of(world, "els") == zone_of(world, "sam") == ("Europe/Amsterdam", ZoneFrom.WORKSPACE)
    saves(world, zone="Warsaw")
    assert zone_of(world, "els") == ("Europe/Warsaw", ZoneFrom.SITE)
    assert zone_of(world, "sam") == ("Europe/Amsterdam", ZoneFrom.WORKSPACE)
    assert zone_of(world, "olaf") == ("Europe/Amsterdam", ZoneFrom.OWN)
    form = world.does("lead", place_form)
    world.does("lead", save_place, world.request(), answer(form, zone="Dubai", country="AE"))
    assert zone_of(world, "els") == ("Europe/Warsaw", ZoneFrom.SITE)
    assert zone_of(world, "sam") == ("Asia/Dubai", ZoneFrom.WORKSPACE)
    assert zone_of(world, "olaf") == ("Europe/Amsterdam", ZoneFrom.OWN)
    world.does("lead", remove_site, "Noord")
    assert zone_of(world, "els") == ("Asia/Dubai", ZoneFrom.WORKSPACE)


def test_who_moves_to_another_site_lives_by_its_zone(world: EntryWorld) -> None:
    saves(world, zone="Warsaw")
    form = world.does("lead", member_form, world.people["sam"].id)
    world.does("lead", save_member, world.request(), answer(form, plant="NOORD", zone=None))
    assert zone_of(world, "sam") == ("Europe/Warsaw", ZoneFrom.SITE)
    form = world.does("lead", member_form, world.people["sam"].id)
    assert (fields(form)["plant"].initial, fields(form)["zone"].initial) == ("Noord", "")
    assert "Warsaw, the site's, 16:00 now" in fields(form)["zone"].hint
    world.does("lead", save_member, world.request(), answer(form, plant=None))
    assert zone_of(world, "sam") == ("Europe/Amsterdam", ZoneFrom.WORKSPACE)
    form = world.does("lead", member_form, world.people["sam"].id)
    world.does("lead", save_member, world.request(), answer(form, zone="tokyo"))
    assert zone_of(world, "sam") == ("Asia/Tokyo", ZoneFrom.OWN)


def imports(world: EntryWorld, text: str) -> str:
    with world.database.transaction() as session:
        workspace = session.exec(select(Workspace)).one()
        return str(import_members(session, a_context(world.now), workspace, "m.csv", text.encode()))


def test_a_file_gives_a_zone_or_leaves_it_to_the_site(world: EntryWorld) -> None:
    saves(world, zone="Warsaw")
    text = "user_id,name,side,plant,timezone,working_days\nU90,New,sales,Noord,,1234\nU91,Own,sales,Noord,Asia/Dubai,\n"
    assert imports(world, text) == "2 new, 0 changed, 0 unchanged"
    people = {member.name: member for member in world.rows(Member)}
    assert (people["New"].timezone, people["New"].timezone_from) == ("Europe/Warsaw", ZoneFrom.SITE)
    assert (people["Own"].timezone, people["Own"].timezone_from) == ("Asia/Dubai", ZoneFrom.OWN)
    assert (people["New"].working_days, people["Own"].working_days) == ("1234", None)
    again = text.replace("Noord,,1234", "Noord,Europe/Warsaw,1234")
    assert imports(world, again) == "0 new, 0 changed, 2 unchanged"
    assert imports(world, "user_id,name,side,plant\nU90,New,sales,\n") == "0 new, 1 changed, 0 unchanged"
    people = {member.name: member for member in world.rows(Member)}
    assert (people["New"].timezone, people["New"].timezone_from) == ("Europe/Amsterdam", ZoneFrom.WORKSPACE)


def test_days_off_there_are_those_of_site_company_and_country(world: EntryWorld) -> None:
    assert works(world, THREE_MAY)
    saves(world, country="Poland")
    assert not works(world, THREE_MAY)
    assert works(world, THREE_MAY, "sam")
    form = world.does("lead", site_days_form, "Noord")
    card = world.does(
        "lead",
        save_site_days,
        world.request(),
        answer(form, name="Line cleaning", first=date(2026, 7, 16), last=date(2026, 7, 17)),
    )
    assert "Thu 16 July 2026 · Line cleaning · of this site [Remove]" in words(card)
    assert not works(world, date(2026, 7, 17))
    assert works(world, date(2026, 7, 17), "sam")
    card = world.does("lead", toggle_site_day, "2027-05-03 Noord")
    assert "worked there [Day off again]" in next(line for line in words(card).splitlines() if "3 May 2027" in line)
    assert works(world, THREE_MAY)
    world.does("lead", toggle_site_day, "2027-05-03 Noord")
    assert not works(world, THREE_MAY)
    world.does("lead", toggle_site_day, "2026-07-17 Noord")
    assert works(world, date(2026, 7, 17))
    assert {row.day for row in world.rows(SiteHoliday)} == {date(2026, 7, 16)}


def test_a_day_off_of_the_company_can_be_worked_at_one_site(world: EntryWorld) -> None:
    form = world.does("lead", meetings.day_off_form)
    closed = answer(form, name="Works day", first=date(2026, 7, 16))
    world.does("lead", meetings.save_days_off, world.request(), closed)
    assert "Thu 16 July 2026 · Works day · our own [We work]" in words(world.does("lead", open_site, "Noord"))
    world.does("lead", toggle_site_day, "2026-07-16 Noord")
    assert works(world, date(2026, 7, 16))
    assert not works(world, date(2026, 7, 16), "sam")


def test_what_the_company_works_on_is_off_at_a_site_of_another_country(world: EntryWorld) -> None:
    world.does("lead", meetings.toggle_day_off, "2026-12-25")
    assert works(world, CHRISTMAS)
    assert "Fri 25 December 2026" not in words(world.does("lead", open_site, "Noord"))
    saves(world, country="Poland")
    assert not works(world, CHRISTMAS)
    assert works(world, CHRISTMAS, "sam")
    assert "Fri 25 December 2026" in words(world.does("lead", open_site, "Noord"))


@pytest.mark.parametrize("country", ["", "Poland", "United Arab Emirates"])
def test_the_card_lists_the_very_days_on_which_nobody_there_is_asked(world: EntryWorld, country: str) -> None:
    world.does("lead", meetings.toggle_day_off, "2026-12-25")
    form = world.does("lead", meetings.day_off_form)
    closed = answer(form, name="Works day", first=date(2026, 7, 16))
    world.does("lead", meetings.save_days_off, world.request(), closed)
    saves(world, country=country)
    form = world.does("lead", site_days_form, "Noord")
    world.does("lead", save_site_days, world.request(), answer(form, name="Cleaning", first=date(2026, 8, 4)))
    world.does("lead", toggle_site_day, "2026-07-16 Noord")
    card = words(world.does("els", open_site, "Noord")).splitlines()
    listed = {line.split(" · ")[0] for line in card if "202" in line and "worked there" not in line}
    quarter = [TODAY + timedelta(days=ahead) for ahead in range(100)]
    with world.database.snapshot() as session:
        workspace = session.exec(select(Workspace)).one()
        hers = working_time(session, workspace, session.get_one(Member, world.people["els"].id), TODAY)
    weekdays = [day for day in quarter if day.weekday() not in {5, 6}]
    assert {said(day) for day in weekdays} & listed == {said(day) for day in weekdays if not hers.is_working(day)}


def said(day: date) -> str:
    return f"{day:%a} {day.day} {day:%B} {day.year}"


def test_every_change_can_be_undone_as_long_as_nothing_was_changed_since(world: EntryWorld) -> None:
    follows(world, "els")
    world.does("lead", save_site, world.request(), answer(world.does("lead", site_form, "Noord"), zone="Warsaw"))
    world.does("lead", toggle_site_day, "2026-12-25 Noord")
    gone = world.does("lead", remove_site, "Noord")
    assert "Noord has nothing of its own any more." in words(gone)
    assert (world.rows(Site), world.rows(SiteHoliday)) == ([], [])
    undo = buttons(gone)["Undo"].value
    world.does("lead", undo_site, undo)
    (site,), (worked,) = world.rows(Site), world.rows(SiteHoliday)
    assert (site.key, site.timezone) == ("Noord", "Europe/Warsaw")
    assert (worked.day, worked.is_working) == (date(2026, 12, 25), True)
    assert zone_of(world, "els") == ("Europe/Warsaw", ZoneFrom.SITE)
    with pytest.raises(Refused, match="changed_since"):
        world.does("lead", undo_site, undo)
    assert [row.action for row in sorted(world.rows(AuditRecord), key=lambda row: row.id)]
    assert {row.action for row in world.rows(AuditRecord)} == {"site.add", "site.days", "site.remove", "site.undo"}
    assert {row.subject for row in world.rows(AuditRecord)} == {"site:Noord"}


def test_the_first_change_undone_leaves_nothing(world: EntryWorld) -> None:
    form = world.does("lead", site_form, "Noord")
    saved = world.does("lead", save_site, world.request(), answer(form, zone="Warsaw"))
    world.does("lead", undo_site, buttons(saved)["Undo"].value)
    assert world.rows(Site) == []


@pytest.mark.parametrize("use_case", [site_form, remove_site, site_days_form, undo_site])
def test_only_facilitators_change_a_site(world: EntryWorld, use_case: object) -> None:
    with pytest.raises(Refused, match="facilitators_only"):
        world.does("els", use_case, "Noord")  # type: ignore[arg-type]
    with pytest.raises(Refused, match="facilitators_only"):
        world.does("els", toggle_site_day, "2026-12-25 Noord")


def test_old_buttons_change_nothing(world: EntryWorld) -> None:
    for use_case, value in ((toggle_site_day, "2026-12-28 Noord"), (remove_site, "Noord")):
        with pytest.raises(Refused, match="old_button"):
            world.does("lead", use_case, value)
    assert world.rows(Site) == []


def test_the_clock_there_is_that_of_the_site(world: EntryWorld) -> None:
    world.now = datetime(2026, 6, 10, 21, 30, tzinfo=UTC)
    assert "Time zone: Dubai, 01:30 there now" in saves(world, zone="Asia/Dubai")
