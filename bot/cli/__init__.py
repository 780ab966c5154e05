"""The command line `ampersand`: one file per verb."""

import typer

from bot.cli import (
    backup,
    brief,
    demo,
    doctor,
    export,
    figures,
    load_sample,
    manifest,
    members,
    migrate,
    playground,
    serve,
)

app = typer.Typer(
    name="ampersand",
    help="From Sales versus Operations to Sales & Operations: the chat bot, its data and a playground.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(demo.demo)
app.command("playground")(playground.playground)
app.command("serve")(serve.serve)
app.command("doctor")(doctor.doctor)
app.command("manifest")(manifest.manifest)
app.command("migrate")(migrate.migrate)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("load-sample")(load_sample.load_sample)
app.command("export")(export.export)
app.command("figures")(figures.figures)
app.add_typer(members.app, name="members")
app.add_typer(brief.app, name="brief")


def main() -> None:
    """Run the verb that was typed; exit 0 when done, 1 when it could not be, 2 when it was typed wrongly."""
    app()
