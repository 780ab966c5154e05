"""Guards: what slips between two meetings, each said once, with what to do about it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.domain.brief.snapshot import EntryFacts, Guard, GuardKind
from bot.domain.brief.window import Window
from bot.domain.figures import BRIDGES
from storage.tables import Agreement, AgreementStatus, Entry, Meeting, MeetingStatus

EVALUATE_AFTER: Final = timedelta(weeks=4)
CLOSED: Final = frozenset({AgreementStatus.KEPT, AgreementStatus.PARTLY_KEPT, AgreementStatus.NOT_KEPT})


@dataclass(frozen=True, slots=True)
class Silence:
    """A group without an entry since the last brief; `last_day` is that of its last one, None = there is none."""

    group: str
    last_day: date | None


def find_guards(
    window: Window,
    entries: EntryFacts,
    came_back: Sequence[Entry],
    *,
    silences: Sequence[Silence],
    dialogs: Sequence[Meeting],
    closed: Sequence[Agreement],
    said: Collection[str],
) -> tuple[Guard, ...]:
    """What no earlier brief of this type has said. `came_back` are the clashes that repeat an earlier entry."""
    found = [
        *_quiet(entries, silences),
        *_not_held(window, dialogs),
        *_kept_and_back(came_back, closed),
        *_not_evaluated(window, closed),
    ]
    return tuple(guard for one in found if (guard := _not_said(one, said)))


def _not_said(guard: Guard, said: Collection[str]) -> Guard | None:
    """The guard with the facts that are new; None when there are none."""
    fresh = [at for at, key in enumerate(guard.keys) if key not in said]
    if len(guard.keys) == 1 or not fresh:
        return guard if fresh else None
    return replace(guard, keys=tuple(guard.keys[at] for at in fresh), names=tuple(guard.names[at] for at in fresh))


def _quiet(entries: EntryFacts, silences: Sequence[Silence]) -> Iterator[Guard]:
    """Groups that may be shown; where nobody wrote anything, nobody is named."""
    names = {side.key: side.name for side in entries.by_side or ()}
    last_days = {silence.group: silence.last_day for silence in silences}
    for group in entries.silent if entries.total else ():
        name, last = names[group], last_days.get(group)
        yield Guard(
            GuardKind.QUIET, (f"quiet:{group}:{last}",), () if group == BRIDGES or name is None else (name,), last
        )


def _not_held(window: Window, dialogs: Sequence[Meeting]) -> Iterator[Guard]:
    """Dialogs that were cancelled, or not marked as held in a company that marks them."""
    marks = any(dialog.status is MeetingStatus.HELD for dialog in dialogs)
    ahead = sorted(d.starts_at for d in dialogs if d.starts_at >= window.end and d.status is MeetingStatus.PLANNED)
    for dialog in sorted(dialogs, key=lambda one: one.starts_at):
        unmarked = marks and dialog.status is MeetingStatus.PLANNED
        if _was_due(window, dialog.starts_at) and (unmarked or dialog.status is MeetingStatus.CANCELLED):
            yield Guard(
                GuardKind.NOT_HELD,
                (f"not_held:{dialog.id}",),
                day=window.local_day(dialog.starts_at),
                next_day=window.local_day(ahead[0]) if ahead else None,
            )


def _was_due(window: Window, moment: datetime) -> bool:
    return moment < window.end and (window.start is None or moment >= window.start)


def _kept_and_back(came_back: Sequence[Entry], closed: Sequence[Agreement]) -> Iterator[Guard]:
    """The last agreement about the same tension was kept, and then it clashed again: the newest clash tells."""
    told = set()
    for entry in came_back:
        about = [a for a in closed if a.tension_key == entry.tension_key and _closed_before(a, entry.created_on)]
        last = max(about, key=lambda a: (a.closed_on or date.min, a.key), default=None)
        if last and entry.tension_key and last.status is AgreementStatus.KEPT and last.id not in told:
            told.add(last.id)
            yield Guard(GuardKind.CAME_BACK, (f"came_back:{last.id}",), (_one_line(last.title),), ref=entry.ref)


def _closed_before(agreement: Agreement, day: date) -> bool:
    return agreement.status in CLOSED and agreement.closed_on is not None and agreement.closed_on < day


def _not_evaluated(window: Window, closed: Sequence[Agreement]) -> Iterator[Guard]:
    waiting = [
        agreement
        for agreement in sorted(closed, key=lambda a: (a.closed_on or date.min, a.key))
        if _closed_before(agreement, window.today - EVALUATE_AFTER) and not window.over(agreement.evaluated_on)
    ]
    if waiting:
        keys = tuple(f"not_evaluated:{agreement.id}" for agreement in waiting)
        yield Guard(GuardKind.NOT_EVALUATED, keys, tuple(_one_line(agreement.title) for agreement in waiting))


def _one_line(title: str) -> str:
    return " ".join(title.split())
