"""/sop setup: from an empty workspace to a posted test message in five questions."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.playground import labels, words
from bot.playground.errors import SlackError
from bot.playground.model import BOT_USER_ID, Message, View
from bot.playground.playground import Faults, no_faults
from storage.tables import Appointment, AuditRecord, MeetingSeries, Member, Role, SetupAnswer, Side, Workspace
from tests.flows.empty_world import ADMIN, BEN, ELS, GUEST, PRIVATE, open_empty_world
from tests.flows.world import CHANNEL, DISPATCH, World, filled_in, person_id


@pytest.fixture
async def empty(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """Nobody is a member yet, and nobody was named."""
    async with open_empty_world(database_url, tmp_path) as world:
        yield world


async def test_five_questions_and_a_test_stands_in_the_channel(empty: World) -> None:
    card = await _begins(empty)
    assert "From Sales versus Operations to Sales & Operations" in words(card).replace("&amp;", "&")
    assert "Five questions, about five minutes; each has an answer filled in." in words(card)
    assert "● *1 The two sides:* Sales and Operations\n○ *2 Channels:* one for brief" in words(card)
    assert "○ *3 Zone and country:* Brussels, Belgium, for working days and holidays" in words(card)
    assert labels(card) == ["Start"]
    card = await _answers(empty, card, "Start")
    assert "✓ *1 The two sides:* Sales and Operations" in words(card)
    card = await _answers(empty, card, "Go on", channel=CHANNEL)
    assert "#sales-operations; none for today's help" in words(card)
    card = await _answers(empty, card, "Go on")
    assert "The company's time is that of Brussels." in words(card)
    card = await _answers(empty, card, "Go on")
    assert "The facilitators are saved." in words(card)
    assert "Whoever is new" not in words(card)
    assert "✓ *4 Facilitators:* you" in words(card)
    card = await _plans(empty, card)
    assert "Added: pre-S&amp;OP · third Thursday 13:30 (Brussels)." in words(card)
    assert "A test is on its way to #sales-operations." in words(card)
    assert labels(card)[0] == "Undo"
    (post,) = await empty.channel(ELS)
    assert post.startswith("Test: I can post here. The first brief comes on Tue 16 June, 09:00 (Brussels).")
    assert "First brief" not in words(card)
    assert [workspace.country for workspace in empty.rows(Workspace)] == ["BE"]


async def test_the_test_is_removed_in_its_place_by_a_facilitator_only(empty: World) -> None:
    await _is_set_up(empty)
    (post,) = await empty.person(ELS).sees(CHANNEL)
    await _joins(empty, BEN)
    await empty.person(BEN).press(post, "Remove")
    await empty.settle()
    assert "Only a facilitator can do that." in words(await empty.newest(BEN))
    assert "The test was removed." in words(await empty.presses(ADMIN, post, "Remove"))
    assert [line for line in await empty.channel(ELS) if "Test" in line and "removed" not in line] == []


async def test_stop_and_go_on_from_the_home(empty: World) -> None:
    await _answers(empty, await _begins(empty), "Start")
    home = await _home(empty, ADMIN)
    assert "*1 of 5 answered.*" in words(home)
    assert "Clash" in labels(home)
    assert "Nothing waits for you." not in words(home)
    form = await empty.opens(ADMIN, home, "Go on")
    assert filled_in(form) == {"channel": None, "help_channel": None}
    assert await empty.submits(ADMIN, channel=CHANNEL) == {}
    window = await empty.screen(ADMIN)
    assert "2 of 5 answered." in words(window)
    await empty.opens(ADMIN, window, "Go on")
    assert await empty.submits(ADMIN, zone="amsterdam", country="Nederland", language="nl") == {}
    window = await empty.screen(ADMIN)
    assert "Amsterdam, the Netherlands" in words(window)
    assert await empty.windows(ADMIN) == 1
    assert "3 of 5 answered." in words(await _home(empty, ADMIN))
    (workspace,) = empty.rows(Workspace)
    assert (workspace.timezone, workspace.country, workspace.language) == ("Europe/Amsterdam", "NL", "nl")


async def test_the_list_goes_from_the_home_when_all_five_are_answered(empty: World) -> None:
    await _is_set_up(empty)
    home = await _home(empty, ADMIN)
    assert "answered" not in words(home)
    assert labels(home)[0] == "Clash"
    again = await empty.says(ADMIN, "/sop", "setup")
    assert "All five are answered." in words(again)
    assert labels(again) == ["Change", "Change", "Change", "Change", "All meetings"]
    assert "✓ *5 First meeting:* pre-S&amp;OP, Thu 18 June, 13:30 (Brussels)" in words(again)


async def test_what_is_broken_stands_on_the_home_until_it_is_cured(empty: World) -> None:
    await _is_set_up(empty)
    channel = empty.playground.workspace.find_channel(CHANNEL)
    empty.playground.workspace.leave(channel, BOT_USER_ID)
    await empty.forward(timedelta(days=7))
    home = await _home(empty, ADMIN)
    assert "My last post is not in #sales-operations: I am not in that channel." in words(home)
    empty.playground.workspace.join(empty.playground.workspace.find_channel(CHANNEL), BOT_USER_ID)
    await empty.person(ADMIN).press(home, "Try again")
    await empty.settle()
    assert "Brief, summary and retro come in #sales-operations." in words(await empty.screen(ADMIN))
    assert "My last post" not in words(await _home(empty, ADMIN))


async def test_an_archived_channel_is_replaced(empty: World) -> None:
    await _is_set_up(empty)
    empty.playground.workspace.archive(CHANNEL)
    await empty.forward(timedelta(days=7))
    home = await _home(empty, ADMIN)
    assert "#sales-operations is archived, so nothing I post arrives." in words(home)
    await empty.opens(ADMIN, home, "Choose channel")
    assert (await empty.submits(ADMIN, channel=CHANNEL))["channel"].startswith("#sales-operations is archived.")
    empty.playground.workspace.join(empty.playground.workspace.find_channel(DISPATCH), BOT_USER_ID)
    assert await empty.submits(ADMIN, channel=DISPATCH) == {}
    assert "What waited goes out there now." in words(await empty.screen(ADMIN))
    posts = await empty.channel(ELS, DISPATCH)
    assert any(post.startswith("Brief for the pre-S") for post in posts)
    assert "archived" not in words(await _home(empty, ADMIN))


async def test_no_meeting_to_come_is_told(empty: World) -> None:
    await _is_set_up(empty)
    meetings = await empty.says(ADMIN, "/sop", "meetings")
    card = await empty.presses(ADMIN, meetings, "Change")
    await empty.presses(ADMIN, card, "End the series")
    home = await _home(empty, ADMIN)
    assert "No meeting is to come." in words(home)
    assert "Add a meeting" in labels(home)


# 1 The sides


async def test_sides_are_renamed_bridges_go_and_come_back_under_their_keys(empty: World) -> None:
    card = await _begins(empty)
    card = await _answers(
        empty, card, "Start", side_sales="Verkoop", side_operations="Fabrieken", side_finance="", side_another="Quality"
    )
    assert "✓ *1 The two sides:* Verkoop and Fabrieken" in words(card)
    names = {side.key: side.name for side in empty.rows(Side)}
    assert names["sales"] == "Verkoop"
    assert names["quality"] == "Quality"
    assert "finance" not in names
    form = await empty.opens(ADMIN, card, "Change")
    assert filled_in(form)["side_finance"] is None
    assert await empty.submits(ADMIN, side_finance="Control") == {}
    assert {side.key: side.name for side in empty.rows(Side)}["finance"] == "Control"
    question = await empty.says(BEN, "/clash", "The truck of 05:10 left without the 14 trays of line 2.")
    assert labels(question) == ["Verkoop", "Fabrieken", "Supply Planning", "General management", "Quality", "Control"]


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"side_sales": "  "}, "side_sales", "Both sides need a name."),
        ({"side_sales": "operations"}, "side_operations", "Another side has this name."),
        ({"side_another": "finance"}, "side_another", "Another side has this name."),
        ({"side_sales": "Ｏｐｅｒａｔｉｏｎｓ"}, "side_operations", "Another side has this name."),
        ({"side_sales": "Sales\u200b", "side_another": "Sales"}, "side_another", "Another side has this name."),
        ({"side_sales": "\u200b"}, "side_sales", "Both sides need a name."),
        ({"side_another": "The company"}, "side_another", "“The company” already means something here."),
        ({"side_general": ""}, "side_general", "It has people or entries, so it stays."),
    ],
)
async def test_names_that_do_not_work(empty: World, values: dict[str, str], field: str, sentence: str) -> None:
    await empty.opens(ADMIN, await _begins(empty), "Start")
    errors = await empty.submits(ADMIN, **values)
    assert errors[field].startswith(sentence)
    assert empty.rows(SetupAnswer) == []


# 2 The channels


async def test_not_invited_the_choice_waits_on_the_button(empty: World) -> None:
    card = await _answers(empty, await _begins(empty), "Start")
    form = await empty.opens(ADMIN, card, "Go on")
    assert filled_in(form) == {"channel": CHANNEL, "help_channel": None}
    card = await _sent(empty, card, channel=CHANNEL, help_channel=DISPATCH)
    assert "I am not in #dispatch yet. Type /invite @Ampersand there, then try again." in words(card).replace("*", "")
    card = await empty.presses(ADMIN, card, "Try again")
    assert "I am not in #dispatch yet." in words(card).replace("*", "")
    empty.playground.workspace.join(empty.playground.workspace.find_channel(DISPATCH), BOT_USER_ID)
    card = await empty.presses(ADMIN, card, "Try again")
    assert "#sales-operations; today's help in #dispatch" in words(card)
    (workspace,) = empty.rows(Workspace)
    assert (workspace.channel_id, workspace.help_channel_name) == (CHANNEL, "dispatch")


async def test_a_private_chat_is_not_proposed_and_what_is_chosen_stays(empty: World) -> None:
    question = await empty.person(ADMIN).command("/sop", "setup")
    await empty.settle()
    assert question is not None
    await empty.person(ADMIN).press(question, "General management")
    await empty.settle()
    card = await _answers(empty, await empty.person(ADMIN).again(question), "Start")
    form = await empty.opens(ADMIN, card, "Go on")
    assert filled_in(form)["channel"] is None
    assert await empty.submits(ADMIN, channel=CHANNEL) == {}
    listed = await empty.person(ADMIN).command("/sop", "setup", DISPATCH)
    await empty.settle()
    assert listed is not None
    form = await empty.opens(ADMIN, listed, "setup.open#3")
    assert filled_in(form)["channel"] == CHANNEL


async def test_a_private_channel_it_cannot_see_and_back_to_the_list(empty: World) -> None:
    card = await _answers(empty, await _begins(empty), "Start")
    await empty.opens(ADMIN, card, "Go on")
    card = await _sent(empty, card, channel=PRIVATE)
    assert "I cannot see that channel yet." in words(card).replace("*", "")
    assert "1 of 5 answered." in words(await empty.presses(ADMIN, card, "Back"))


async def test_an_archived_channel_is_refused_beside_its_field(empty: World) -> None:
    empty.playground.workspace.archive(DISPATCH)
    card = await _answers(empty, await _begins(empty), "Start")
    await empty.opens(ADMIN, card, "Go on")
    errors = await empty.submits(ADMIN, channel=CHANNEL, help_channel=DISPATCH)
    assert errors == {"help_channel": "#dispatch is archived. Choose another channel."}


async def test_another_channel_gets_its_own_test(empty: World) -> None:
    card = await _is_set_up(empty)
    empty.playground.workspace.join(empty.playground.workspace.find_channel(DISPATCH), BOT_USER_ID)
    form = await empty.opens(ADMIN, card, "setup.open#2")
    assert filled_in(form)["channel"] == CHANNEL
    await empty.submits(ADMIN, channel=DISPATCH)
    assert (await empty.channel(ELS, DISPATCH))[-1].startswith("Test: I can post here.")
    assert len(await empty.channel(ELS)) == 1


async def test_when_slack_says_nothing_the_form_stays_and_nothing_is_saved(empty: World) -> None:
    card = await _answers(empty, await _begins(empty), "Start")
    await empty.opens(ADMIN, card, "Go on")
    for error, sentence in (("internal_error", "Slack did not answer in time."), ("missing_scope", "I lack the perm")):
        empty.playground.faults = _silent_about_channels(error)
        assert (await empty.submits(ADMIN, channel=CHANNEL))["channel"].startswith(sentence)
    empty.playground.faults = no_faults
    assert [workspace.channel_id for workspace in empty.rows(Workspace)] == [None]
    assert await empty.submits(ADMIN, channel=CHANNEL) == {}


# 3 Zone and country


async def test_a_city_or_country_nobody_knows(empty: World) -> None:
    card = await _answers(empty, await _begins(empty), "Start")
    form = await empty.opens(ADMIN, card, "setup.open#3")
    assert filled_in(form) == {"zone": "Europe/Brussels", "country": "Belgium", "language": "en"}
    assert "Did you mean Europe/Amsterdam?" in (await empty.submits(ADMIN, zone="Amstredam"))["zone"]
    assert "Did you mean Germany?" in (await empty.submits(ADMIN, zone="Dubai", country="Germny"))["country"]
    assert "Write its name or its two letters" in (await empty.submits(ADMIN, country="xyzzy"))["country"]
    assert await empty.submits(ADMIN, zone="dubai", country="de-by") == {}
    (workspace,) = empty.rows(Workspace)
    assert (workspace.timezone, workspace.country) == ("Asia/Dubai", "DE-BY")


async def test_another_zone_leaves_the_meetings_where_they_are_and_moves_their_briefs(empty: World) -> None:
    card = await _is_set_up(empty)
    form = await empty.opens(ADMIN, card, "setup.open#3")
    assert "Meetings keep the zone of their own series." in words(form)
    card = await _sent(empty, card, zone="Dubai", country="AE")
    assert "Meetings keep the zone of their own series; briefs and days off follow." in words(card)
    assert [series.timezone for series in empty.rows(MeetingSeries)] == ["Europe/Brussels"]
    meetings = words(await empty.says(ADMIN, "/sop", "meetings"))
    assert "Thu 18 June, 13:30 (Brussels)" in meetings
    noted = [row for row in empty.rows(AuditRecord) if row.action == "workspace.place"]
    assert any("Brussels" in str(row.before) and "Dubai" in str(row.after) for row in noted)


# 4 The facilitators


async def test_a_second_facilitator_at_once_and_one_from_their_first_contact(empty: World) -> None:
    await _joins(empty, BEN)
    card = await _answers(empty, await _begins(empty), "Start")
    await empty.opens(ADMIN, card, "setup.open#4")
    card = await _sent(empty, card, people=[person_id(ADMIN), person_id(BEN), person_id(ELS)])
    assert "The facilitators are saved.* Whoever is new reads it privately from me." in words(card)
    assert "✓ *4 Facilitators:* you, Ben Ali; 1 more from their first /sop on" in words(card)
    (told,) = await empty.chat(BEN)
    assert "Anna de Wit made you a facilitator." in told
    assert (
        "Typ /sop" in (await empty.chat(ELS))[-1] or "Type /sop and say where you work" in (await empty.chat(ELS))[-1]
    )
    question = await empty.says(ELS, "/sop", "instellen")
    card = await empty.presses(ELS, question, "Operations")
    assert "2 van 5 beantwoord" in words(card)
    assert empty.rows(Appointment) == []
    roles = {member.name: member.role for member in empty.rows(Member)}
    assert roles == {"Anna de Wit": Role.ADMIN, "Ben Ali": Role.FACILITATOR, "Els Visser": Role.FACILITATOR}
    assert "answered" in words(await empty.says(BEN, "/sop", "setup"))


async def test_only_an_admin_names_facilitators(empty: World) -> None:
    await _joins(empty, BEN)
    card = await _answers(empty, await _begins(empty), "Start")
    await empty.opens(ADMIN, card, "setup.open#4")
    await _sent(empty, card, people=[person_id(ADMIN), person_id(BEN)])
    listed = await empty.says(BEN, "/sop", "setup")
    assert "✓ *4 Facilitators:* you, Anna de Wit · an admin names them" in words(listed)
    assert labels(listed).count("Change") == 1


async def test_the_last_facilitator_stays(empty: World) -> None:
    card = await _answers(empty, await _begins(empty), "Start")
    await empty.opens(ADMIN, card, "setup.open#4")
    errors = await empty.submits(ADMIN, people=[person_id(ELS)])
    assert errors["people"].startswith("One facilitator has to be a member already.")
    assert [member.role for member in empty.rows(Member)] == [Role.ADMIN]


async def test_a_guest_and_the_bot_are_named_nothing_and_told_nothing(empty: World) -> None:
    card = await _answers(empty, await _begins(empty), "Start")
    await empty.opens(ADMIN, card, "setup.open#4")
    errors = await empty.submits(ADMIN, people=[person_id(ADMIN), person_id(GUEST)])
    assert errors == {"people": "Gus Guest is a guest or of another company. Choose colleagues."}
    errors = await empty.submits(ADMIN, people=[person_id(ADMIN), BOT_USER_ID])
    assert "is a guest or of another company" in errors["people"]
    assert empty.rows(Appointment) == []
    assert await empty.chat(GUEST) == []


async def test_a_form_that_is_out_of_date_takes_nobody_else_off(empty: World) -> None:
    await _joins(empty, BEN)
    await _joins(empty, ELS)
    card = await _answers(empty, await _begins(empty), "Start")
    await empty.opens(ADMIN, card, "setup.open#4")
    with empty.ampersand.database.transaction() as session:
        ben = session.exec(select(Member).where(Member.name == "Ben Ali")).one()
        ben.role = Role.ADMIN
        session.add(ben)
    await empty.submits(ADMIN, people=[person_id(ADMIN), person_id(ELS)])
    roles = {member.name: member.role for member in empty.rows(Member)}
    assert roles == {"Anna de Wit": Role.ADMIN, "Ben Ali": Role.ADMIN, "Els Visser": Role.FACILITATOR}


async def test_whoever_is_awaited_keeps_nobody_from_taking_over(empty: World) -> None:
    card = await _answers(empty, await _begins(empty), "Start")
    await empty.opens(ADMIN, card, "setup.open#4")
    await _sent(empty, card, people=[person_id(ADMIN), person_id(ELS)])
    with empty.ampersand.database.transaction() as session:
        anna = session.exec(select(Member)).one()
        anna.active_to = anna.active_from - timedelta(days=1)
        session.add(anna)
    await _joins(empty, BEN)
    refused = await empty.says(BEN, "/sop", "setup")
    assert "Nobody sets me up yet." in words(refused).replace("*", "")


# Who may


async def test_who_is_no_slack_admin_reads_who_could(empty: World) -> None:
    await _joins(empty, BEN)
    refused = await empty.says(BEN, "/sop", "setup")
    assert "Nobody sets me up yet. Ask an admin of your Slack to type /sop setup" in words(refused).replace("*", "")
    assert "answered" not in words(await _home(empty, BEN))
    await _begins(empty)
    refused = await empty.says(BEN, "/sop", "setup")
    assert "The set-up is done by a facilitator: Anna de Wit." in words(refused)


async def test_a_slack_admin_who_opens_home_becomes_admin(empty: World) -> None:
    await _joins(empty, ADMIN)
    assert [member.role for member in empty.rows(Member)] == [Role.MEMBER]
    assert "Five questions" in words(await _home(empty, ADMIN))
    assert [member.role for member in empty.rows(Member)] == [Role.ADMIN]
    (noted,) = [row for row in empty.rows(AuditRecord) if row.action == "member.role"]
    assert (noted.before, noted.after) == ("member", "admin")


async def test_a_guest_sets_nothing_up(empty: World) -> None:
    refused = await empty.says(GUEST, "/sop", "setup")
    assert "you are a guest here" in words(refused)


async def test_whom_the_operator_names_comes_first(database_url: str, tmp_path: Path) -> None:
    async with open_empty_world(database_url, tmp_path, facilitators=(person_id(ELS),)) as world:
        question = await world.says(ADMIN, "/sop", "setup")
        refused = await world.presses(ADMIN, question, "Sales")
        assert "The set-up waits for the people named by whoever runs my server." in words(refused)
        question = await world.says(ELS, "/sop", "instellen")
        card = await world.presses(ELS, question, "Operations")
        assert "Vijf vragen, zo'n vijf minuten; bij elke staat al een antwoord." in words(card)
        assert "● *1 De twee kanten:* Sales en Operations" in words(card)
        assert "○ *3 Tijdzone en land:* Amsterdam, Nederland, voor werkdagen en feestdagen" in words(card)
        assert "○ *4 Facilitators:* jij" in words(card)
        assert {member.name: member.role for member in world.rows(Member)}["Els Visser"] == Role.ADMIN


def _silent_about_channels(error: str) -> Faults:
    return lambda method, _: SlackError(error) if method == "conversations.info" else None


async def _joins(world: World, key: str) -> None:
    await world.presses(key, await world.says(key, "/sop"), "Sales")


async def _begins(world: World) -> Message:
    """The owner of the Slack workspace types it first."""
    question = await world.says(ADMIN, "/sop", "setup")
    return await world.presses(ADMIN, question, "General management")


async def _answers(world: World, card: Message, label: str, **values: object) -> Message:
    await world.opens(ADMIN, card, label)
    return await _sent(world, card, **values)


async def _sent(world: World, card: Message, **values: object) -> Message:
    assert await world.submits(ADMIN, **values) == {}
    return await world.person(ADMIN).again(card)


async def _plans(world: World, card: Message) -> Message:
    form = await world.opens(ADMIN, card, "Go on")
    assert filled_in(form)["rule"] == "third Thursday 13:30"
    assert await world.submits(ADMIN) == {}
    assert "Nobody is invited yet, so I remind nobody of the brief." in words(await world.screen(ADMIN))
    return await _sent(world, card)


async def _is_set_up(world: World) -> Message:
    card = await _begins(world)
    for label, values in (("Start", {}), ("Go on", {"channel": CHANNEL}), ("Go on", {}), ("Go on", {})):
        card = await _answers(world, card, label, **values)
    return await _plans(world, card)


async def _home(world: World, key: str) -> View:
    home = await world.person(key).open_home()
    assert home is not None
    return home
