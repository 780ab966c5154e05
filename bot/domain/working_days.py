"""Counting working days: Monday to Friday."""

from datetime import date, timedelta

SATURDAY = 5
THURSDAY = 3


def after_working_days(day: date, count: int) -> date:
    """The day that many working days after `day`."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day


def next_thursday(day: date) -> date:
    """The first Thursday after `day`: a week later when it is one."""
    return day + timedelta(days=(THURSDAY - day.weekday() - 1) % 7 + 1)
