"""Members, the sample and exports from the command line."""

import csv
import io
import json
from importlib.resources import files
from pathlib import Path
from shutil import copytree

import pytest

from bot.services.workspaces import ensure_workspace
from storage.database import Database
from storage.tables import Platform
from tests.builders import a_context
from tests.cli.conftest import Run

LOADED = (
    "Loaded 24 members, 5 objectives, 13 tensions, 72 meetings, 120 entries, 27 agreements,"
    " 41 decisions; 14 briefs are still to come.\n"
)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_first_database_is_made_and_filled(run: Run, tmp_path: Path) -> None:
    assert run("load-sample") == (0, LOADED, "")
    assert (tmp_path / "data" / "ampersand.db").exists()
    assert (tmp_path / "data" / "secret.key").exists()


@pytest.mark.parametrize("noun_and_count", [("entries", 119), ("agreements", 27), ("members", 24)])
def test_csv_and_json_say_the_same(run: Run, noun_and_count: tuple[str, int]) -> None:
    """One side-only entry of the sample is of a day that is still ahead."""
    noun, count = noun_and_count
    run("load-sample")

    code, as_csv, err = run("export", noun)
    assert (code, err, len(rows(as_csv))) == (0, "", count)
    as_json = json.loads(run("export", noun, "--format", "json")[1])
    assert list(as_json[0]) == list(rows(as_csv)[0])
    texts = [{name: "" if cell is None else str(cell) for name, cell in row.items()} for row in as_json]
    assert texts == rows(as_csv)


def test_the_audit_trail_tells_what_was_done_from_here(run: Run, tmp_path: Path) -> None:
    run("load-sample")
    file = tmp_path / "people.csv"
    file.write_text("user_id,name,side\nU9,Nel,sales\n", encoding="utf-8")
    run("members", "import", str(file))
    (added,) = [row for row in rows(run("export", "audit")[1]) if row["what"] == "Nel"]
    assert (added["who"], added["action"], added["before"]) == ("", "member.add", "")
    assert added["after"] == "side: sales\nrole: member"
    (told,) = [row for row in json.loads(run("export", "audit", "--format", "json")[1]) if row["what"] == "Nel"]
    assert (told["who"], told["before"]) == (None, None)


def test_the_same_on_both_databases(run_on: Run) -> None:
    code, out, err = run_on("load-sample", "--as-of", "2026-06-10T16:00")
    assert (code, err) == (0, "")
    assert "108 entries, 24 agreements" in out

    assert len(rows(run_on("export", "entries")[1])) == 108


def test_a_day_as_of_means_its_end(run: Run) -> None:
    out = run("load-sample", "--as-of", "2026-06-10")[1]

    assert "108 entries, 24 agreements" in out
    assert [row["closed_on"] for row in rows(run("export", "agreements")[1]) if row["key"] == "A15"] == [""]


@pytest.mark.parametrize("typed", ["soon", "2026-06-31", "9999-12-31"])
def test_a_moment_that_is_none(run: Run, typed: str) -> None:
    code, _, err = run("load-sample", "--as-of", typed)

    assert code == 2
    assert f"“{typed}” is not a moment; write it as 2026-06-10T16:00" in err.replace("\n", " ")


def test_a_second_time_is_refused_with_the_cure(run: Run) -> None:
    run("load-sample")

    code, out, err = run("load-sample")
    assert (code, out) == (1, "")
    assert err.startswith("Error: Voorbeeldkeuken Vers holds data already; nothing was loaded. Use an empty database:")
    assert len(rows(run("export", "entries")[1])) == 119


def test_a_bad_folder_is_explained_and_nothing_is_half_loaded(run: Run, tmp_path: Path) -> None:
    folder = copytree(str(files("bot") / "sample"), tmp_path / "company")
    path = folder / "agreements.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-02-13", "13 Feb", 1), encoding="utf-8")

    code, out, err = run("load-sample", "--folder", str(folder))

    assert (code, out) == (1, "")
    assert err == (
        "Error: nothing was loaded; put this right and try again:\n"
        "agreements.csv, line 2, column due_date: “13 Feb” is not a date; write it as 2026-06-30.\n"
    )
    assert run("export", "entries")[0] == 1


def test_a_folder_that_is_not_there(run: Run) -> None:
    code, _, err = run("load-sample", "--folder", "nowhere")

    assert code == 2
    assert "nowhere" in err


def test_members_come_in_and_out(run_on: Run, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("user_id,name,side\nU1,Zoë,Sales\nU2,=1+1,operations\n", encoding="utf-8")

    assert run_on("members", "import", str(file)) == (0, "2 new, 0 changed, 0 unchanged\n", "")
    assert run_on("members", "import", str(file)) == (0, "0 new, 0 changed, 2 unchanged\n", "")
    assert [row["name"] for row in rows(run_on("export", "members")[1])] == ["'=1+1", "Zoë"]


def test_a_bad_member_is_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("user_id,name,side\nU1,Els,Marketing\n", encoding="utf-8")

    code, out, err = run("members", "import", str(file))

    assert (code, out) == (1, "")
    assert "people.csv, line 2, column side: “Marketing” is not a side; use Sales, Operations" in err


def test_an_export_of_nothing_says_what_to_do(run: Run) -> None:
    code, out, err = run("export", "entries")

    assert (code, out) == (1, "")
    assert err == "Error: There is no workspace yet. Start one with `ampersand serve` or `ampersand load-sample`.\n"


def test_several_workspaces_need_a_choice(run_on: Run, empty_url: str) -> None:
    run_on("migrate")
    database = Database(empty_url)
    with database.transaction() as session:
        for team, name in (("T1", "Saladine"), ("T2", "Vers")):
            ensure_workspace(session, a_context(), Platform.SLACK, team, name)
    database.close()

    assert "several workspaces; choose one with --team: T1 (Saladine), T2 (Vers)." in run_on("export", "members")[2]
    assert (
        "There is no workspace T3. There is: T1 (Saladine), T2 (Vers)."
        in run_on("export", "members", "--team", "T3")[2]
    )
    assert run_on("load-sample", "--team", "T2")[0] == 0
    assert len(rows(run_on("export", "members", "--team", "T2")[1])) == 24
    assert rows(run_on("export", "members", "--team", "T1")[1]) == []
