"""This machine: settings, folders, clock, port, the bot that runs here, its public address."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from bot.domain.diagnosis.facts import Facts, Occupant, Port
from bot.domain.diagnosis.findings import Finding, ok, problem, skipped, warning
from bot.domain.diagnosis.slack import CURES

CLOCK_TOLERANCE: Final = timedelta(minutes=2)
OLDEST_TICK: Final = timedelta(minutes=2)
DISCONNECTED: Final = (
    "If Slack accepts both tokens, a firewall or proxy may stop WebSockets: this machine must reach "
    "wss://wss-primary.slack.com."
)
SOCKET_MODE: Final = "Or use Socket Mode, which needs no address: set SLACK_APP_TOKEN."


def settings(facts: Facts) -> Iterator[Finding]:
    for name, sentence in facts.wrong_settings.items():
        yield problem("settings", sentence, CURES.get(name, "Put it right in the environment; start Ampersand again."))
    if not facts.wrong_settings:
        yield ok("settings", "All settings can be used.")


def folders(facts: Facts) -> Iterator[Finding]:
    for folder in facts.folders:
        if folder.error:
            yield problem(
                "folder",
                f"Ampersand cannot write in {folder.path}: {folder.error}.",
                f"Give the user it runs as the right to write there, or choose another place with {folder.variable}.",
            )
        elif folder.open:
            cure = f"Let only the user Ampersand runs as use it: chmod -R go= {' '.join(folder.open)}"
            yield warning("folder", f"Others on this machine may use {' and '.join(folder.open)}.", cure)
        else:
            yield ok("folder", f"{folder.path} can be written in.")


def secret(facts: Facts) -> Iterator[Finding]:
    file = facts.key_file
    if facts.wrong_settings.keys() & {"AMPERSAND_SECRET", "AMPERSAND_DATA_DIR"}:
        yield skipped("secret", "AMPERSAND_SECRET or AMPERSAND_DATA_DIR cannot be used")
    elif file is None:
        yield ok("secret", "AMPERSAND_SECRET is the secret of this installation.")
    elif file.error:
        yield problem(
            "secret",
            f"The key file {file.path} cannot be used: {file.error}.",
            "Put the old one back from your backup. If there is none, delete the file: a new one is made, and members "
            "choose again whether their examples are side-only by default.",
        )
    elif file.is_open_to_others:
        cure = f"Let only the user Ampersand runs as read it: chmod 600 {file.path}"
        yield warning("secret", f"Others on this machine may read the key file {file.path}.", cure)
    else:
        yield ok("secret", f"The key file is {file.path}{'' if file.is_there else ', made at the first start'}.")


def clock(facts: Facts) -> Iterator[Finding]:
    slack = facts.slack
    if slack is None or slack.slack_time is None or slack.our_time is None:
        yield skipped("clock", "Slack did not tell the time")
        return
    off = slack.our_time - slack.slack_time
    minutes = round(abs(off) / timedelta(minutes=1))
    if abs(off) <= CLOCK_TOLERANCE:
        yield ok("clock", "The clock of this machine agrees with Slack's.")
    else:
        yield problem(
            "clock",
            f"The clock of this machine is {minutes} minutes {'ahead of' if off > timedelta(0) else 'behind'} Slack's.",
            "Set it right and keep it right (on Linux: timedatectl set-ntp true). What Slack sends is refused when it "
            "seems older than five minutes, and briefs come at the wrong moment.",
        )


def port(facts: Facts) -> Iterator[Finding]:
    match facts.port:
        case None:
            yield skipped("port", "AMPERSAND_HOST or AMPERSAND_PORT cannot be used")
        case Port(occupant=Occupant.NOBODY) as free:
            yield ok("port", f"Port {free.number} on {free.host} is free.")
        case Port(occupant=Occupant.AMPERSAND) as ours:
            yield ok("port", f"Ampersand is running on port {ours.number}.")
            yield _last_tick(facts, ours)
            if not ours.is_connected:
                yield problem("connection", "The running Ampersand has no connection to Slack.", DISCONNECTED)
        case taken:
            yield problem("port", *port_taken(taken.host, taken.number, taken.error))


def port_taken(host: str, number: int, error: str, chosen_with: str = "AMPERSAND_PORT") -> tuple[str, str]:
    """What is so and the cure, for everybody who wants to listen there."""
    return (
        f"Port {number} on {host} is not free ({error}).",
        f"Choose another one with {chosen_with}, or stop the program that uses it.",
    )


def _last_tick(facts: Facts, ours: Port) -> Finding:
    cure = "Look in its log for tick_failed, and start Ampersand again."
    if ours.last_tick is None:
        return problem("ticks", "The running Ampersand has not looked for anything that is due yet.", cure)
    ago = facts.now - ours.last_tick
    if ago <= OLDEST_TICK:
        return ok("ticks", "The running Ampersand does what is due.")
    minutes = round(ago / timedelta(minutes=1))
    return problem("ticks", f"The running Ampersand last looked for what is due {minutes} minutes ago.", cure)


def address(facts: Facts) -> Iterator[Finding]:
    url = facts.address.url
    if facts.uses_socket_mode:
        yield ok("address", "Socket Mode: no public address is needed.")
    elif "AMPERSAND_PUBLIC_URL" in facts.wrong_settings:
        yield skipped("address", "AMPERSAND_PUBLIC_URL cannot be used")
    elif url is None:
        yield warning(
            "address",
            "AMPERSAND_PUBLIC_URL is not set: whether Slack reaches the bot could not be checked.",
            "Set it to the address that stands before /slack/events in your app manifest. " + SOCKET_MODE,
        )
    elif not url.startswith("https://") and not facts.is_trial:
        yield problem(
            "address",
            f"AMPERSAND_PUBLIC_URL is {url}, and Slack sends to https:// only.",
            "Put a reverse proxy with a certificate before Ampersand, and its https:// address in AMPERSAND_PUBLIC_URL "
            "and in the manifest (ampersand manifest --url …). " + SOCKET_MODE,
        )
    else:
        yield _reached(facts, url)


def _reached(facts: Facts, url: str) -> Finding:
    match facts.address.answer:
        case Occupant.AMPERSAND:
            return ok("address", f"Ampersand answers at {url}.")
        case Occupant.ANOTHER:
            return warning(
                "address",
                f"At {url} answers something else than Ampersand.",
                "Let the reverse proxy hand on everything under that address to "
                f"{_listens(facts)}, or correct AMPERSAND_PUBLIC_URL.",
            )
        case Occupant.NOBODY:
            return warning(
                "address",
                f"{url} could not be reached from this machine.",
                "If a firewall lets only Slack in, this is as it should be. Otherwise look at the DNS name, the "
                f"certificate, and whether the reverse proxy hands on to {_listens(facts)}. " + SOCKET_MODE,
            )
    return skipped("address", "Ampersand is not running", "Start it, and run ampersand doctor again.")


def _listens(facts: Facts) -> str:
    return f"port {facts.port.number} of this machine" if facts.port else "Ampersand"
