"""Slack: the token, what it may do, the way in, and the channels the bot posts in."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bot.domain.diagnosis.facts import Channel, ChannelState, Facts, SlackAnswer
from bot.domain.diagnosis.findings import Finding, ok, problem, skipped, warning

LOST: Final[Mapping[str, str]] = {
    "app_mentions:read": "the bot does not notice that somebody mentions it",
    "channels:history": "after a broken connection a post in a public channel may come twice",
    "channels:read": "public channels cannot be checked",
    "chat:write": "nothing can be posted",
    "commands": "/clash, /win, /sop and the shortcuts do not work",
    "files:write": "files, such as what is stored about somebody, cannot be handed out",
    "groups:history": "after a broken connection a post in a private channel may come twice",
    "groups:read": "private channels cannot be checked",
    "im:history": "what people type to the bot is not answered, and a private message may come twice",
    "im:write": "private messages cannot be looked up, and may come twice",
    "users:read": "names, time zones and languages stay unknown, and guests cannot be told from colleagues",
}
"""What does not work without each permission of the manifest."""

REINSTALL: Final = (
    "At api.slack.com/apps open your app, paste what `ampersand manifest` prints under App Manifest, then press "
    "Reinstall to Workspace under Install App."
)
CURES: Final[Mapping[str, str]] = {
    "SLACK_BOT_TOKEN": (
        "At api.slack.com/apps open your app, OAuth & Permissions, and copy the Bot User OAuth Token (xoxb-…) into "
        "SLACK_BOT_TOKEN; then start Ampersand again."
    ),
    "SLACK_SIGNING_SECRET": (
        "At api.slack.com/apps open your app, Basic Information, App Credentials, and copy the Signing Secret into "
        "SLACK_SIGNING_SECRET; then start Ampersand again. Or use Socket Mode: set SLACK_APP_TOKEN instead."
    ),
    "SLACK_APP_TOKEN": (
        "At api.slack.com/apps open your app, Basic Information, App-Level Tokens, generate one with the permission "
        "connections:write (xapp-…) for SLACK_APP_TOKEN, and turn Socket Mode on under Socket Mode."
    ),
}
"""Where to get what Slack gives out, by variable."""

REMOVED: Final = frozenset({"account_inactive", "token_revoked"})
BUSY: Final = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"})


def token(facts: Facts) -> Iterator[Finding]:
    slack = facts.slack
    if slack is None:
        yield skipped("token", "there is no SLACK_BOT_TOKEN that could be tried")
    elif slack.is_welcome:
        yield ok("token", f"Slack accepts the token; the bot is in {slack.team_name}.")
    else:
        yield problem("token", *not_welcome(slack))


def not_welcome(slack: SlackAnswer) -> tuple[str, str]:
    """What is so and the cure, for everybody who wants to speak to Slack."""
    if slack.error is None:
        return unreachable(slack.address)
    if slack.error in BUSY:
        return f"Slack does not answer as it should ({slack.error}).", "Try again in a minute; see status.slack.com."
    removed = "The app was removed from the workspace: install it again under Install App. "
    return (
        f"Slack does not accept SLACK_BOT_TOKEN ({slack.error}).",
        (removed if slack.error in REMOVED else "") + CURES["SLACK_BOT_TOKEN"],
    )


def unreachable(address: str) -> tuple[str, str]:
    return (
        f"Slack does not answer at {address}.",
        "Check that this machine may reach that address (network, firewall, proxy), and SLACK_API_URL.",
    )


def missing_scopes(needed: Iterable[str], granted: frozenset[str] | None) -> list[str]:
    """Permissions the manifest asks for and the token has not; none where Slack did not tell."""
    return [] if granted is None else sorted(set(needed) - granted)


def lost_without(scope: str) -> str:
    return LOST.get(scope, "a part of Ampersand does not work")


def scopes(facts: Facts) -> Iterator[Finding]:
    slack = facts.slack
    if slack is None or not slack.is_welcome:
        yield skipped("scopes", "without a token that Slack accepts nobody knows what it may do")
    elif slack.scopes is None:
        yield skipped("scopes", "Slack did not tell what the token may do")
    else:
        missing = missing_scopes(facts.needed_scopes, slack.scopes)
        for scope in missing:
            yield problem("scopes", f"The permission {scope} is missing: {lost_without(scope)}.", REINSTALL)
        if not missing:
            yield ok("scopes", f"The app has all {len(facts.needed_scopes)} permissions it needs.")


def way_in(facts: Facts) -> Iterator[Finding]:
    """Socket Mode or signed requests over HTTP."""
    if "SLACK_APP_TOKEN" in facts.wrong_settings:
        yield skipped("way in", "SLACK_APP_TOKEN cannot be used")
    elif facts.uses_socket_mode:
        yield _app_token(facts)
    elif "SLACK_SIGNING_SECRET" in facts.wrong_settings:
        yield skipped("way in", "there is neither a signing secret nor an app-level token")
    else:
        yield ok(
            "way in",
            "HTTP: requests are checked with SLACK_SIGNING_SECRET. Only a request from Slack proves that it is "
            "the right one: type /sop there.",
        )


def _app_token(facts: Facts) -> Finding:
    error = facts.app_token_error
    if error == "":
        return ok("way in", "Socket Mode: Slack accepts SLACK_APP_TOKEN.")
    if error is None:
        address = facts.slack.address if facts.slack else "its address"
        return problem("way in", *unreachable(address))
    return problem("way in", *app_token_refused(error))


def app_token_refused(error: str) -> tuple[str, str]:
    """What is so and the cure, for everybody who wants Socket Mode."""
    return f"Slack does not accept SLACK_APP_TOKEN ({error}).", CURES["SLACK_APP_TOKEN"]


def channels(facts: Facts) -> Iterator[Finding]:
    if facts.slack is None or not facts.slack.is_welcome:
        yield skipped("channels", "Slack answers only with a token that it accepts")
    elif facts.channels is None or facts.contents is None:
        yield skipped("channels", "the tables of the database cannot be read as they stand")
    else:
        yield from _elsewhere(facts, facts.slack)
        yield from map(_channel, facts.channels)
        if not facts.channels:
            yield warning("channels", "No channel is chosen yet: briefs have no place.", "In Slack type /sop setup.")


def _elsewhere(facts: Facts, slack: SlackAnswer) -> Iterator[Finding]:
    """Workspaces the token does not reach: a database of another company, or a token of another one."""
    for company in facts.contents.companies if facts.contents else ():
        if company.channels and company.team_id != slack.team_id:
            yield warning(
                "channels",
                f"The database also holds {company.name} ({company.team_id}), which this token does not reach.",
                f"If {slack.team_name} is the wrong one, use the token of {company.name}; otherwise ignore this.",
            )


def _channel(channel: Channel) -> Finding:
    name, choose = f"#{channel.name}", "choose another channel in /sop setup"
    match channel.state:
        case ChannelState.MEMBER:
            return ok("channels", f"The bot is in {name}.")
        case ChannelState.NOT_MEMBER:
            cure = f"In Slack type /invite @Ampersand in {name}, or {choose}."
            return problem("channels", f"The bot is not in {name}: nothing can be posted there.", cure)
        case ChannelState.ARCHIVED:
            cure = f"Unarchive it in Slack, or {choose}."
            return problem("channels", f"{name} is archived: nothing can be posted there.", cure)
        case ChannelState.GONE:
            cure = f"If it is private, type /invite @Ampersand in it; if it was deleted, {choose}."
            return problem("channels", f"Slack shows the bot no channel {name}.", cure)
    cure = "Add the permission that is missing first." if channel.error == "missing_scope" else "Try again in a minute."
    return warning("channels", f"Slack did not tell how {name} stands ({channel.error}).", cure)
