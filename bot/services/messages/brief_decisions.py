"""What a brief asks to decide: two lines in the post, all of it in the thread."""

import re
from collections.abc import Sequence
from typing import Final

from bot.domain.brief import BriefSnapshot
from bot.domain.decision import DecisionFacts, OptionFacts, as_said
from bot.services.messages.fitting import LINE, closed, cut_clause, first_that_fits
from bot.templates import Rich, Speaker
from bot.templates.formats import cut
from storage.tables import DecisionKind

MOST: Final = 3
"""Questions that are named in the post."""

STANDS_ALONE: Final = 5
"""Words a question needs behind its colon to be understood without what stands before it."""

_CUTS: Final = (90, 72, 60, 48, 40, 32, 24, 16)
_EVEN: Final = _CUTS[:6]
_WHOLE: Final = 10 * LINE
_THREAD: Final = 220
_MONEY: Final = re.compile(r"€(?:\s?[\d.,]*\d)?|\beuro?\b", re.IGNORECASE)


def to_decide(snapshot: BriefSnapshot) -> list[DecisionFacts]:
    return [facts for facts in snapshot.decisions if facts.kind is DecisionKind.DECIDE]


def to_ratify(snapshot: BriefSnapshot) -> list[DecisionFacts]:
    return [facts for facts in snapshot.decisions if facts.kind is DecisionKind.RATIFY]


def decide(speak: Speaker, number: int, facts: DecisionFacts, *, with_price: bool) -> Rich:
    """The question with its options and the recommendation; below it the price and the owner."""
    asked = _asked(speak, number, facts)
    return Rich(f"{asked}\n{_priced(speak, facts)}") if with_price else asked


def _asked(speak: Speaker, number: int, facts: DecisionFacts) -> Rich:
    def say(question: str, length: int) -> Rich:
        options = [_option(option, length) for option in facts.options] if length else []
        return speak.text("brief", "decide", number=number, question=question, options=options, facts=facts)

    whole, short = _one_line(facts.question), core_of(facts.question)
    tries = [(whole, _WHOLE), (short, _WHOLE), *((short, length) for length in _CUTS), (cut(short, 110), 0)]
    return first_that_fits(say(*one) for one in tries)


def core_of(question: str) -> str:
    """ "Ten days is not how G works: which rule for menus?" → "Which rule for menus?", where that stands alone."""
    whole = _one_line(question)
    core = whole.rpartition(": ")[2]
    return _sentence(core) if len(core.split()) >= STANDS_ALONE else whole


def _option(option: OptionFacts, length: int) -> dict[str, str]:
    return {"letter": option.letter, "text": cut_clause(_one_line(option.text), length)}


def _priced(speak: Speaker, facts: DecisionFacts) -> Rich:
    """All prices or, where one is long, an even part of each; an amount of money is never cut off.

    Where amounts leave no room for the other options these say where their price stands; without amounts all do.
    """
    priced = [option for option in facts.options if option.price]
    with_money = [option for option in priced if _MONEY.search(option.price or "")]

    def say(named: Sequence[OptionFacts], length: int, name: int) -> Rich:
        prices = [_price(option, length if option in named else 0) for option in priced] if named else []
        return speak.text("brief", "priced", prices=prices, behind=priced, **_owners(speak, facts, name))

    even = [(priced, _WHOLE, 60), *((priced, length, 48) for length in (120, *_EVEN))]
    amounts = [(with_money, length, 48) for length in (_WHOLE, 120, *_EVEN)]
    return first_that_fits(say(*one) for one in [*even, *amounts, ([], 0, 48), ([], 0, 24)])


def _price(option: OptionFacts, length: int) -> dict[str, str]:
    """A length of 0 = not named here."""
    return {"letter": option.letter, "text": _price_cut(_one_line(option.price or ""), length) if length else ""}


def _price_cut(price: str, length: int) -> str:
    """At most `length` characters, or as many as the last amount of money needs."""
    short = cut_clause(price, length)
    amounts = list(_MONEY.finditer(price))
    needed = amounts[-1].end() if amounts else 0
    return short if short == price or needed < len(short) else closed(f"{price[:needed]}…")


def _owners(speak: Speaker, facts: DecisionFacts, length: int) -> dict[str, str | None]:
    co_owner = cut(_one_line(facts.co_owner), length) if facts.co_owner else None
    return {"owner": cut(_one_line(speak.person(facts.owner)), length), "co_owner": co_owner}


def ratify(speak: Speaker, facts: DecisionFacts) -> Rich:
    """What stands unless somebody objects."""
    stands = next((option for option in facts.options if option.letter == facts.recommendation), None)

    text = "; ".join(_one_line(part) for part in (stands.text, stands.price) if part) if stands else ""

    def say(question: int, length: int, name: int) -> Rich:
        asked, said = (
            cut(_asked_for(facts), question),
            cut_clause(_sentence(text), length) if length else "",
        )
        return speak.text("brief", "ratify", question=asked, stands=said, **_owners(speak, facts, name))

    shorter = [(_WHOLE, length, 48) for length in (90, *_CUTS)]
    return first_that_fits(say(*one) for one in [(_WHOLE, _WHOLE, 60), *shorter, (110, 0, 48), (60, 0, 24)])


def ratify_together(speak: Speaker, several: Sequence[DecisionFacts]) -> Rich:
    """Several in one line, where there is no room for one each."""

    def say(named: int, length: int) -> Rich:
        names = [cut(_asked_for(facts), length) for facts in several[:named]]
        return speak.text("brief", "ratify_together", count=len(several), names=names, more=len(several) - named)

    tries = [(named, length) for named in range(len(several), 0, -1) for length in (80, 60, 48, 36)]
    return first_that_fits(say(*one) for one in [*tries, (0, 0)])


def decision_details(speak: Speaker, snapshot: BriefSnapshot) -> list[Rich]:
    """Each question with all that is known of it."""
    indicators = {fact.key: fact.indicator.of(speak.language) for fact in snapshot.objectives}
    numbers = {facts.id: number for number, facts in enumerate(to_decide(snapshot), start=1)}
    return [
        speak.text(
            "brief",
            "decision_details",
            number=numbers.get(facts.id),
            question=cut(_asked_for(facts), _THREAD),
            refs=facts.entry_refs[:12],
            earlier=facts.earlier_entry_refs[:12],
            options=[_whole_option(option) for option in facts.options],
            facts=facts,
            objectives=[cut(indicators[key], 60) for key in facts.objective_keys[:5] if key in indicators],
            **_owners(speak, facts, 60),
        )
        for facts in [*to_decide(snapshot), *to_ratify(snapshot)]
    ]


def _whole_option(option: OptionFacts) -> dict[str, str]:
    price = cut(_one_line(option.price), _THREAD) if option.price else ""
    return {"letter": option.letter, "text": cut(_one_line(option.text), _THREAD), "price": price}


def _asked_for(facts: DecisionFacts) -> str:
    return as_said(facts.kind, _one_line(facts.question))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
