"""The forms of a check-in: a new one, and what can be set of it; a running round stays as it was."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from bot.domain.chat import ChannelInfo, ChoiceField, Message
from bot.domain.checkin.questions import Template
from bot.domain.errors import DuplicateRequest, Refused
from bot.services.checkins import changing
from bot.services.checkins.planning import FIRST_ZONE, run_now
from bot.services.meetings import day_off_form, save_days_off
from bot.services.setup.place import place_form, save_place
from storage.checkin_settings import list_side_keys
from storage.checkins import list_questions
from storage.database import Database
from storage.tables import (
    AuditRecord,
    Checkin,
    CheckinAsked,
    CheckinQuestion,
    CheckinRound,
    QuestionType,
    Schedule,
    ScheduleKind,
    Workspace,
)
from tests.builders import WORKSPACE, a_context
from tests.services.entry_world import EntryWorld, answer, build_world, buttons, fields, words

PLANNING = ChannelInfo("C-PLAN", "planning", is_member=True, is_archived=False, is_shared=False)


@pytest.fixture
def world(database: Database) -> EntryWorld:
    return build_world(database)


@pytest.fixture
def weekly(world: EntryWorld) -> EntryWorld:
    world.does("lead", changing.start_weekly)
    return world


def checkin(world: EntryWorld) -> Checkin:
    (found,) = world.rows(Checkin)
    return found


def add(world: EntryWorld, template: str = "weekly", who: str = "lead", **values: Any) -> Message:
    """The form of a new one as it opens, with these values in it."""
    form = world.does("lead", changing.new_form, template)
    return world.does(who, changing.save_new, world.request(), answer(form, **values))


def change(world: EntryWorld, who: str = "lead", info: ChannelInfo | None = PLANNING, **values: Any) -> Message:
    form = world.does("lead", changing.settings_form, checkin(world).id)
    seen = {values["channel"]: info} if values.get("channel") else {}
    return world.does(who, changing.save_settings, world.request(), answer(form, **values), seen)


def next_day(world: EntryWorld) -> datetime | None:
    """When the next round falls due: as its day begins on the first islands."""
    due = [one.next_due_at for one in world.rows(Schedule) if one.kind is ScheduleKind.CHECKIN]
    return due[0] if due else None


def asked(world: EntryWorld) -> list[tuple[QuestionType, str]]:
    with world.database.snapshot() as session:
        return [(one.type, one.text) for one in list_questions(session, checkin(world).id)]


def actions(world: EntryWorld) -> list[str]:
    return [record.action for record in world.rows(AuditRecord) if record.action.startswith("checkin.")]


# A new one


@pytest.mark.parametrize("template", list(Template)[:3])
def test_a_new_one_is_filled_in_and_saved_as_it_is(world: EntryWorld, template: Template) -> None:
    form = world.does("lead", changing.new_form, template)
    assert all(field.initial for name, field in fields(form).items() if name != "rule")

    card = add(world, template)

    saved = checkin(world)
    assert saved.name == fields(form)["name"].initial
    assert (saved.rule is None) == (template is not Template.WEEKLY)
    with world.database.snapshot() as session:
        assert set(list_side_keys(session, saved.id)) == {"sales", "operations", "finance"}
    assert asked(world)[0][0] is QuestionType.SCALE
    assert f"{saved.name} · " in words(card)
    assert actions(world) == ["checkin.add"]


def test_a_new_one_has_the_name_the_rhythm_and_the_sides_that_were_typed(world: EntryWorld) -> None:
    card = words(add(world, name="  Plant   round ", rule="every 2 weeks on Tuesday 9:30", sides=("operations",)))

    saved = checkin(world)
    assert (saved.name, saved.local_time) == ("Plant round", time(9, 30))
    assert "Plant round · every two weeks on Tuesday 09:30" in card
    assert "7 people (Operations)" in card
    assert next_day(world) is not None


def test_dutch_is_read_as_it_is_typed_and_shown_in_english(world: EntryWorld) -> None:
    assert "every Thursday 11:00" in words(add(world, rule="elke donderdag 11:00"))


def test_without_a_rule_nobody_is_asked_before_it_is_run(world: EntryWorld) -> None:
    card = words(add(world, rule=None))

    assert checkin(world).rule is None
    assert next_day(world) is None
    assert "Nobody is asked before you press Run now." in card


def test_a_blank_one_begins_with_its_first_question(world: EntryWorld) -> None:
    add(world, "blank", type="choice", text="Is the plan clear?", options="Yes\nNo")
    assert asked(world) == [(QuestionType.CHOICE, "Is the plan clear?")]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "   "}, "name"),
        ({"rule": "whenever"}, "rule"),
        ({"rule": "every Thursday 7:30"}, "rule"),
        ({"rule": "every Thursday 17:30"}, "rule"),
        ({"rule": "once"}, "rule"),
        ({"sides": None}, "sides"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_made(
    world: EntryWorld, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        add(world, **values)
    assert refused.value.field == field
    assert world.rows(Checkin) == []
    assert world.rows(CheckinQuestion) == []


def test_a_blank_one_without_a_question_is_not_made(world: EntryWorld) -> None:
    with pytest.raises(Refused) as refused:
        add(world, "blank", text=None)
    assert refused.value.field == "text"
    assert world.rows(Checkin) == []


def test_a_new_one_comes_once_however_often_it_is_delivered(world: EntryWorld) -> None:
    form = answer(world.does("lead", changing.new_form, "weekly"))
    world.does("lead", changing.save_new, "twice", form)
    with pytest.raises(DuplicateRequest):
        world.does("lead", changing.save_new, "twice", form)
    assert len(world.rows(Checkin)) == 1


def test_a_template_nobody_knows_is_an_old_button(world: EntryWorld) -> None:
    with pytest.raises(Refused, match="old_button"):
        world.does("lead", changing.new_form, "monthly")


def test_undo_of_a_new_one_is_its_deletion(world: EntryWorld) -> None:
    undo = buttons(add(world))["Undo"]
    assert (undo.action, undo.value) == ("checkin.delete", checkin(world).id)


# Changing it


def test_the_form_opens_as_it_stands_and_saved_unchanged_changes_nothing(weekly: EntryWorld) -> None:
    before = checkin(weekly).model_dump()
    change(weekly)
    assert checkin(weekly).model_dump() == before


def test_a_changed_one_is_planned_anew(weekly: EntryWorld) -> None:
    before = next_day(weekly)
    card = words(change(weekly, name="Monday round", rule="every Monday 9:00", days="0", close_at="17:00", nudge="no"))

    saved = checkin(weekly)
    assert (saved.name, saved.rule, saved.local_time) == ("Monday round", "every Monday", time(9))
    assert (saved.close_after_days, saved.close_at, saved.nudge_share_pct) == (0, time(17), None)
    assert next_day(weekly) not in {None, before}
    assert "until 17:00 the same day · no reminder" in card
    assert sorted(actions(weekly)) == ["checkin.add", "checkin.change"]


def test_a_new_rhythm_counts_from_today(weekly: EntryWorld) -> None:
    weekly.later(days=21)
    change(weekly, rule="every 2 weeks on Friday 10:00")
    assert checkin(weekly).starts_on == date(2026, 7, 1)
    change(weekly, name="Another name")
    weekly.later(days=7)
    assert checkin(weekly).starts_on == date(2026, 7, 1)


def test_a_rhythm_of_working_days_follows_the_days_off(weekly: EntryWorld) -> None:
    change(weekly, rule="working day 10 10:00")

    def next_round() -> date:
        with weekly.database.snapshot() as session:
            found = select(Schedule.next_due_at).where(Schedule.kind == ScheduleKind.CHECKIN)
            due_at = session.exec(found).one()
        assert due_at
        return due_at.astimezone(ZoneInfo(FIRST_ZONE)).date()

    assert next_round() == date(2026, 6, 12)
    form = weekly.does("lead", day_off_form)
    weekly.does("lead", save_days_off, weekly.request(), answer(form, name="Fair", first=date(2026, 6, 11)))
    assert next_round() == date(2026, 6, 15)
    weekly.does("lead", save_place, weekly.request(), answer(weekly.does("lead", place_form), country="AT"))
    assert next_round() == date(2026, 6, 16), "Corpus Christi"


def test_the_usual_windows_and_the_one_that_is_set_are_offered(weekly: EntryWorld) -> None:
    with weekly.database.transaction() as session:
        session.get_one(Checkin, checkin(weekly).id).close_after_days = 9
    days = fields(weekly.does("lead", changing.settings_form, checkin(weekly).id))["days"]

    assert isinstance(days, ChoiceField)
    assert {"0", "1", "2", "5", "9"} <= {option.value for option in days.options}
    assert days.initial == "9"


def test_the_result_goes_to_a_channel_of_its_own_or_to_that_of_the_company(weekly: EntryWorld) -> None:
    assert "in #planning" in words(change(weekly, channel="C-PLAN"))
    assert checkin(weekly).channel_name == "planning"

    assert "in #sales-operations" in words(change(weekly, channel="C-SOP"))
    assert checkin(weekly).channel_id is None


@pytest.mark.parametrize(
    ("values", "sentence", "field"),
    [
        ({"name": " "}, "checkin_name_empty", "name"),
        ({"rule": "every Thursday 18:00"}, "checkin_hours", "rule"),
        ({"days": "0", "close_at": "10:30"}, "checkin_closes_early", "close_at"),
        ({"close_at": "noonish"}, "time_unknown", "close_at"),
    ],
)
def test_a_wrong_setting_is_said_beside_its_field_and_nothing_changes(
    weekly: EntryWorld, values: dict[str, Any], sentence: str, field: str
) -> None:
    before = checkin(weekly).model_dump()
    with pytest.raises(Refused, match=sentence) as refused:
        change(weekly, **values)
    assert refused.value.field == field
    assert checkin(weekly).model_dump() == before


def test_a_channel_the_bot_is_not_in_takes_no_result(weekly: EntryWorld) -> None:
    outside = ChannelInfo("C-PLAN", "planning", is_member=False, is_archived=False, is_shared=False)
    with pytest.raises(Refused, match="channel_not_in") as refused:
        change(weekly, info=outside, name="Other", channel="C-PLAN")
    assert refused.value.field == "channel"
    assert (checkin(weekly).channel_id, checkin(weekly).name) == (None, "Weekly check-in")


def test_a_round_that_runs_stays_as_it_was(weekly: EntryWorld) -> None:
    with weekly.database.transaction() as session:
        workspace, held = session.get_one(Workspace, WORKSPACE), session.get_one(Checkin, checkin(weekly).id)
        assert run_now(session, a_context(weekly.now), workspace, held)

    def running() -> list[dict[str, Any]]:
        return [row.model_dump() for row in (*weekly.rows(CheckinRound), *weekly.rows(CheckinAsked))]

    before = running()
    card = words(change(weekly, rule="every Monday 9:00", days="5"))
    assert running() == before
    assert "The round of Wed 10 June runs on as it was." in card


def test_undo_puts_it_back_unless_somebody_changed_it_since(weekly: EntryWorld) -> None:
    before, due = checkin(weekly).model_dump(), next_day(weekly)
    card = change(weekly, name="Other", rule="every Monday 9:00", days="5", nudge="no")
    weekly.does("lead", changing.undo_change, buttons(card)["Undo"].value)
    assert (checkin(weekly).model_dump(), next_day(weekly)) == (before, due)

    old = buttons(change(weekly, name="First"))["Undo"].value
    change(weekly, name="Second")
    with pytest.raises(Refused, match="checkin_changed_since"):
        weekly.does("lead", changing.undo_change, old)
    assert checkin(weekly).name == "Second"


def test_it_is_for_facilitators(weekly: EntryWorld) -> None:
    for use_case, value in ((changing.new_form, "weekly"), (changing.settings_form, checkin(weekly).id)):
        with pytest.raises(Refused, match="facilitators_only"):
            weekly.does("sam", use_case, value)
    with pytest.raises(Refused, match="facilitators_only"):
        change(weekly, who="sam", name="Mine")
    with pytest.raises(Refused, match="facilitators_only"):
        add(weekly, who="sam")
    card = change(weekly, name="Other")
    with pytest.raises(Refused, match="facilitators_only"):
        weekly.does("sam", changing.undo_change, buttons(card)["Undo"].value)
