"""The database: does it answer, has it the tables of this program, and what stands in it that needs a person."""

from collections.abc import Iterator

from bot.domain.diagnosis.facts import Facts, Store
from bot.domain.diagnosis.findings import Finding, ok, problem, skipped, warning
from bot.domain.zones import nearest_zone, zones

UNREADABLE = "the tables of the database cannot be read as they stand"


def database(facts: Facts) -> Iterator[Finding]:
    store = facts.store
    if store is None:
        yield skipped("database", "AMPERSAND_DATABASE_URL or AMPERSAND_DATA_DIR cannot be used")
    elif store.error:
        yield problem("database", *database_broken(store.error))
    elif not store.is_there:
        yield warning(
            "database",
            f"There is no database at {store.place} yet.",
            "ampersand serve makes it when it starts. If you expected one, look at AMPERSAND_DATABASE_URL and "
            "AMPERSAND_DATA_DIR.",
        )
    else:
        yield ok("database", f"{store.kind} at {store.place} answers.")
        yield _migrations(store)


def database_broken(reason: str) -> tuple[str, str]:
    """What is so and the cure, for everybody who wants to use it."""
    return f"The database cannot be used: {reason}.", "Check AMPERSAND_DATABASE_URL, and that the database is running."


def _migrations(store: Store) -> Finding:
    newest = store.known[-1]
    if store.is_current:
        return ok("migrations", f"The database has the newest schema ({newest}).")
    if store.revision is None:
        return warning(
            "migrations", "The database has no tables yet.", "Run ampersand migrate; ampersand serve does it by itself."
        )
    if store.revision in store.known:
        return problem(
            "migrations",
            f"The database has an older schema ({store.revision}) than this program ({newest}).",
            "Make a backup and run ampersand migrate; ampersand serve does it by itself when it starts.",
        )
    return problem(
        "migrations",
        f"The database has a schema ({store.revision}) that this program ({newest}) does not know: it is newer.",
        "Install the version of Ampersand that was used last. Going back needs the backup from before.",
    )


def time_zones(facts: Facts) -> Iterator[Finding]:
    if facts.contents is None:
        yield skipped("zones", UNREADABLE)
        return
    held = dict(facts.contents.zones)
    if "AMPERSAND_TIMEZONE" not in facts.wrong_settings:
        held.setdefault(facts.default_zone, "AMPERSAND_TIMEZONE")
    unknown = {name: whose for name, whose in held.items() if name not in zones()}
    for name, whose in sorted(unknown.items()):
        yield problem(
            "zones",
            f"This machine does not know the time zone “{name}” ({whose}).",
            f"{_meant(name)}Choose a city in /sop settings (a member) or /sop setup (the company); if the name is "
            "right, bring the Python package tzdata up to date.",
        )
    if not unknown:
        yield ok("zones", f"All time zones are known here: {', '.join(sorted(held))}.")


def _meant(name: str) -> str:
    nearest = nearest_zone(name)
    return f"Perhaps {nearest} is meant. " if nearest else ""


def facilitators(facts: Facts) -> Iterator[Finding]:
    if facts.contents is None:
        yield skipped("facilitators", UNREADABLE)
        return
    without = [company.name for company in facts.contents.companies if not company.facilitators]
    if not facts.named_facilitators and (without or not facts.contents.companies):
        yield warning(
            "facilitators",
            f"Nobody is facilitator of {', '.join(without) or 'the workspace'}: nobody is told when a post fails.",
            "A Slack admin types /sop setup; where nobody is one, set AMPERSAND_FACILITATORS to the Slack user ID of "
            "whoever leads the dialog (in their Slack profile: Copy member ID), and start Ampersand again.",
        )
    else:
        yield ok("facilitators", "Somebody is facilitator, and is told when a post fails.")
