"""`ampersand members erase`: asked once more, told in counts, and gone from the files."""

import csv
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.cli.conftest import Run
from tests.services.a_life import spelled

NAME = "Quality and Food Safety Manager"


def user_id(run: Run, name: str = NAME) -> str:
    rows = csv.DictReader(io.StringIO(run("export", "members")[1], newline=""))
    return next(row["user_id"] for row in rows if row["name"] == name)


def test_somebody_disappears_and_the_counts_are_told(run_on: Run) -> None:
    run_on("load-sample")
    who = user_id(run_on)

    code, out, err = run_on("members", "erase", who, "--yes")
    assert (code, err) == (0, "")
    assert out.startswith("Without the name now: entries (5), agreements (1), decisions (1)")
    assert "unchanged: nowhere." in out
    assert "Backups made before today keep the name" in out
    assert NAME not in run_on("export", "members")[1]
    assert "a former colleague" in run_on("export", "agreements")[1]
    assert run_on("members", "erase", who, "--yes") == (
        1,
        "",
        f"Error: There is no member {who}; nothing was changed. `ampersand export members` shows them.\n",
    )


def test_the_files_hold_the_name_no_more(run: Run, tmp_path: Path) -> None:
    run("load-sample")
    who = user_id(run)
    run("members", "erase", who, "--yes")

    files = list((tmp_path / "data").glob("ampersand.db*"))
    content = b"".join(file.read_bytes() for file in files)
    assert b"Airline band" in content
    assert [word for word in (*spelled(NAME), f"{who}\x00") if word.encode() in content] == []


@pytest.mark.parametrize(("typed", "code"), [("U-SOMEBODY\n", 1), ("", 1)])
def test_the_id_is_asked_for_again(run: Run, typed: str, code: int) -> None:
    run("load-sample")
    who = user_id(run)
    asked = CliRunner().invoke(app, ["members", "erase", who], input=typed)

    assert asked.exit_code == code
    assert f"This erases {NAME} and cannot be undone. Type {who} again" in asked.output
    assert user_id(run) == who


def test_typing_it_again_does_it(run: Run) -> None:
    run("load-sample")
    who = user_id(run)
    assert CliRunner().invoke(app, ["members", "erase", who], input=f"{who}\n").exit_code == 0
    assert NAME not in run("export", "members")[1]


def test_a_database_without_a_workspace(run: Run) -> None:
    assert run("members", "erase", "U1", "--yes")[0] == 1
