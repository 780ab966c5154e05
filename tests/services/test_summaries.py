"""The weekly summary: planned, posted once, late with a note or not at all, looked into, and moved by facilitators."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import Session, col, delete, select
from syrupy.assertion import SnapshotAssertion

from bot.domain.chat import Button, Buttons, ChannelInfo, ChoiceField, Heading, Message, Small, Submission, Text
from bot.domain.chat_json import from_json
from bot.domain.errors import Refused
from bot.domain.markup import strip_markup
from bot.services.access import Sender
from bot.services.meetings import save_days_off
from bot.services.messages.fitting import LINE
from bot.services.not_shown import why_not_shown
from bot.services.samples import load_sample, read_sample
from bot.services.scheduling import materialise_due
from bot.services.summaries.building import build_summary
from bot.services.summaries.changing import save_summary_rule, summary_form, undo_summary_rule
from bot.services.summaries.planning import ensure_summary, plan_summary
from bot.services.summaries.posting import materialise_summary
from bot.services.summaries.showing import show_summary, summary_agreements, summary_entries
from storage.database import Database
from storage.tables import (
    Agreement,
    AgreementStatus,
    AuditRecord,
    Entry,
    Holiday,
    Occurrence,
    OccurrenceState,
    Outgoing,
    Platform,
    PulseScore,
    Role,
    Schedule,
    ScheduleKind,
    Workspace,
)
from tests.builders import a_context, a_member, a_side, a_workspace, an_entry

DUE = datetime(2026, 6, 19, 13, tzinfo=UTC)
WEEK = timedelta(days=7)
ELSEWHERE = ChannelInfo("C-ELSE", "elsewhere", is_member=True, is_archived=False, is_shared=False)


@dataclass
class Summaries:
    """A workspace whose clock is moved by hand; `session` is the transaction of the test."""

    session: Session
    workspace: Workspace
    now: datetime = DUE - timedelta(days=2)
    requests: Iterator[int] = field(default_factory=lambda: iter(range(1000)))

    def plan(self) -> None:
        plan_summary(self.session, a_context(self.now), self.workspace)

    def run_at(self, now: datetime) -> None:
        """Let happen what is due then."""
        self.now = now
        kinds = {ScheduleKind.WEEKLY_SUMMARY: materialise_summary}
        while materialise_due(self.session, a_context(now), kinds):
            self.session.expire_all()

    def due(self) -> datetime | None:
        schedule = select(Schedule).where(Schedule.kind == ScheduleKind.WEEKLY_SUMMARY)
        found = self.session.exec(schedule.execution_options(populate_existing=True)).one_or_none()
        return found.next_due_at if found else None

    def ledger(self) -> list[OccurrenceState]:
        done = select(Occurrence).order_by(col(Occurrence.due_at)).execution_options(populate_existing=True)
        return [row.state for row in self.session.exec(done).all()]

    def rows(self) -> list[Outgoing]:
        return list(self.session.exec(select(Outgoing).order_by(col(Outgoing.key))).all())

    def posts(self) -> list[Message]:
        return [from_json(row.message or {}) for row in self.rows() if row.key.startswith("summary:")]

    def sender(self, key: str = "M18") -> Sender:
        return Sender(Platform.SLACK, self.workspace.external_id, key)

    def saves(self, day: str, at: str = "15:00", channel: str = "C-SOP", who: str = "M18") -> Message:
        submission = Submission("summary.save", {"day": day, "at": at, "channel": channel}, {})
        seen = {"C-ELSE": ELSEWHERE, "C-SOP": None, "C-GONE": None}
        request = f"request{next(self.requests)}"
        return save_summary_rule(self.session, a_context(self.now), self.sender(who), request, submission, seen)

    def undoes(self, card: Message) -> Message:
        (undo,) = buttons(card)
        return undo_summary_rule(self.session, a_context(self.now), self.sender(), undo.value)


def buttons(message: Message) -> list[Button]:
    return [button for part in message.parts if isinstance(part, Buttons) for button in part.buttons]


def texts(message: Message) -> str:
    return "\n".join(part.text for part in message.parts if isinstance(part, Text | Heading | Small))


@pytest.fixture
def sample(database: Database) -> Iterator[Summaries]:
    """The sample company on 30 June, with a clock that stands on 17 June."""
    with database.transaction() as session:
        workspace = a_workspace(session)
        a_side(session, key="sales", name="Sales", position=0)
        a_side(session, key="operations", name="Operations", position=1)
        load_sample(session, a_context(), workspace, read_sample())
        yield Summaries(session, workspace)


@pytest.fixture
def empty(database: Database) -> Iterator[Summaries]:
    """A company in which nothing was noted yet, with a facilitator and a member."""
    with database.transaction() as session:
        workspace = a_workspace(session)
        a_side(session)
        a_member(session, external_id="M18", role=Role.FACILITATOR, name="Lead")
        a_member(session, external_id="M02", name="Els")
        yield Summaries(session, workspace)


# ---------------------------------------------------------------- the post


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_post_in_both_languages(sample: Summaries, language: str, snapshot: SnapshotAssertion) -> None:
    sample.workspace.language = language
    sample.plan()
    sample.run_at(DUE)

    assert sample.posts() == [snapshot]


def test_in_every_week_it_has_at_most_ten_lines_that_fit_a_phone(sample: Summaries) -> None:
    """Of the whole half-year, posted on time and late in turn."""
    sample.now = datetime(2026, 1, 14, 8, tzinfo=UTC)
    sample.plan()
    for week in range(24):
        due = sample.due()
        assert due
        sample.run_at(due + timedelta(hours=week % 2))

    posts = [texts(post).splitlines() for post in sample.posts()]
    assert len(posts) == 24
    assert max(len(lines) for lines in posts) == 10
    assert max(len(strip_markup(line)) for lines in posts for line in lines) <= LINE


def test_nothing_to_report_is_one_friendly_line(empty: Summaries) -> None:
    empty.plan()
    empty.run_at(DUE)
    (post,) = empty.posts()

    assert texts(post) == "**Week 25: nothing to report.** No entries, no agreement due."
    assert [button.label for button in buttons(post)] == ["Add an example"]


def test_a_week_in_which_the_company_is_off_is_announced_the_week_before_and_skipped(empty: Summaries) -> None:
    for day in range(22, 27):
        empty.session.add(Holiday(workspace_id=empty.workspace.id, day=date(2026, 6, day), name="Summer"))
    empty.plan()
    empty.run_at(DUE)

    assert "The company is off next week. The next summary comes on Fri 3 July, 15:00 (Amsterdam)." in texts(
        empty.posts()[0]
    )
    assert empty.due() == DUE + 2 * WEEK


def test_nobody_is_named_beside_what_is_overdue(sample: Summaries) -> None:
    """The owner and the partner of the overdue agreement are members like all others: no name of any stands there."""
    sample.plan()
    sample.run_at(DUE)
    (post,) = sample.posts()

    assert "Overdue: Airline band" in texts(post)
    overdue = next(line for line in texts(post).splitlines() if "Overdue" in line)
    names = [member.name for member in read_sample().members]
    assert not [name for name in names if name in overdue]


# ---------------------------------------------------------------- when it comes


def test_it_is_posted_once_and_the_next_is_planned(sample: Summaries) -> None:
    sample.plan()
    sample.run_at(DUE)
    sample.run_at(DUE + timedelta(minutes=3))

    assert [row.key for row in sample.rows()] == [f"summary:{sample.workspace.id}:202606191300"]
    assert [row.target_id for row in sample.rows()] == ["C-SOP"]
    assert sample.due() == DUE + WEEK
    assert sample.ledger() == [OccurrenceState.DONE]


def test_late_it_says_so_first_and_tells_the_week_of_its_due_minute(empty: Summaries) -> None:
    an_entry(empty.session, workspace_id=empty.workspace.id, created_at=DUE - timedelta(hours=1), created_on=DUE.date())
    an_entry(empty.session, workspace_id=empty.workspace.id, created_at=DUE + timedelta(hours=1), created_on=DUE.date())
    empty.plan()
    empty.run_at(DUE + timedelta(days=2))
    (post,) = empty.posts()

    assert isinstance(post.parts[0], Small)
    assert post.parts[0].text.startswith("Planned for Fri 19 June, 15:00 (Amsterdam), posted on Sun 21 June, 15:00")
    assert "Week 25: 1 entry" in texts(post)
    assert empty.ledger() == [OccurrenceState.LATE]


def test_too_late_it_is_left_out_the_facilitators_hear_so_and_the_next_one_tells_of_that_week(empty: Summaries) -> None:
    at = DUE - timedelta(days=3)
    an_entry(empty.session, workspace_id=empty.workspace.id, created_at=at, created_on=at.date())
    empty.now = DUE - WEEK - timedelta(days=1)
    empty.plan()
    empty.run_at(DUE - WEEK)
    empty.run_at(DUE + timedelta(days=5))

    notices = [texts(from_json(row.message or {})) for row in empty.rows() if row.target_id == "M18"]
    assert notices == [
        (
            "**The weekly summary of Fri 19 June was not posted: I was not running for four days.**"
            " Nothing is lost: the next one tells of that week too."
        )
    ]
    empty.run_at(DUE + WEEK)
    assert "Week 26: 1 entry" in texts(empty.posts()[-1])


def test_after_two_months_away_one_notice_and_the_next_summary_come(empty: Summaries) -> None:
    empty.plan()
    empty.run_at(DUE + 9 * WEEK + timedelta(days=5))

    assert len([row for row in empty.rows() if row.target_id == "M18"]) == 1
    assert empty.posts() == []
    assert empty.due() == DUE + 10 * WEEK


def test_without_a_channel_nothing_is_planned_until_there_is_one(empty: Summaries) -> None:
    empty.workspace.channel_id = None
    empty.plan()
    assert empty.due() is None

    empty.workspace.channel_id = "C-NEW"
    empty.plan()
    assert empty.due() == DUE


def test_a_friday_that_is_declared_off_makes_it_come_sooner(empty: Summaries) -> None:
    empty.plan()
    submission = Submission("holiday.save", {"name": "Bridge day", "first": DUE.date(), "last": DUE.date()}, {})
    save_days_off(empty.session, a_context(empty.now), empty.sender(), "request", submission)

    assert empty.due() == DUE - timedelta(days=1)


def test_a_week_that_is_declared_off_after_it_was_planned_has_none(empty: Summaries) -> None:
    empty.plan()
    for day in range(15, 20):
        empty.session.add(Holiday(workspace_id=empty.workspace.id, day=date(2026, 6, day), name="Closed"))
    empty.session.flush()
    empty.run_at(DUE)

    assert (empty.posts(), empty.due()) == ([], DUE + WEEK)


def test_before_good_friday_it_comes_on_thursday(empty: Summaries) -> None:
    empty.now = datetime(2026, 3, 27, 15, tzinfo=UTC)
    empty.plan()

    assert empty.due() == datetime(2026, 4, 2, 13, tzinfo=UTC)


def test_starting_again_leaves_what_is_due_and_plans_what_is_missing(empty: Summaries) -> None:
    ensure_summary(empty.session, a_context(empty.now), empty.workspace)
    assert empty.due() == DUE

    ensure_summary(empty.session, a_context(DUE + timedelta(hours=1)), empty.workspace)
    assert empty.due() == DUE


def test_a_day_off_that_was_added_later_moves_it_within_the_week(empty: Summaries) -> None:
    """It was planned for Thursday, because Friday was off; now Friday is worked."""
    friday = Holiday(workspace_id=empty.workspace.id, day=DUE.date(), name="Bridge day")
    empty.session.add(friday)
    empty.plan()
    assert empty.due() == DUE - timedelta(days=1)

    empty.session.delete(friday)
    empty.session.flush()
    empty.run_at(DUE - timedelta(days=1))
    assert (empty.posts(), empty.due()) == ([], DUE)


# ---------------------------------------------------------------- facilitators move it


def test_another_day_time_and_channel(empty: Summaries) -> None:
    empty.plan()
    card = empty.saves("3", "16.30", "C-ELSE")

    assert texts(card) == "**The next weekly summary comes on Thu 18 June, 16:30 (Amsterdam), in #elsewhere.**"
    empty.run_at(datetime(2026, 6, 18, 14, 30, tzinfo=UTC))
    assert [row.target_id for row in empty.rows()] == ["C-ELSE"]


def test_it_can_be_put_off_and_on_again(empty: Summaries) -> None:
    empty.plan()
    card = empty.saves("off")
    assert texts(card).startswith("**No weekly summary comes any more.**")
    assert empty.due() is None
    field = summary_form(empty.session, a_context(empty.now), empty.sender()).fields[0]
    assert isinstance(field, ChoiceField)
    assert field.initial == "off"

    empty.saves("4")
    assert empty.due() == DUE


def test_a_change_is_undone_and_both_are_noted(empty: Summaries) -> None:
    empty.plan()
    card = empty.saves("0", "09:00")
    undone = empty.undoes(card)

    assert texts(undone) == ("**It is as it was before.** The next summary comes on Fri 19 June, 15:00 (Amsterdam).")
    assert empty.due() == DUE
    noted = empty.session.exec(select(AuditRecord).order_by(col(AuditRecord.id))).all()
    assert {record.action for record in noted} == {"summary.change", "summary.undo"}


def test_an_undo_after_another_change_is_refused(empty: Summaries) -> None:
    card = empty.saves("0", "09:00")
    empty.saves("1", "09:00")

    with pytest.raises(Refused, match="summary_changed_since"):
        empty.undoes(card)


@pytest.mark.parametrize(
    ("info", "sentence"),
    [
        (None, "channel_not_in"),
        (ChannelInfo("C-GONE", "gone", is_member=False, is_archived=False, is_shared=False), "channel_not_in"),
        (ChannelInfo("C-GONE", "gone", is_member=True, is_archived=True, is_shared=False), "channel_archived"),
        (ChannelInfo("C-GONE", "gone", is_member=True, is_archived=False, is_shared=True), "channel_shared"),
    ],
)
def test_a_channel_that_takes_no_posts_is_refused_beside_the_field(
    empty: Summaries, info: ChannelInfo | None, sentence: str
) -> None:
    submission = Submission("summary.save", {"day": "4", "at": "15:00", "channel": "C-GONE"}, {})

    with pytest.raises(Refused, match=sentence) as refused:
        save_summary_rule(empty.session, a_context(empty.now), empty.sender(), "r", submission, {"C-GONE": info})
    assert refused.value.field == "channel"
    assert empty.due() is None


def test_members_look_and_facilitators_change(empty: Summaries) -> None:
    with pytest.raises(Refused, match="facilitators_only"):
        empty.saves("0", who="M02")
    looks = [
        [button.action for button in buttons(show_summary(empty.session, a_context(empty.now), empty.sender(key)))]
        for key in ("M02", "M18")
    ]
    assert looks == [["entry.new"], ["entry.new", "summary.open"]]


# ---------------------------------------------------------------- behind the buttons


def test_all_entries_and_agreements_stand_behind_the_buttons_as_they_were(sample: Summaries) -> None:
    sample.plan()
    sample.run_at(DUE)
    (post,) = sample.posts()
    values = {button.action: button.value for button in buttons(post)}
    sample.now = DUE + timedelta(days=30)
    context = a_context(sample.now)

    shown = summary_entries(sample.session, context, sample.sender("M02"), values["summary.entries"])
    refs = [part.button.value for part in shown.parts if isinstance(part, Text) and part.button]
    assert refs == ["112", "114", "115", "113", "111"]
    listed = texts(summary_agreements(sample.session, context, sample.sender("M02"), values["summary.agreements"]))
    assert "**New.** Build ahead for the UK in the overhaul (24 July)" in listed
    assert "**Date has passed.** Airline band: seven days menu, 72 hours volume (12 June)" in listed


def test_what_was_withdrawn_since_is_gone_from_the_window_too(sample: Summaries) -> None:
    sample.plan()
    sample.run_at(DUE)
    value = next(button.value for button in buttons(sample.posts()[0]) if button.action == "summary.entries")
    sample.session.exec(select(Entry).where(Entry.ref == "112")).one().withdrawn_on = DUE.date()
    sample.session.flush()

    shown = summary_entries(sample.session, a_context(DUE + WEEK), sample.sender("M02"), value)
    assert "#112" not in texts(shown)


def test_an_agreement_that_was_made_and_closed_since_the_last_summary_is_new(sample: Summaries) -> None:
    """Three weeks without a summary: made in the first of them, closed in the second."""
    made = sample.session.exec(select(Agreement).where(col(Agreement.title).startswith("Build ahead"))).one()
    made.made_on, made.due_on, made.closed_on = date(2026, 6, 1), date(2026, 6, 8), date(2026, 6, 9)
    made.status = AgreementStatus.KEPT
    sample.session.flush()
    facts = build_summary(sample.session, a_context(DUE), sample.workspace, DUE - 3 * WEEK, DUE)

    assert "Build ahead for the UK in the overhaul" in [one.title for one in facts.agreements.new]


def test_why_a_figure_is_missing_stands_behind_a_button_where_one_is(sample: Summaries) -> None:
    def actions() -> list[str]:
        return [one.action for one in buttons(show_summary(sample.session, a_context(DUE), sample.sender("M02")))]

    assert "figure.why" not in actions()
    sample.session.exec(delete(PulseScore))
    assert actions() == ["summary.entries", "summary.agreements", "entry.new", "figure.why"]
    why = why_not_shown(sample.session, a_context(DUE), sample.sender("M13"))
    assert texts(why).startswith("Een cijfer over minder dan vijf mensen wijst naar personen.")


@pytest.mark.parametrize(
    "value", ["", "2026-06-12T13:00", "tomorrow never", "2099-01-01T00:00:00.0 2099-01-08T00:00:00.0"]
)
def test_a_value_that_is_no_time_of_a_summary_is_refused(empty: Summaries, value: str) -> None:
    with pytest.raises(Refused, match="old_button"):
        summary_entries(empty.session, a_context(empty.now), empty.sender(), value)


def test_times_of_day_are_kept_as_they_are_typed(empty: Summaries) -> None:
    empty.saves("4", "9")
    form = summary_form(empty.session, a_context(empty.now), empty.sender())

    assert [getattr(one, "initial", None) for one in form.fields] == ["4", f"{time(9):%H:%M}", "C-SOP"]
