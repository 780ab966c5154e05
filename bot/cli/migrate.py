"""`ampersand migrate`."""

import typer

from bot.cli.common import plain_errors
from bot.settings import read_settings
from storage import migrate as migrations


def migrate() -> None:
    """Bring the database to the newest schema, making it where there is none.

    Safe to run at any time and from several places at once; `serve` does it by itself.

    \b
    Example:
      AMPERSAND_DATABASE_URL=postgresql://ampersand@localhost/ampersand ampersand migrate
    """
    with plain_errors():
        migrations.migrate(read_settings().database_url)
    typer.echo("The database has the newest schema.")
