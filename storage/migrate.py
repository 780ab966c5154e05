"""Bring a database to the newest schema. Migrations go forward only.

`python -m storage.migrate 0002 "What it adds" | xargs ruff format` writes a revision from the difference between the
revisions before it and the tables; one with that number is replaced.
"""

import sys
import tempfile
from argparse import Namespace
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection

from storage.database import Database

FOLDER = Path(__file__).parent / "migrations"
POSTGRESQL_LOCK = 7_316_554  # any number, the same in every process


def migrate(url: str) -> None:
    """Run the migrations that are missing. Several processes may do so at once: the second waits and finds nothing."""
    database = Database(url)
    try:
        with database.transaction() as session:
            connection = session.connection()
            if not database.is_sqlite:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({POSTGRESQL_LOCK})")
            command.upgrade(_config(connection), "head")
    finally:
        database.close()


def write_revision(number: str, message: str) -> Path:
    """Write the revision with that number again, or the next one; its file."""
    for old in (FOLDER / "versions").glob(f"{number}_*.py"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/empty.db"
        if ScriptDirectory.from_config(_config()).get_heads():
            migrate(url)
        database = Database(url)
        with database.engine.connect() as connection:
            script = command.revision(_config(connection), message, autogenerate=True, rev_id=number)
        database.close()
    assert isinstance(script, Script)
    return _tidy(Path(script.path))


def _tidy(file: Path) -> Path:
    """Without Alembic's own remarks."""
    lines = file.read_text().splitlines()
    file.write_text("\n".join(line for line in lines if "# ###" not in line) + "\n")
    return file


def _config(connection: Connection | None = None) -> Config:
    config = Config(cmd_opts=Namespace(quiet=True))
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


if __name__ == "__main__":
    sys.stdout.write(f"{write_revision(*sys.argv[1:])}\n")
