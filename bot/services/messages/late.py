"""What is said first where something comes later than it was planned (golden message 14)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.templates import Rich, Speaker
from bot.templates.formats import clock


def late_note(speak: Speaker, due: datetime, now: datetime) -> Rich:
    """It was due then and is posted now."""
    zone = ZoneInfo(speak.zone)
    same_day = due.astimezone(zone).date() == now.astimezone(zone).date()
    times = {"clock": clock(due, speak.zone), "posted": clock(now, speak.zone)}
    return speak.text("brief", "late", due=due, now=now, same_day=same_day, **times)
