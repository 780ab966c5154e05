"""Every verb says what it does, with an example."""

import pytest

from tests.cli.conftest import Run

VERBS = ("demo", "serve", "doctor", "manifest", "migrate", "load-sample", "export", "figures", "members import")


def test_the_verbs_are_listed(run: Run) -> None:
    code, out, _ = run("--help")

    assert code == 0
    assert all(verb.split()[0] in out for verb in VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_an_example(run: Run, verb: str) -> None:
    code, out, _ = run(*verb.split(), "--help")

    assert code == 0
    assert f"ampersand {verb}" in out.partition("Example:")[2]


def test_a_wrong_verb_is_exit_code_2(run: Run) -> None:
    code, out, err = run("lode-sample")

    assert (code, out) == (2, "")
    assert "lode-sample" in err
