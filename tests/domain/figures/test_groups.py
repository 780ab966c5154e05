import pytest

from bot.domain.figures import Group, may_show_apart, may_show_total, partition, shown_apart
from storage.tables import COMPANY, SideKind
from tests.domain.figures.rounds import sides


def test_each_counterpart_is_a_group_and_the_bridges_are_one() -> None:
    groups = partition(sides(sales=SideKind.COUNTERPART, finance=SideKind.BRIDGE, operations=SideKind.COUNTERPART))

    assert (groups.groups, groups.first, groups.second) == (("sales", "operations", "bridges"), "sales", "operations")
    assert [groups.group_of(side) for side in ("sales", "finance", "gone", COMPANY)] == [
        "sales",
        "bridges",
        "bridges",
        COMPANY,
    ]


@pytest.mark.parametrize(
    ("people", "shown"),
    [
        ((9, 8, 6), True),
        ((9, 8, 0), True),
        ((9, 8, 4), False),
        ((9, 4, 3), True),  # seven are hidden together
        ((4, 8, 0), False),
        ((2, 2, 0), False),
        ((), True),
    ],
)
def test_a_total_hides_nobody_or_five_together(people: tuple[int, ...], shown: bool) -> None:
    assert may_show_total(people) is shown


def test_counts_stand_apart_only_when_every_group_has_five() -> None:
    nine, five, four = Group("sales", 9, 3), Group("operations", 5, 0), Group("bridges", 4, 1)

    assert shown_apart([nine, five]) == {"sales": 3, "operations": 0}
    assert shown_apart([nine, five, four]) is None
    assert may_show_apart([nine, Group("bridges", 0, 0)])
    assert not may_show_apart([nine, Group("bridges", 0, 1)])  # those who left have a count
