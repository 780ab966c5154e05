"""`ampersand figures` against the figures that come with the sample."""

import json
from importlib.resources import files
from typing import Any

import pytest

from tests.cli.conftest import Run

EXPECTED: dict[str, dict[str, Any]] = json.loads(
    (files("bot") / "sample" / "expected_metrics.json").read_text(encoding="utf-8")
)


def differences(expected: Any, found: Any, path: str = "") -> list[str]:
    """Further keys are allowed, other values are not."""
    if isinstance(expected, dict) and isinstance(found, dict):
        missing = [f"{path}.{key} is missing" for key in expected if key not in found]
        there = [key for key in expected if key in found]
        return missing + [line for key in there for line in differences(expected[key], found[key], f"{path}.{key}")]
    return [] if expected == found else [f"{path}: {expected} is expected, {found} was written"]


def test_all_figures_of_all_periods(run_on: Run) -> None:
    run_on("load-sample")

    for name, period in EXPECTED.items():
        dates = ("--from", period["from"], "--to", period["to"], "--as-of", period["as_of"])
        code, out, err = run_on("figures", *dates, "--format", "json")
        assert (code, err) == (0, "")
        assert differences(period, json.loads(out)) == [], name


def test_the_table_says_the_same_with_a_dash_for_what_is_not_shown(run: Run) -> None:
    run("load-sample")

    out = run("figures", "--from", "2026-04-01", "--to", "2026-06-30", "--as-of", "2026-06-30")[1]
    lines = dict(line.split(maxsplit=1) for line in out.splitlines())
    assert lines["clash_share_pct"] == "36.1"
    assert lines["pulse.Q1.rounds"] == "2026-W23, 2026-W24, 2026-W25, 2026-W26"
    assert lines["pulse.Q1.sales.mean"] == "3.64"
    assert lines["pulse.Q1.supply_planning.mean"] == lines["response_rate.total.pct"] == "–"


def test_as_of_a_moment_nothing_later_is_known(run: Run) -> None:
    run("load-sample")
    period = ("--from", "2026-01-01", "--to", "2026-06-30")

    found = json.loads(run("figures", *period, "--as-of", "2026-06-11T09:00", "--format", "json")[1])
    assert (found["as_of"], found["entries"]) == ("2026-06-11", 108)
    assert found["pulse"]["Q1"]["rounds"] == ["2026-W20", "2026-W21", "2026-W22", "2026-W23"]
    assert (found["pulse"]["Q1"]["sales"]["mean"], found["pulse"]["Q1"]["operations"]["mean"]) == (3.5, 2.95)
    assert found["pulse"]["Q1"]["gap_sales_minus_operations"] == 0.55


def test_without_as_of_it_is_now(run: Run) -> None:
    run("load-sample")

    out = run("figures", "--from", "2026-01-01", "--to", "2026-06-30", "--format", "json")[1]
    assert json.loads(out)["as_of"] == "2026-06-10"


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        (("2026-06-30", "2026-04-01"), "2026-04-01 is before 2026-06-30"),
        (("1 April", "2026-06-30"), "“1 April” is not a date; write it as 2026-06-30."),
    ],
)
def test_what_is_no_period(run: Run, dates: tuple[str, str], sentence: str) -> None:
    code, out, err = run("figures", "--from", dates[0], "--to", dates[1])

    assert (code, out) == (2, "")
    assert sentence in err.replace("\n", " ")


def test_an_empty_database_says_what_to_do(run: Run) -> None:
    code, out, err = run("figures", "--from", "2026-01-01", "--to", "2026-06-30")

    assert (code, out) == (1, "")
    assert err == "Error: There is no workspace yet. Start one with `ampersand serve` or `ampersand load-sample`.\n"


def test_a_company_without_anything_has_figures_of_nothing(run: Run, tmp_path: Any) -> None:
    people = tmp_path / "people.csv"
    people.write_text("user_id,name,side\nU1,Els,Sales\n", encoding="utf-8")
    run("members", "import", str(people))

    found = json.loads(run("figures", "--from", "2026-01-01", "--to", "2026-06-30", "--format", "json")[1])
    assert found["clash_share_pct"] is found["participation_balance"] is found["strategy_recall"]["round"] is None
    assert found["active_members"] == {"sales": None, "operations": None}
