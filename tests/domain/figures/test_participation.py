from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.domain.figures import AsOf, Period, end_of, partition
from bot.domain.figures.participation import Participation, Response, participation, response_rates
from storage.tables import COMPANY, Member
from tests.domain.figures.rounds import a_round, closes, day_of, sides

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
AS_OF = AsOf(end_of(date(2026, 6, 30), AMSTERDAM), AMSTERDAM)
GROUPS = partition(sides())


def member(side: str, number: int, leaves: date | None = None, joins: date = date(2025, 1, 1)) -> Member:
    key = f"{side}{number}"
    return Member(id=key, workspace_id="w", external_id=key, name=key, side=side, active_from=joins, active_to=leaves)


def people(**sizes: int) -> list[Member]:
    return [member(side, number) for side, size in sizes.items() for number in range(size)]


def found(written: dict[str, int], members: list[Member]) -> Participation:
    entries = [side for side, number in written.items() for _ in range(number)]
    return participation(entries, members, GROUPS, JUNE, AS_OF)


def test_entries_per_member_and_their_balance() -> None:
    taking_part = found({"sales": 20, "operations": 22, "finance": 10}, people(sales=9, operations=8, finance=6))

    assert taking_part.members == {"sales": 9, "operations": 8}
    assert taking_part.entries_per_member == {"sales": Decimal("2.22"), "operations": Decimal("2.75")}
    assert taking_part.balance == Decimal("0.894")  # of the exact rates; of the printed ones it would be 0.893


@pytest.mark.parametrize(
    ("written", "members", "balance"),
    [
        ({"sales": 5}, people(sales=5, operations=5), "0.000"),
        ({"sales": 5, "operations": 5}, people(sales=5, operations=5), "1.000"),
        ({}, people(sales=5, operations=5), None),
        ({"sales": 5, "operations": 5}, people(sales=5, operations=4), None),
        ({"sales": 5, "operations": 5}, people(sales=5, operations=5, finance=4), None),
        ({"sales": 5, "operations": 5, "finance": 1}, people(sales=5, operations=5), None),
        ({"sales": 5, "operations": 5, COMPANY: 1}, people(sales=5, operations=5, finance=5), None),
        ({"sales": 5, "operations": 5, COMPANY: 1}, people(sales=5, operations=5, finance=3, general=3), "1.000"),
    ],
)
def test_a_group_under_five_hides_the_balance(
    written: dict[str, int], members: list[Member], balance: str | None
) -> None:
    assert found(written, members).balance == (balance and Decimal(balance))


def test_leavers_do_not_count_on_the_last_day_but_their_entries_do() -> None:
    members = [*people(sales=5, operations=5), member("sales", 9, leaves=date(2026, 6, 29))]

    assert found({"sales": 6, "operations": 5}, members).entries_per_member["sales"] == Decimal("1.20")


def test_a_group_that_shrank_under_five_is_hidden() -> None:
    members = [*people(sales=5, operations=4), member("operations", 9, leaves=date(2026, 6, 29))]

    assert found({"sales": 5, "operations": 5}, members).members == {"sales": 5, "operations": None}
    assert set(found({"sales": 5, "operations": 5}, members).entries_per_member.values()) == {None}


def test_response_rates_of_closed_rounds_asked_in_the_period() -> None:
    rounds = [
        a_round(1, asked={"sales": 7, "operations": 6}, late={"sales": 1}, sales=[3] * 5, operations=[3] * 6),
        a_round(2, asked={"sales": 7, "operations": 4}, sales=[3] * 7, operations=[3] * 4),
        a_round(3, asked={"sales": 7, "operations": 6}, sales=[3] * 7, operations=[3] * 6),
    ]
    by_group, total = response_rates(rounds, GROUPS, Period(day_of(1), day_of(3)), AsOf(closes(2), AMSTERDAM))

    assert by_group["sales"] == Response(14, 13, Decimal("92.9"))
    assert by_group["operations"] == Response(6, 6, Decimal("100.0"))  # without the round that asked four
    assert by_group["bridges"] is total is None


def test_a_total_response_rate_where_nobody_is_hidden() -> None:
    rounds = [a_round(1, asked={"sales": 7, "operations": 6, "bridges": 5}, sales=[3] * 5, operations=[3] * 6)]
    _, total = response_rates(rounds, GROUPS, Period(day_of(1), day_of(1)), AsOf(closes(1), AMSTERDAM))

    assert total == Response(18, 11, Decimal("61.1"))
    assert response_rates([], GROUPS, JUNE, AS_OF)[1] is None
