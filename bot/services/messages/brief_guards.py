"""Guards in a brief: what slipped, kindly, with what to do."""

from bot.domain.brief import BriefSnapshot, Guard
from bot.services.messages.fitting import fit_line
from bot.templates import Rich, Speaker
from bot.templates.formats import cut

LISTED = 12
"""Names in one line of the thread."""


def guard_line(speak: Speaker, snapshot: BriefSnapshot) -> Rich:
    """As many as fit in a line of the post, the first one first; empty when there are none."""
    guards = snapshot.guards
    if not guards:
        return Rich()

    def say(named: int, length: int) -> Rich:
        shown = max(named, 1)
        said = [_guard(speak, guard, 1, length or 24) for guard in guards[:shown]]
        return speak.text("brief", "guards", guards=said, more=len(guards) - shown)

    return fit_line(say, len(guards))


def guard_details(speak: Speaker, snapshot: BriefSnapshot) -> list[Rich]:
    said = [_guard(speak, guard, LISTED, 150) for guard in snapshot.guards]
    return [Rich("\n".join([speak.text("brief", "guards_details"), *said]))] if said else []


def _guard(speak: Speaker, guard: Guard, named: int, length: int) -> Rich:
    return speak.text(
        "brief",
        f"guard_{guard.kind}",
        names=[cut(name, length) for name in guard.names[:named]],
        more=len(guard.names) - named,
        day=guard.day,
        next_day=guard.next_day,
        ref=guard.ref,
    )
