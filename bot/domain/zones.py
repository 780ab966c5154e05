"""Time zones as people type them."""

from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

NOT_PLACES = ("posix/", "right/", "Factory", "localtime")


@cache
def zones() -> tuple[str, ...]:
    """All IANA names, sorted."""
    return tuple(sorted(name for name in available_timezones() if not name.startswith(NOT_PLACES)))


@cache
def zone_info(name: str) -> ZoneInfo:
    """The zone of that IANA name. The library keeps only eight of them and reads the others from their files again."""
    return ZoneInfo(name)


def find_zone(typed: str) -> str | None:
    """The IANA name somebody typed, whatever the capitals; its city alone is enough where there is only one."""
    wanted = "_".join(typed.casefold().split())
    if not wanted:
        return None
    whole = [name for name in zones() if name.casefold() == wanted]
    cities = [name for name in zones() if name.casefold().endswith(f"/{wanted}")]
    found = whole or cities
    return found[0] if len(found) == 1 else None


def nearest_zone(typed: str) -> str | None:
    """The IANA name somebody probably meant."""
    wanted = "_".join(typed.casefold().split())
    by_way = {way: name for name in zones() for way in (name.casefold(), name.casefold().rsplit("/", 1)[-1])}
    close = get_close_matches(wanted, by_way, n=1, cutoff=0.6)
    return by_way[close[0]] if close else None
