"""`ampersand brief preview`."""

from importlib.resources import files
from json import loads

import pytest

from tests.cli.conftest import Run
from tests.sample_check import missing_facts

PREVIEW = ("brief", "preview", "--meeting", "2026-06-PS", "--as-of", "2026-06-11T07:00Z")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_printed_brief_holds_every_fact_of_the_sample(run_on: Run, language: str) -> None:
    run_on("load-sample")

    code, text, err = run_on(*PREVIEW, "--language", language)

    facts = loads((files("bot") / "sample" / "brief_facts_2026-06-PS.json").read_text("utf-8"))
    assert (code, err) == (0, "")
    assert len(facts) == 50
    assert missing_facts(facts, text, language) == []


def test_the_post_stands_above_the_dashes_and_has_fifteen_lines(run: Run) -> None:
    run("load-sample")

    post, thread = run(*PREVIEW)[1].split("\n---\n")

    lines = post.split("\n")
    assert lines[0] == "Brief for the pre-S&OP: Mon 15 June, 13:30 (Amsterdam)"
    assert len(lines) == 15
    assert max(map(len, lines)) <= 195
    assert thread.startswith("Decision 1: options and price.")


def test_without_a_moment_it_is_as_of_when_the_brief_is_due(run: Run) -> None:
    run("load-sample")

    assert run(*PREVIEW[:4])[1] == run(*PREVIEW)[1]


def test_a_preview_changes_nothing(run: Run) -> None:
    run("load-sample")

    assert run(*PREVIEW)[1] == run(*PREVIEW)[1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--meeting", "2026-07-XX"), "There is no meeting 2026-07-XX. The last ones with a brief:"),
        (("--meeting", "2026-06-RT"), "2026-06-RT is a meeting without a brief."),
    ],
)
def test_what_cannot_be_printed_is_told_with_the_cure(run: Run, words: tuple[str, str], sentence: str) -> None:
    run("load-sample")

    code, out, err = run("brief", "preview", *words)

    assert (code, out) == (1, "")
    assert sentence in err


def test_without_a_workspace_there_is_a_sentence(run: Run) -> None:
    assert run(*PREVIEW)[::2] == (
        1,
        "Error: There is no workspace yet. Start one with `ampersand serve` or `ampersand load-sample`.\n",
    )
