"""The brief of the sample company says what the sample's own check expects, and nothing that was known later."""

import json
import re
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from sqlmodel import col, delete, select, update

from bot.domain.brief import BRIDGES, BriefSnapshot, to_json
from bot.services.briefs import (
    build_brief,
)
from bot.services.messages import briefs as messages
from bot.templates import speaker
from storage.tables import (
    Agreement,
    AgreementStatus,
    Answered,
    Decision,
    DecisionKind,
    DecisionStatus,
    Entry,
    Kind,
    Level,
    Meeting,
    MeetingStatus,
    Member,
    ObjectiveActual,
    PulseAsked,
    PulseRound,
    PulseScore,
)
from tests.brief_text import lines_of, text_of
from tests.sample_check import Fact, missing_facts
from tests.services.brief_company import DUE, Company


def all_facts() -> list[Fact]:
    facts: list[Fact] = json.loads((files("bot") / "sample" / "brief_facts_2026-06-PS.json").read_text("utf-8"))
    return facts


STANDING = messages.Standing("brief1")


# ---------------------------------------------------------------- the sample


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_fact_of_the_sample_stands_in_the_brief(company: Company, language: str) -> None:
    speak = speaker(language, "Europe/Amsterdam")
    snapshot = company.snapshot()
    post = messages.post(speak, snapshot, STANDING)
    text = "\n".join([text_of(post), "---", *(text_of(reply) for reply in messages.thread(speak, snapshot))])

    facts = all_facts()
    assert len(facts) == 50
    assert missing_facts(facts, text, language) == []
    assert len(lines_of(post)) <= 15
    assert max(map(len, lines_of(post))) <= 195


def test_every_figure_is_that_of_the_sample(company: Company) -> None:
    snapshot, session = company.snapshot(), company.session
    keys = dict(session.exec(select(Agreement.id, Agreement.key)).all())
    entries, agreements = snapshot.entries, snapshot.agreements
    sides = {side.key: side.entries for side in entries.by_side or ()}

    def iso(moment: datetime | None) -> str:
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""

    def keyed(facts: Any) -> list[str]:
        return [keys[fact.id] for fact in facts]

    def entry(ref: str) -> str:
        return f"E{int(ref):03d}"

    figures: dict[str, Any] = {
        **_decision_figures(snapshot),
        **_pulse_figures(snapshot),
        "F01": iso(snapshot.starts_at),
        "F02": iso(snapshot.as_of),
        "F04": [len(agreements.kept), agreements.fell_due],
        "F05": sorted(repeat.tension_key or "" for repeat in snapshot.came_back if not repeat.resolved_on),
        "F19": [
            f"{snapshot.month:%Y-%m}",
            sum(fact.better is True for fact in snapshot.objectives),
            sum(fact.at_target for fact in snapshot.objectives),
        ],
        **{f"F{20 + n}": [fact.actual, fact.target] for n, fact in enumerate(snapshot.objectives)},
        "F25": [float(fact.change or 0) for fact in snapshot.objectives],
        "F26": [iso(snapshot.since), iso(snapshot.as_of)],
        "F27": entries.total,
        "F28": entries.by_kind[Kind.CLASH],
        "F29": entries.by_kind[Kind.NOT_SO_WELL],
        "F30": entries.by_kind[Kind.WENT_WELL],
        "F31": entries.by_kind[Kind.IMPROVE],
        "F32": [entries.by_level[level] for level in Level],
        "F33": sides["sales"],
        "F34": sides["operations"],
        "F35": sides[BRIDGES],
        "F36": list(entries.silent),
        "F37": sorted(entry(repeat.ref) for repeat in snapshot.came_back),
        "F38": [x for r in snapshot.came_back if r.resolved_on for x in (entry(r.ref), r.resolved_on.isoformat())],
        "F39": sorted(keyed(agreements.kept)),
        "F40": keyed(agreements.partly_kept),
        "F41": keyed(agreements.due),
        "F42": keyed(agreements.later),
        **{f"F{43 + n}": entry(win.ref) for n, win in enumerate(snapshot.went_well[:3])},
    }

    assert figures == {fact["id"]: fact["value"] for fact in all_facts()}


def _decision_figures(snapshot: BriefSnapshot) -> dict[str, Any]:
    """As check.py has them; names and keys of the files are those of the sample."""
    first, second, third = snapshot.decisions
    (tray_sealer,) = snapshot.elsewhere
    numbers = [int(word.replace(",", "")) for word in re.findall(r"[0-9,]{5,}", first.options[1].price or "")]
    assert tray_sealer.starts_at is not None
    return {
        "F06": "D36" if "which rule for airline menus" in first.question else first.question,
        "F07": f"{first.options[0].text}; {first.options[0].price}",
        "F08": f"{first.options[1].text}; {first.options[1].price}",
        "F09": sorted(numbers),
        "F10": first.recommendation,
        "F11": "M24" if first.owner == "Production Scheduler Noord" else first.owner,
        "F12": "D37" if "exception to the launch gate" in second.question else second.question,
        "F13": f"{second.options[0].text}; {second.options[0].price}",
        "F14": f"{second.options[1].text}; {second.options[1].price}",
        "F15": 2 if "two days less life" in (second.options[1].price or "") else None,
        "F16": second.recommendation or "none",
        "F17": "M08" if second.owner == "Category and Promotions Manager" else second.owner,
        "F18": "D38" if "Bias per account" in third.question else third.question,
        "F46": ["D39" if "tray sealer" in tray_sealer.question else "", tray_sealer.starts_at.date().isoformat()],
    }


def _pulse_figures(snapshot: BriefSnapshot) -> dict[str, Any]:
    pulse = snapshot.pulse
    assert pulse is not None
    sales, operations = pulse.sides
    moves = {side.direction for side in pulse.sides}
    return {
        "F03": str(moves.pop()) if len(moves) == 1 else "each",
        "F47": [float(sales.mean), sales.people],
        "F48": [float(operations.mean), operations.people],
        "F49": [float(pulse.gap or 0), float(pulse.gap_before or 0), str(pulse.direction)],
        "F50": "not shown" if pulse.bridges is None else "shown",
    }


def test_nothing_later_than_the_due_minute_is_used(company: Company) -> None:
    before, session, day = company.snapshot(), company.session, date(2026, 6, 11)
    later_entries = col(Entry.created_at) >= DUE
    session.execute(update(Entry).where(later_entries).values(kind=Kind.CLASH, side="sales", tension_key="T01"))
    side_only = update(Entry).where(col(Entry.created_at).is_(None), col(Entry.created_on) >= day)
    session.execute(side_only.values(kind=Kind.WENT_WELL, effect_eur=-99_999))
    session.execute(update(Entry).where(col(Entry.resolved_on) >= day).values(resolved_on=None))
    session.execute(delete(ObjectiveActual).where(col(ObjectiveActual.month) >= date(2026, 6, 1)))
    closed_later = update(Agreement).where(col(Agreement.closed_on) >= day)
    session.execute(closed_later.values(status=AgreementStatus.NOT_KEPT, closed_on=date(2026, 6, 29)))
    session.execute(update(Agreement).where(col(Agreement.made_on) >= day).values(title="?", due_on=day))
    evaluated_later = update(Agreement).where(col(Agreement.evaluated_on) >= day)
    session.execute(evaluated_later.values(score_first=-2, evaluated_on=day, evaluation_note="?"))
    asked_later = update(Decision).where(col(Decision.entered_at) >= DUE)
    session.execute(asked_later.values(question="?", kind=DecisionKind.ESCALATE))
    answered = update(Decision).where(col(Decision.answered_at) >= DUE)
    session.execute(answered.values(status=DecisionStatus.CARRIED_OVER, taken_option=None))
    later_rounds = select(PulseRound.id).where(col(PulseRound.closes_at) > DUE)
    session.execute(update(PulseScore).where(col(PulseScore.round_id).in_(later_rounds)).values(score=1))
    # Of what is planned there is no history: the executive S&OP that questions are passed on to stays.
    later_meetings = update(Meeting).where(col(Meeting.brief_due_at) > DUE, col(Meeting.key) != "2026-06-EX")
    session.execute(later_meetings.values(status=MeetingStatus.CANCELLED, title="?"))
    session.execute(update(Member).where(col(Member.active_from) > day).values(side="finance"))
    session.expire_all()

    assert company.snapshot() == before


def test_a_change_before_the_due_minute_is_seen(company: Company) -> None:
    """The counterpart of the test above: the same kind of change, a minute earlier, is told."""
    before = company.snapshot()
    late_win = company.session.exec(select(Entry).where(Entry.ref == "110")).one()
    late_win.created_at = DUE - timedelta(minutes=1)

    assert company.snapshot().entries.total == before.entries.total + 1


def test_the_brief_of_the_executive_meeting_has_its_own_last_brief(company: Company) -> None:
    executive = company.session.exec(select(Meeting).where(Meeting.key == "2026-06-EX")).one()
    earlier = company.session.exec(select(Meeting).where(Meeting.key == "2026-05-EX")).one()
    assert executive.brief_due_at is not None

    assert build_brief(company.session, executive, executive.brief_due_at).since == earlier.brief_due_at


# ---------------------------------------------------------------- what may not be shown


@pytest.mark.parametrize("hidden", ["sales", "operations"])
def test_with_too_few_answers_on_one_side_neither_mean_leaves_a_trace(company: Company, hidden: str) -> None:
    """One answer a round stays: then no mean, no gap and no direction is stored or said, of either side."""
    scores = company.session.exec(select(PulseScore).where(PulseScore.side == hidden)).all()
    kept = {score.round_id: score.id for score in scores}
    for score in scores:
        if score.id not in kept.values():
            company.session.delete(score)
    company.session.flush()

    snapshot = company.snapshot()
    pulse = to_json(snapshot)["pulse"]
    post = text_of(messages.post(speaker("en", "Europe/Amsterdam"), snapshot, STANDING))

    assert (pulse["sides"], pulse["gap"], pulse["gap_before"], pulse["bridges"]) == ([], None, None, None)
    assert "No pulse this time: fewer than five answers on one side." in post
    assert "Cooperation" not in post
    assert "In short. 16 entries since 13 May;" in post


def test_a_late_answer_moves_no_figure_of_the_brief(company: Company) -> None:
    before = company.snapshot()
    late = company.session.exec(select(PulseAsked).where(PulseAsked.answered == Answered.NO)).all()
    assert late
    for asked in late:
        asked.answered = Answered.LATE
    company.session.flush()

    assert company.snapshot() == before
