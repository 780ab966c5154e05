"""From facts to findings: each thing that can be wrong is one finding with its cure, and nothing else changes."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.diagnosis import (
    Address,
    Channel,
    ChannelState,
    Company,
    Contents,
    Facts,
    Finding,
    Folder,
    KeyFile,
    Mark,
    Occupant,
    Port,
    SlackAnswer,
    Store,
    count,
    diagnose,
)
from bot.domain.diagnosis.slack import LOST
from tests.clock import T0

NEEDED = frozenset({"chat:write", "im:history"})
SLACK = SlackAnswer("https://slack.com/api/", "", "T1", "Saladine", NEEDED, slack_time=T0, our_time=T0)
RUNNING = Port("127.0.0.1", 3000, Occupant.AMPERSAND, "in use", last_tick=T0)
COMPANY = Company("T1", "Saladine", facilitators=1, channels={"C1": "sop"})
PUBLIC = "https://sop.example.com"
HEALTHY = Facts(
    now=T0,
    wrong_settings={},
    folders=[Folder("data", "AMPERSAND_DATA_DIR")],
    key_file=KeyFile("data/secret.key"),
    store=Store("SQLite", "data/ampersand.db", revision="0002", known=["0001", "0002"]),
    contents=Contents([COMPANY], {"Europe/Amsterdam": "the company"}),
    default_zone="Europe/Amsterdam",
    named_facilitators=0,
    slack=SLACK,
    needed_scopes=NEEDED,
    uses_socket_mode=False,
    app_token_error=None,
    channels=[Channel("sop", ChannelState.MEMBER)],
    port=RUNNING,
    address=Address(PUBLIC, Occupant.AMPERSAND),
)


def store(**over: Any) -> dict[str, Any]:
    """That database, and what follows from it."""
    assert HEALTHY.store
    changed = replace(HEALTHY.store, **over)
    return {"store": changed, "contents": HEALTHY.contents if changed.is_current else None}


def findings(**over: Any) -> list[Finding]:
    return diagnose(replace(HEALTHY, **over))


def test_where_nothing_is_wrong_every_line_is_ok_and_has_no_cure() -> None:
    assert {(finding.mark, finding.cure) for finding in findings()} == {(Mark.OK, "")}
    assert len(findings()) == 15


@pytest.mark.parametrize(
    ("over", "check", "mark", "sentence"),
    [
        ({"wrong_settings": {"X": "X must be y."}}, "settings", Mark.PROBLEM, "X must be y."),
        ({"folders": [Folder("d", "V", "read-only file system")]}, "folder", Mark.PROBLEM, "write in d: read-only"),
        ({"folders": [Folder("d", "V", open=["d", "d/a.db"])]}, "folder", Mark.WARNING, "may use d and d/a.db."),
        (
            {"key_file": KeyFile("key", error="it is too short")},
            "secret",
            Mark.PROBLEM,
            "key cannot be used: it is too",
        ),
        ({"key_file": KeyFile("key", is_open_to_others=True)}, "secret", Mark.WARNING, "may read the key file key"),
        (store(error="no route"), "database", Mark.PROBLEM, "The database cannot be used: no route."),
        (store(is_there=False), "database", Mark.WARNING, "There is no database at data/ampersand.db yet."),
        (store(revision=None), "migrations", Mark.WARNING, "The database has no tables yet."),
        (store(revision="0001"), "migrations", Mark.PROBLEM, "an older schema (0001) than this program (0002)"),
        (
            store(revision="0003"),
            "migrations",
            Mark.PROBLEM,
            "(0003) that this program (0002) does not know: it is new",
        ),
        ({"slack": replace(SLACK, error=None)}, "token", Mark.PROBLEM, "Slack does not answer at https://slack.com"),
        ({"slack": replace(SLACK, error="ratelimited")}, "token", Mark.PROBLEM, "as it should (ratelimited)"),
        ({"slack": replace(SLACK, error="token_revoked")}, "token", Mark.PROBLEM, "SLACK_BOT_TOKEN (token_revoked)"),
        ({"slack": replace(SLACK, scopes=frozenset({"im:history"}))}, "scopes", Mark.PROBLEM, "nothing can be posted"),
        ({"slack": replace(SLACK, scopes=None)}, "scopes", Mark.SKIPPED, "Slack did not tell what the token may do"),
        ({"uses_socket_mode": True, "app_token_error": "x"}, "way in", Mark.PROBLEM, "SLACK_APP_TOKEN (x)"),
        ({"uses_socket_mode": True}, "way in", Mark.PROBLEM, "Slack does not answer at"),
        ({"channels": [Channel("a", ChannelState.NOT_MEMBER)]}, "channels", Mark.PROBLEM, "The bot is not in #a"),
        ({"channels": [Channel("a", ChannelState.ARCHIVED)]}, "channels", Mark.PROBLEM, "#a is archived"),
        ({"channels": [Channel("a", ChannelState.GONE)]}, "channels", Mark.PROBLEM, "no channel #a"),
        ({"channels": [Channel("a", ChannelState.UNKNOWN, "x")]}, "channels", Mark.WARNING, "how #a stands (x)"),
        ({"channels": []}, "channels", Mark.WARNING, "No channel is chosen yet"),
        ({"contents": Contents([replace(COMPANY, facilitators=0)], {})}, "facilitators", Mark.WARNING, "of Saladine:"),
        ({"contents": Contents([], {})}, "facilitators", Mark.WARNING, "Nobody is facilitator of the workspace"),
        ({"contents": Contents([COMPANY], {"Mars/Base": "2 members"})}, "zones", Mark.PROBLEM, "“Mars/Base” (2 member"),
        ({"default_zone": "Mars/Base"}, "zones", Mark.PROBLEM, "“Mars/Base” (AMPERSAND_TIMEZONE)"),
        ({"port": None}, "port", Mark.SKIPPED, "AMPERSAND_HOST or AMPERSAND_PORT cannot be used"),
        ({"port": Port("h", 1, Occupant.ANOTHER, "in use")}, "port", Mark.PROBLEM, "Port 1 on h is not free (in use)."),
        ({"port": replace(RUNNING, last_tick=None)}, "ticks", Mark.PROBLEM, "has not looked for anything"),
        ({"port": replace(RUNNING, is_connected=False)}, "connection", Mark.PROBLEM, "has no connection to Slack"),
        ({"address": Address(None)}, "address", Mark.WARNING, "AMPERSAND_PUBLIC_URL is not set"),
        ({"address": Address("http://x")}, "address", Mark.PROBLEM, "Slack sends to https:// only"),
        ({"address": Address(PUBLIC)}, "address", Mark.SKIPPED, "Ampersand is not running"),
        ({"address": Address(PUBLIC, Occupant.NOBODY)}, "address", Mark.WARNING, "could not be reached from this"),
        ({"address": Address(PUBLIC, Occupant.ANOTHER)}, "address", Mark.WARNING, "something else than Ampersand"),
    ],
)
def test_what_is_wrong_is_one_finding_with_its_cure(over: Any, check: str, mark: Mark, sentence: str) -> None:
    changed = [finding for finding in findings(**over) if finding.mark not in {Mark.OK, Mark.SKIPPED}]
    if mark is Mark.SKIPPED:
        changed = [finding for finding in findings(**over) if finding.mark is Mark.SKIPPED]

    assert [(finding.check, finding.mark) for finding in changed] == [(check, mark)]
    assert sentence in changed[0].what
    assert changed[0].cure or mark is Mark.SKIPPED


@pytest.mark.parametrize(
    ("over", "skipped"),
    [
        ({"store": None, "contents": None, "channels": None}, {"database", "channels", "facilitators", "zones"}),
        ({"slack": replace(SLACK, error="invalid_auth"), "channels": None}, {"scopes", "channels"}),
        ({"slack": None, "channels": None}, {"token", "scopes", "channels", "clock"}),
        ({**store(revision="0001"), "channels": None}, {"channels", "facilitators", "zones"}),
        (
            {"wrong_settings": {"SLACK_SIGNING_SECRET": "…", "AMPERSAND_PUBLIC_URL": "…"}, "address": Address(None)},
            {"way in", "address"},
        ),
        ({"wrong_settings": {"SLACK_APP_TOKEN": "…"}}, {"way in"}),
    ],
)
def test_what_could_not_be_checked_is_said_with_the_reason(over: Any, skipped: set[str]) -> None:
    found = [finding for finding in findings(**over) if finding.mark is Mark.SKIPPED]

    assert {finding.check for finding in found} == skipped
    assert all(finding.what.startswith("Not checked: ") for finding in found)


@pytest.mark.parametrize(
    ("off", "mark", "sentence"),
    [
        (timedelta(minutes=2), Mark.OK, "agrees with Slack's"),
        (timedelta(minutes=-2), Mark.OK, "agrees with Slack's"),
        (timedelta(minutes=3), Mark.PROBLEM, "is 3 minutes ahead of Slack's"),
        (timedelta(minutes=-61), Mark.PROBLEM, "is 61 minutes behind Slack's"),
    ],
)
def test_two_minutes_are_no_matter(off: timedelta, mark: Mark, sentence: str) -> None:
    (clock,) = [one for one in findings(slack=replace(SLACK, our_time=T0 + off)) if one.check == "clock"]

    assert clock.mark is mark
    assert sentence in clock.what


@pytest.mark.parametrize(("ago", "mark"), [(timedelta(minutes=2), Mark.OK), (timedelta(minutes=5), Mark.PROBLEM)])
def test_a_bot_that_stopped_looking_is_noticed(ago: timedelta, mark: Mark) -> None:
    (ticks,) = [one for one in findings(port=replace(RUNNING, last_tick=T0 - ago)) if one.check == "ticks"]

    assert ticks.mark is mark


def test_a_playground_on_this_machine_needs_no_certificate() -> None:
    assert count(findings(address=Address("http://localhost:3000", Occupant.AMPERSAND), is_trial=True), Mark.OK) == 15


def test_a_secret_of_the_environment_needs_no_key_file() -> None:
    assert {finding.mark for finding in findings(key_file=None)} == {Mark.OK}
    assert {finding.mark for finding in findings(key_file=KeyFile("key", is_there=False))} == {Mark.OK}


def test_a_facilitator_of_the_environment_is_one_too() -> None:
    nobody = Contents([replace(COMPANY, facilitators=0)], {})

    assert {finding.mark for finding in findings(contents=nobody, named_facilitators=1)} == {Mark.OK}


def test_where_nobody_leads_a_slack_admin_comes_first() -> None:
    nobody = Contents([replace(COMPANY, facilitators=0)], {})

    (warned,) = [finding for finding in findings(contents=nobody) if finding.mark is Mark.WARNING]
    assert warned.cure.startswith("A Slack admin types /sop setup; where nobody is one, set AMPERSAND_FACILITATORS")


def test_over_http_a_secret_that_is_there_is_not_said_to_be_right() -> None:
    (way_in,) = [finding for finding in findings() if finding.check == "way in"]
    assert "Only a request from Slack proves that it is the right one" in way_in.what


def test_a_database_of_another_company_is_named() -> None:
    two = Contents([COMPANY, replace(COMPANY, team_id="T2", name="Vers")], {})

    (warned,) = [finding for finding in findings(contents=two) if finding.mark is Mark.WARNING]
    assert "also holds Vers (T2), which this token does not reach" in warned.what


def test_of_every_permission_it_is_known_what_is_lost_without_it() -> None:
    manifest = yaml.safe_load((Path(__file__).parents[2] / "app.yaml").read_text(encoding="utf-8"))

    assert set(manifest["oauth_config"]["scopes"]["bot"]) == LOST.keys()
