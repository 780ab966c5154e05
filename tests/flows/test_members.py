"""/sop members: a facilitator sees who is on which side, who is new, and puts it right."""

from datetime import timedelta

from bot.playground import labels, words
from bot.playground.model import View
from storage.tables import AuditRecord, Member
from tests.flows.world import DUTCH_OPERATIONS, FACILITATOR, NEWCOMER, OPERATIONS, World, filled_in, person_id


async def test_a_page_of_members_and_the_next(world: World) -> None:
    listed = await world.says(FACILITATOR, "/sop", "members")
    assert "24 members" in words(listed)
    assert labels(listed) == ["Change"] * 12 + ["More"]
    assert "*Account Manager Belgium* · Sales" in words(listed)
    rest = await world.presses(FACILITATOR, listed, "More")
    assert labels(rest) == ["Change"] * 12
    assert "*S&amp;OP Manager* · Supply Planning · facilitator" in words(rest)


async def test_part_of_a_name_side_or_plant_finds_somebody(world: World) -> None:
    found = words(await world.says(FACILITATOR, "/sop", "members noord"))
    assert "3 members with “noord”" in found
    assert "*Plant Manager Noord* · Operations · Noord" in found
    assert found.index("*Production Scheduler Noord* ·") < found.index("· until 31 March")
    assert "0 members with “nobody at all”" in words(await world.says(FACILITATOR, "/sop", "members nobody at all"))


async def test_another_side_is_saved_noted_down_and_told(world: World) -> None:
    listed = await world.says(FACILITATOR, "/sop", "members midden")
    form = await world.opens(FACILITATOR, listed, "Change")
    assert filled_in(form)["side"] == "operations"
    assert filled_in(form)["plant"] == "Midden"
    values = {"side": "supply_planning", "plant": "", "zone": "warsaw", "language": "nl", "active_to": "2026-12-31"}
    assert await world.submits(FACILITATOR, **values) == {}
    card = await world.person(FACILITATOR).again(listed)
    assert "Changed: Plant Manager Midden* · Supply Planning · until 31 December" in words(card)
    member = _member(world, OPERATIONS)
    assert (member.side, member.plant, member.timezone) == ("supply_planning", None, "Europe/Warsaw")
    (noted,) = [row for row in world.rows(AuditRecord) if row.action == "member.change"]
    assert "operations" in str(noted.before)
    assert "2026-12-31" in str(noted.after)
    assert "Supply Planning" in words(await _home(world, OPERATIONS))


async def test_what_does_not_work_is_said_beside_the_field(world: World) -> None:
    await world.opens(FACILITATOR, await world.says(FACILITATOR, "/sop", "members midden"), "Change")
    assert "Did you mean Europe/Warsaw?" in (await world.submits(FACILITATOR, zone="Warsow"))["zone"]
    errors = await world.submits(FACILITATOR, zone="Europe/Warsaw", active_to="2025-12-31")
    assert errors == {"active_to": "They became a member on 1 January. Choose that day or later."}


async def test_the_last_facilitator_cannot_leave_or_step_down(world: World) -> None:
    form = await world.opens(FACILITATOR, await world.says(FACILITATOR, "/sop", "members s&op"), "Change")
    assert filled_in(form)["role"] == "facilitator"
    assert "role" in await world.submits(FACILITATOR, role="member")
    assert _member(world, FACILITATOR).role == "facilitator"


async def test_a_second_facilitator_and_an_admin_who_alone_names_more(world: World) -> None:
    await world.opens(FACILITATOR, await world.says(FACILITATOR, "/sop", "members midden"), "Change")
    await world.submits(FACILITATOR, role="admin")
    form = await world.opens(FACILITATOR, await world.says(FACILITATOR, "/sop", "members zuid"), "Change")
    assert "role" not in filled_in(form)
    form = await world.opens(OPERATIONS, await world.says(OPERATIONS, "/sop", "members demand"), "Change")
    assert filled_in(form)["role"] == "member"
    assert await world.submits(OPERATIONS, role="facilitator") == {}
    changes = {(row.before, row.after) for row in world.rows(AuditRecord) if row.action == "member.role"}
    assert changes == {("member", "admin"), ("member", "facilitator")}


async def test_a_facilitator_cannot_end_an_admin_to_become_one(world: World) -> None:
    await world.opens(FACILITATOR, await world.says(FACILITATOR, "/sop", "members midden"), "Change")
    await world.submits(FACILITATOR, role="admin")
    await world.opens(FACILITATOR, await world.says(FACILITATOR, "/sop", "members midden"), "Change")
    refused = await world.submits(FACILITATOR, active_to="2026-06-09")
    assert "Only an admin can do that." in refused["active_to"]
    assert _member(world, OPERATIONS).active_to is None


async def test_who_is_new_stands_on_the_home_of_a_facilitator(world: World) -> None:
    assert "New this week" not in words(await _home(world, FACILITATOR))
    await world.presses(NEWCOMER, await world.says(NEWCOMER, "/sop"), "Operations")
    home = await _home(world, FACILITATOR)
    assert "*New this week* · they said for themselves where they work" in words(home)
    assert "New colleague · Operations" in words(home)
    assert "New this week" not in words(await _home(world, OPERATIONS))
    await world.opens(FACILITATOR, home, "member.open")
    await world.submits(FACILITATOR, side="sales")
    assert "Changed: New colleague" in words(await world.screen(FACILITATOR))
    assert "New colleague · Sales" in words(await _home(world, FACILITATOR))
    await world.forward(timedelta(days=8))
    assert "New this week" not in words(await _home(world, FACILITATOR))


async def test_a_member_neither_sees_the_list_nor_changes_anybody(world: World) -> None:
    assert "Only a facilitator can do that." in words(await world.says(OPERATIONS, "/sop", "members"))
    listed = await world.says(FACILITATOR, "/sop", "members zuid")
    await world.opens(FACILITATOR, listed, "Change")
    assert "Alleen een facilitator kan dat." in words(await world.says(DUTCH_OPERATIONS, "/sop", "leden"))


async def test_the_help_of_a_facilitator_has_a_second_list(world: World) -> None:
    help_of_hers = words(await world.says(FACILITATOR, "/sop", "help"))
    assert "*For facilitators:* /sop decisions · /sop checkins · /sop disturbance · /sop summary" in help_of_hers
    assert "For facilitators" not in words(await world.says(OPERATIONS, "/sop", "help"))


def _member(world: World, key: str) -> Member:
    return next(member for member in world.rows(Member) if member.external_id == person_id(key))


async def _home(world: World, key: str) -> View:
    home = await world.person(key).open_home()
    assert home is not None
    return home
