"""How what is sent for a round is found again in the outbox."""

from datetime import datetime


def checkin_topic(round_id: str) -> str:
    """What every question of the round is about."""
    return f"checkin:{round_id}"


def nudge_topic(round_id: str) -> str:
    """What every reminder of the round is about."""
    return f"checkin_nudge:{round_id}"


def question_key(round_id: str, member_id: str, asked_at: datetime) -> str:
    """Somebody is asked again at another moment where a question could not leave."""
    return f"{checkin_topic(round_id)}:{member_id}:{asked_at:%Y%m%d%H%M%S}"


def nudge_key(round_id: str, member_id: str) -> str:
    """One for each person and round, whatever becomes of it."""
    return f"{nudge_topic(round_id)}:{member_id}"
