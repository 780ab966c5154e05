"""The words the coaching rules look for, per language; how they are combined stands in coaching.py.

A list is written as phrases.py explains: a space also meets a hyphen, ``*`` is any ending, dots are a gap.
"""

import re
from dataclasses import dataclass
from typing import Final

from bot.domain.phrases import alternatives, one_of
from bot.domain.vocabulary import Language


@dataclass(frozen=True)
class Words:
    """One language. Every pattern finds a cue in a plain text without its quotes."""

    help_wanted: re.Pattern[str]
    urgent: re.Pattern[str]
    now: re.Pattern[str]
    unsafe_to_say: re.Pattern[str]
    person_judged: re.Pattern[str]
    motive: re.Pattern[str]
    failed: re.Pattern[str]
    always: re.Pattern[str]
    too_vague: re.Pattern[str]
    solution: re.Pattern[str]
    opinion: re.Pattern[str]
    trouble: re.Pattern[str]
    again: re.Pattern[str]
    norm: re.Pattern[str]
    negated_before: re.Pattern[str]
    myself_before: re.Pattern[str]


_PEOPLE: Final = """sales, operations, ops, marketing, finance, purchasing, procurement, customer service,
    the order desk, verkoop, inkoop, klantenservice, de orderdesk"""
_DEPARTMENTS: Final = f"""{_PEOPLE}, logistics, production, planning, supply planning, quality, warehouse,
    dispatch, maintenance, engineering, category, productie, logistiek, kwaliteit, magazijn, expeditie, financiën,
    onderhoud"""
_ROLES: Final = """scheduler*, planner*, manager*, director*, buyer*, operator*, mechanic*, driver*, colleague*,
    boss, bosses, salesman, salesmen, salespeople, rep, reps, account manager*, team lead*, line lead*,
    supervisor*, controller*, clerk*, guy, guys, crew, man, woman, teamleider*, lijnleider*, inkoper*, verkoper*,
    accountmanager*, directeur*, chauffeur*, collega, collega's, baas, monteur*, voorman, jongens, vent, vrouw,
    gast, gasten"""
ACTOR: Final = one_of(f"{_DEPARTMENTS}, the (plant|plants|factory), de (fabriek|fabrieken)")
EVERYONE: Final = one_of(
    "everyone, everybody, all (departments|sides), the whole chain, iedereen, alle afdelingen, de hele keten"
)

TIME: Final = one_of(
    """(mon|tues|wednes|thurs|fri|satur|sun)day, january, february, april, june, july, august, september, october,
    november, december, (in|of|since) (march|may), yesterday, this (morning|afternoon), last (week|month|night),
    (maan|dins|woens|donder|vrij|zater|zon)dag, januari, februari, maart, mei, juni, juli, augustus, oktober,
    gisteren, vanochtend, vanmiddag, vorige (week|maand)"""
)
# A digit tells a date, a time or an amount. The number of a line or a truck does not, nor does "24/7" or "100%".
FIGURE: Final = re.compile(r"(?<!line )(?<!lijn )(?<!truck )(?<!wagen )(?<![\w.,/])(?!24/7|100 ?%)\d", re.IGNORECASE)
CUSTOMER: Final = re.compile(
    r"\b(?i:customer|klant|retailers?|discounter|caterer|wholesaler|groothandel|account|article|artikel) [A-Z0-9]\w*"
)
NAME_AFTER: Final = re.compile(r"\b(?:for|at|from|to|voor|bij|naar|aan|van) (?P<name>[A-Z]\w*[a-z]\w*)")

# What tells neither what was made, nor for whom, nor what was done well.
GENERIC: Final = one_of(
    """plan, plans, schedul*, order, orders, forecast*, truck, trucks, line, lines, week, weeks, day, days,
    product, products, deliver*, stock, number, numbers, thing, things, customers, team, teams, people, colleague*,
    side, sides, work*, morning, afternoon, planning*, prognose*, vrachtwagen*, lijn*, dag, dagen, producten,
    levering*, voorraad, cijfer*, klant*, mensen, collega*, kant*, werk*, gewerkt, dingen"""
)
PRAISE: Final = one_of(
    """fine, good, great, nice*, perfect*, excellent, okay, super, cool, smooth*, together, teamwork, cooperat*,
    collaborat*, communicat*, job, complaint*, problem*, issue*, trouble, happy, satisfied, thank*, went, going,
    gone, keep, done, better, help*, quick*, fast, pleasant, positive, easy, easily, top, usual, normal, well,
    best, awesome, amazing, success*, more, like, other, each, quiet, prima, fijn*, lekker, samen*, geen, klacht*,
    proble*, gedaan, gegaan, liep, loopt, soepel*, tevreden, blij, compliment*, bedankt, dank*, mooi*, netjes,
    geweldig*, hulp, geholpen, snel, goede, oké, oke, klagen, uitstekend, positief, rustig*, vlot, elkaar, hele,
    complet*, echt, heel"""
)

_FAULTS: Final = """lazy, incompetent, incapable, arrogant, stubborn, selfish, clueless, unprofessional, rude,
    childish, dishonest, careless, cowardly, ignorant, spineless, lui, luie, incompetente, arrogante, onbekwaam,
    onbekwame, egoïstisch*, koppig*, eigenwijs, eigenwijze, onbeschoft*, onprofessioneel, onprofessionele,
    kinderachtig*, laf, laffe, nalatig*, achterbaks*, gemakzuchtig*"""
# Things can be these too: they judge a person only when a person clearly stands before them.
_ALSO_OF_THINGS: Final = """stupid, dumb, useless, hopeless, unreliable, dom, domme, waardeloos, waardeloze,
    onbetrouwbaar, onbetrouwbare, hopeloos"""
_INSULTS: Final = """idiot, idiots, moron*, liar, liars, clown, clowns, slacker*, loser, losers, bunch of amateurs,
    idioot, idioten, sukkel*, eikel, eikels, prutser*, leugenaar*, klungel*, luiwammes*, stel amateurs, klootzak*"""
_MANY: Final = "they, those, you, people, ze, zij, jullie, mensen"
_IS: Final = r"(?:'s|'re|\s+(?:is|are|was|were|seems?|acts?|zijn|waren|lijkt|blijft|blijven))"
_SO: Final = alternatives(
    """just, so, simply, too, really, very, such, totally, completely, always, a, an, being, rather, plain, way,
    utterly, clearly, again, all, gewoon, echt, zo, te, heel, erg, weer, wel, altijd, een, ontzettend,
    ongelofelijk, compleet, totaal, veel, allemaal"""
)
_NAME: Final = r"(?:(?-i:[A-Z][a-zà-ÿ]+)(?:\s+(?:from|of|van)\s+\w+)?|@\w+>?)"


def _person_judged(habits: str) -> re.Pattern[str]:
    """A fault of a person, role or department: as predicate, before the noun, as a habit, or a plain insult."""
    role = rf"{alternatives(_ROLES)}(?:\s+(?!that|who|die)[\w'-]+){{0,3}}?"
    somebody = rf"(?:{alternatives(f'he, she, hij, {_PEOPLE}')}|{role})"
    anybody = rf"(?:{alternatives(f'{_MANY}, {_DEPARTMENTS}')}|{somebody}|{_NAME})"
    fault, wide_fault = alternatives(_FAULTS), alternatives(f"{_FAULTS}, {_ALSO_OF_THINGS}")
    ways = (
        rf"{anybody}{_IS}(?:\s+{_SO}){{0,3}}\s+{fault}",
        rf"{somebody}{_IS}(?:\s+{_SO}){{0,3}}\s+{wide_fault}",
        rf"{anybody}(?:\s+{_SO}){{0,3}}\s+{fault}\s+(?:is|zijn|was|waren)",
        rf"{wide_fault}\s+{alternatives(_ROLES)}",
        rf"{anybody}(?:\s+{_SO}){{0,2}}\s+{alternatives(habits)}",
        alternatives(_INSULTS),
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", re.IGNORECASE)


def _motive(cues: str, wants: str, cares: str) -> re.Pattern[str]:
    """A motive in itself, or what others "only want". A role (a buyer) may want a thing: that is a fact, no motive."""
    others = alternatives(f"they, he, she, ze, zij, hij, {_DEPARTMENTS}")
    anybody = rf"(?:{others}|{alternatives(_ROLES)})"
    ways = (alternatives(cues), rf"{others}\s+{alternatives(wants)}", rf"{anybody}\s+{alternatives(cares)}")
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})(?!\w)", re.IGNORECASE)


_VIRTUE_EN: Final = """(communication|cooperation|collaboration|alignment|coordination|teamwork|transparency|
    information|trust|respect|
    planning|process|things|it|this)"""
_VIRTUE_NL: Final = """(communicatie|samenwerking|afstemming|informatie|transparantie|vertrouwen|begrip|respect|
    coördinatie|planning|
    proces|overleg|het|dit)"""

ENGLISH: Final = Words(
    help_wanted=one_of(
        r"""who (can|could), (can|could) (anyone|anybody|someone|somebody)(?! (please )?(explain|tell)),
        (can|could) you help, anyone (available|free|there|around), ^help, help (me|us) (please|now|asap),
        need help, need (a|an) \w+, need (someone|somebody), help needed, please (help|call|answer|respond)"""
    ),
    urgent=one_of(
        "right now, asap, urgent, urgently, immediately, at this moment, within the hour, today, tonight, emergency"
    ),
    now=one_of("now, straight away, at once"),
    unsafe_to_say=one_of(
        """(not|don't|didn't|wouldn't) dare (to )?(say|tell|write|raise|mention|bring|speak),
        (afraid|scared) to (say|tell|write|raise|mention|speak|bring),
        (can't|cannot|can not) say this (openly|aloud|out loud|in),
        (not|don't) (tell|quote|name) (anyone|anybody|me), off the record, between (us|you and me),
        not with my name, (keep|leave) my name out*, (but|please|it|this) without my name,
        (this is|keep this|keep it|strictly) confidential, in confidence, anonymous*, cost me my job,
        (not|don't) want my (name|boss|manager), get (me )?(in|into) trouble (for|if)"""
    ),
    person_judged=_person_judged(
        """(can't|cannot|don't|doesn't) do (his|her|their|its) job*, (has|have|had) no clue,
        (has|have) no idea what (he|she|they), (don't|doesn't|do not|does not) care,
        (could not|couldn't) care less, (can't|cannot) be bothered, (is|are|was|were) asleep,
        never (does|do) anything, should be fired, (is|are) not up to (the|his|her|their) job"""
    ),
    motive=_motive(
        """on purpose, deliberately, intentionally, hidden agenda, sabotag*, out of (spite|laziness|jealousy),
        to (spite|annoy|punish|embarrass) (us|me), to make (us|me|them|sales|operations) look (bad|stupid|good),
        so (that )?(they|he|she) (can |could )?(get|gets|make|makes|earn|keep|hit|reach|look) (their|his|her|good),
        (for|because of) (their|his|her) (own )?bonus,
        to (get|make|save|protect) (their|his|her) (own )?(bonus|target|skin|numbers),
        (not|don't|doesn't) want to (help|cooperate|listen|share|understand|change)""",
        wants="(just|only) (want|wants)",
        cares="(just|only) (care|cares|think|thinks) (about|of)",
    ),
    failed=one_of(
        """failed, fail, messed up, screwed up, dropped the ball, (is|are|was|were) to blame,
        (is|are|was|were) at fault, blame, let us down, got it wrong, (didn't|did not) do (their|its) job,
        (is|are|was|were) guilty, fault of"""
    ),
    always=one_of(
        """always, never, every (single )?time, each time, all the time, time and again, time after time,
        constantly, continually, forever, (no one|nobody) ever, without exception"""
    ),
    too_vague=one_of(
        f"""{_VIRTUE_EN} (must|should|could|can|needs to|need to|has to|have to) ... (better|improved|clearer|
        faster|smoother|improve), (better|more|improve|improved|clearer) (the |our )?{_VIRTUE_EN},
        lack of {_VIRTUE_EN}, {_VIRTUE_EN} (is|was|are|were) (really |very |still |just |so |often )?(bad|poor|
        lacking|missing|not good|not great|weak), {_VIRTUE_EN} (is|are) (really |still |often )?(a problem|an issue|
        difficult|insufficient|not working), (must|should|need to|have to) (work|talk|communicate|cooperate|
        collaborate|listen|align) (together )?(better|more),
        (things|it) (go|goes|went|are going|is going|keep going|keeps going) wrong,
        something (has to|must|needs to) change"""
    ),
    solution=one_of(
        r"""(we|they|i|you|sales|operations|the plant) (just |simply |really |urgently )?(need|needs|want|must have|
        should have|should get|should hire|should buy|should build|should install|have to hire|have to buy|
        have to get|have to build) (more|another|a|an|extra|additional|new|bigger|better|\d+) \w+,
        there (should|must|has to) be (more|another|a|an|extra|new) \w+, the only (solution|way|fix),
        (should|must) be (automated|replaced|outsourced|abolished), just (hire|buy|automate|build|add),
        time to (hire|buy|invest in|automate|outsource) \w+"""
    ),
    opinion=one_of(
        """rubbish, terrible, awful, horrible, useless, worthless, hopeless, mess, messy, disaster, disastrous,
        joke, ridiculous, crap, nonsense, garbage, unacceptable, no sense, sucks, pathetic, bad, poor, dreadful,
        insane, crazy, stupid, absurd, shambles, chaos, chaotic, unworkable, shit*"""
    ),
    trouble=one_of(
        """different, changed, changes, late, wrong, missing, short, cancelled, failed, stopped, delayed,
        incomplete, moved, full, down, rejected"""
    ),
    again=one_of("again, once more"),
    norm=one_of("should, must, need to, have to, has to, let's, please, shall, promise to, agreed to"),
    negated_before=re.compile(
        r"(?:\b(?:not|no|nobody|never|without|none|hardly)|n't)(?:\s+\w+){0,2}\s*$", re.IGNORECASE
    ),
    myself_before=re.compile(
        r"\b(?:i|we)\b(?:'ve|'m|'re)?(?:\s+(?!think|believe|feel|know|say|said)\w+){0,2}\s*$", re.IGNORECASE
    ),
)

DUTCH: Final = Words(
    help_wanted=one_of(
        r"""wie (kan|kunnen|weet|helpt|heeft),
        (kan|kunnen) (er )?iemand(?! (mij |me |ons )?(uitleggen|vertellen|zeggen)), is er iemand,
        iemand (beschikbaar|vrij|nodig), (heb|hebben) ... nodig, hulp nodig, ^help, help (mij|me|ons), graag hulp"""
    ),
    urgent=one_of(
        """nu meteen, spoed, dringend, urgent, asap, zsm, zo snel mogelijk, op dit moment, vandaag, vanavond,
        binnen een uur, noodgeval"""
    ),
    now=one_of("nu, meteen, direct"),
    unsafe_to_say=one_of(
        """durf ... niet, durf niet, durfde ... niet,
        (bang|huiverig) om ... te (zeggen|melden|vertellen|noemen|schrijven), onder ons, tussen ons gezegd,
        (niet|liever niet) met mijn naam, (maar|graag|dit|het) zonder mijn naam, mijn naam (erbuiten|eruit),
        (dit is|houd dit|hou dit|strikt) vertrouwelijk, in vertrouwen (gezegd|verteld), anoniem*,
        niet (verder |door)vertellen, niet hardop (zeggen|durven), kost (me|mij) mijn baan"""
    ),
    person_judged=_person_judged(
        """(snapt|snappen|begrijpt|begrijpen) er ... (niks|niets), (snapt|snappen) er (niks|niets),
        (kan|kunnen) er ... (niks|niets) van, (kan|kunnen) er (niks|niets) van,
        (heeft|hebben) ... (benul|verstand van zaken), (heeft|hebben) geen (flauw )?(benul|verstand)*,
        (zit|zitten) te slapen, (loopt|lopen) de kantjes, doet nooit (iets|wat), doen nooit (iets|wat),
        (zou|zouden|hoort|horen) ontslagen*, (interesseert|boeit) het ... (niet|niks|niets),
        (kan|kunnen) (zijn|haar|hun) werk niet, deugt niet, deugen niet"""
    ),
    motive=_motive(
        """expres, met opzet, opzettelijk, moedwillig, verborgen agenda, sabot*, pure onwil,
        uit (pure )?(luiheid|onwil|gemakzucht|jaloezie),
        om (ons|mij|me) (te pesten|dwars te zitten|zwart te maken|een hak te zetten),
        zodat (ze|zij|hij) (hun|zijn|haar) (eigen )?(bonus|target|doel)*,
        om (hun|zijn|haar) (eigen )?(bonus|straatje|target|doelen|hachje)*,
        het gaat (ze|hen|hem|haar|hun) (alleen|puur|enkel) (maar )?om,
        (wil|willen) (gewoon |echt |ons |ook )?niet (helpen|meewerken|luisteren|meedenken|veranderen)""",
        wants="(wil|willen) (alleen|enkel)",
        cares="(denkt|denken) (alleen|enkel) (maar )?aan",
    ),
    failed=one_of(
        """faalde, faalden, gefaald, falen, verprutst, verpest, verknald, (liet|lieten) het afweten,
        steken (laten )?vallen, schuldig, schuld van, (ging|gingen) de fout in, tekortgeschoten, laten liggen"""
    ),
    always=one_of(
        """altijd, nooit, (elke|iedere) keer, telkens, voortdurend, constant, steeds (weer|opnieuw), keer op keer,
        continu, eeuwig, stelselmatig, niemand ooit, zonder uitzondering"""
    ),
    too_vague=one_of(
        f"""{_VIRTUE_NL} (moet|kan|mag|zou|moeten|kon) ... (beter|duidelijker|sneller|anders),
        {_VIRTUE_NL} (moet|kan|mag|moeten) beter, (betere|meer|te weinig|gebrek aan|slechte) {_VIRTUE_NL},
        {_VIRTUE_NL} (is|was|loopt|verloopt|gaat) (echt |gewoon |vaak |nog |erg )?(slecht|matig|niet goed|
        onvoldoende|stroef|moeizaam), {_VIRTUE_NL} is ver te zoeken, er moet iets (veranderen|gebeuren),
        (het|dit) loopt niet (lekker|goed), moeten (echt |veel |gewoon )?(meer|beter) (gaan )?(samenwerken|
        communiceren|overleggen|luisteren|afstemmen), (dingen|het) (gaan|gaat) (steeds |vaak )?mis"""
    ),
    solution=one_of(
        r"""(hebben|heeft|heb) (we |wij |ze )?(echt |gewoon |dringend |ook )?(meer|extra|een|nieuwe|betere|grotere|
        \d+) ... nodig, (hebben|heeft|heb) (meer|extra) \w+ nodig, (meer|extra) \w+ (aannemen|kopen|nodig|inhuren),
        de enige oplossing, (moet|moeten) (we |er |wij )?(gewoon |echt |toch |nog )?(meer|extra|een|nieuwe|betere|
        \d+) ... (komen|bij|hebben|kopen|aannemen|krijgen|invoeren|bouwen|aanschaffen|huren),
        (moet|moeten) (gewoon )?(geautomatiseerd|vervangen|uitbesteed|afgeschaft) worden,
        (neem|koop|huur) (gewoon |toch )?(meer|extra|een|nieuwe) \w+"""
    ),
    opinion=one_of(
        """waardeloos, waardeloze, slecht, slechte, belabberd*, ramp, rampzalig, drama, dramatisch*, belachelijk*,
        bagger, rommel, rommeltje, onzin, prut, prutswerk, hopeloos, hopeloze, nergens op, puinhoop, chaos,
        chaotisch, triest, onacceptabel*, onwerkbaar, bizar, schandalig*, lachertje, om te huilen, zooitje,
        verschrikkelijk*, vreselijk*, klote*, shit*, niks waard"""
    ),
    trouble=one_of(
        """anders, gewijzigd, veranderd, wijziging, te laat, laat, fout, verkeerd, kwijt, tekort, geannuleerd, mis,
        mislukt, verschoven, vol, stil, niet klaar, niet compleet, geweigerd, vertraagd"""
    ),
    again=one_of("weer, opnieuw, alweer, nog een keer"),
    norm=one_of("moet, moeten, zou, zouden, laten we, graag, afgesproken om"),
    negated_before=re.compile(r"\b(?:niet|geen|niemand|nooit|zonder|nauwelijks)(?:\s+\w+){0,2}\s*$", re.IGNORECASE),
    myself_before=re.compile(r"\b(?:ik|we|wij)\b(?:\s+(?!denk|vind|geloof|weet|zeg|zei)\w+){0,2}\s*$", re.IGNORECASE),
)
WORDS: Final[dict[Language, Words]] = {"en": ENGLISH, "nl": DUTCH}
