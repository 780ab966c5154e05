"""The coaching rules: one question at most, the right one, and rarely."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.coaching import Coaching, coach
from bot.domain.suggestion import detect_language

SAMPLE = Path(__file__).parents[2] / "bot" / "sample"
C = Coaching

# What coaching_examples.csv calls a problem, as a rule.
EXAMPLES = {
    "generalisation": C.GENERALISATION,
    "judgement of a person": C.PERSON_JUDGED,
    "opinion without an example": C.OPINION_ONLY,
    "solution before the problem": C.SOLUTION_FIRST,
    "too vague to act on": C.TOO_VAGUE,
    "motive assumed": C.MOTIVE_ASSUMED,
    "empty went-well": C.EMPTY_WENT_WELL,
    "day-to-day call for help": C.HELP_TODAY,
    "mixed language, half an example": C.HALF_AN_EXAMPLE,
    "sensitive, asks for safety": C.SENSITIVE,
    "blame of many": C.BLAME_OF_MANY,
}

POSITIVES = {
    C.HELP_TODAY: [
        "Can anybody release the pallets right now? The driver is leaving",
        "Line 2 is down, I need a mechanic asap",
        "No trays left and nobody answers, who can bring some??",
        "We need someone at the dock today, the slot closes at 14:00",
        "Wie kan er nu naar dock 3 komen? De chauffeur vertrekt",
        "Spoed: kan iemand de pallets van Discounter D vrijgeven",
        "Lijn 1 staat stil, wie helpt??",
        "Help, de vrachtwagen staat voor een dichte poort en moet nu weg!",
    ],
    C.SENSITIVE: [
        "I am afraid to say this aloud, but the night crew skips its breaks",
        "Off the record: the plant knew it in week 12 already",
        "Please keep my name out of it, the plan was changed after the meeting",
        "Don't tell anyone, but we quote two different stock figures",
        "Ik durf dit niet te zeggen in de terugblik, maar de weekenden breken mijn ploeg op",
        "Onder ons: het plan lag al vast voor het overleg",
        "Liever niet met mijn naam: de overuren worden niet allemaal geschreven",
        "Ik ben bang om dit hardop te zeggen, maar de wasbeurt werd overgeslagen",
    ],
    C.PERSON_JUDGED: [
        "The buyer of Retailer A is so arrogant",
        "Kees is incompetent",
        "That planner has no clue",
        "Operations are too lazy to answer a mail",
        "The lazy planner left my request of 10:05 unanswered",
        "He can't do his job, on Monday the sequence was wrong for 3 hours",
        "De planner is gewoon lui",
        "Die domme inkoper bestelde weer 2 weken te laat",
        "Verkoop snapt er helemaal niks van",
        "De teamleider van lijn 2 loopt de kantjes eraf",
        "Het zijn sukkels daar op kantoor",
        "I think he is lazy",
        "My manager is so stubborn",
        "You people are all incompetent",
        "<@U123> is lui",
        "Ik vind dat de chauffeur onbeschoft is",
    ],
    C.MOTIVE_ASSUMED: [
        "They only want to look good in front of the owner",
        "Sales doesn't want to help us with the forecast",
        "The plan was changed on Friday just to make us look bad, on purpose",
        "Finance blocks it to protect their own numbers",
        "Ze deden het expres",
        "Verkoop drukt die order erdoor om hun bonus te halen",
        "De fabriek wil gewoon niet meewerken",
        "Het gaat ze alleen om de omzet van deze maand",
        "I think they only want a bigger bonus",
        "The scheduler only cares about his own line",
    ],
    C.BLAME_OF_MANY: [
        "Sales, purchasing, planning and the warehouse all messed up with the Easter eggs",
        "Everybody dropped the ball in week 12",
        "Marketing, finance and operations are to blame for the late launch",
        "Inkoop, verkoop, planning en de fabriek hebben gefaald met de erwtensoep",
        "Iedereen heeft het verprutst bij de introductie",
        "Het is de schuld van inkoop, verkoop en planning",
    ],
    C.GENERALISATION: [
        "Sales never sticks to the plan.",
        "The plant constantly changes the sequence",
        "Every single time the answer comes too late for us",
        "They forget us all the time",
        "Verkoop houdt zich nooit aan het plan",
        "Operations zegt altijd nee",
        "Elke keer horen wij het als laatste",
        "De planning verandert steeds weer",
    ],
    C.TOO_VAGUE: [
        "We need better communication",
        "The cooperation is really bad",
        "We should work together better",
        "There is a lack of trust",
        "De communicatie moet beter",
        "De samenwerking loopt stroef",
        "We moeten meer overleggen",
        "Er moet iets veranderen",
    ],
    C.SOLUTION_FIRST: [
        "We need 2 more people on the line",
        "Just hire a second scheduler",
        "There should be a new system for orders",
        "The only solution is a second sealer",
        "We hebben meer capaciteit nodig",
        "Er moet een extra planner bij",
        "De enige oplossing is een tweede lijn",
        "Koop gewoon een nieuwe machine",
    ],
    C.OPINION_ONLY: [
        "The planning is a mess",
        "This promotion was a disaster",
        "Ridiculous lead times",
        "The new order screen is useless",
        "De prognose is waardeloos",
        "Wat een puinhoop in het magazijn",
        "Het slotensysteem is een drama",
        "Belachelijke levertijden",
    ],
    C.HALF_AN_EXAMPLE: [
        "Yesterday the truck was late again",
        "The order was changed again",
        "On Friday the plan was different",
        "The forecast van dinsdag was weer fout",
        "De levering was gisteren te laat",
        "De planning is vrijdag weer gewijzigd",
        "Vanochtend was de order weer niet compleet",
    ],
    C.EMPTY_WENT_WELL: [
        "all good",
        "Great teamwork this week, thanks everybody!",
        "Everything went really well",
        "👍",
        "No complaints",
        "prima",
        "Ging goed",
        "Fijne samenwerking deze week",
        "Lekker gewerkt met z'n allen",
        "Top samenwerking met Noord, dank!",
    ],
}

QUIET = [
    ("clash", "On Wednesday 7 January three changes came for Thursday's sequence on line 2."),
    ("clash", "The line is slow, we made 900 trays an hour instead of 1,200"),
    ("clash", "The line was so slow that the truck of Discounter D left half empty"),
    ("clash", "The scheduler is ill and no deputy was named"),
    ("clash", "The scheduler is not lazy, he had 14 changes on Thursday"),
    ("clash", "I was stupid to promise 72 hours without asking Noord"),
    ("clash", "The label machine was unreliable in week 7"),
    ("clash", "The trial failed on 12 March: the noodles clump after four days"),
    ("clash", "Sales, planning and the plant agreed the sauce plan of week 5 on Friday"),
    ("clash", "Purchasing, sales and planning heard on 12 March that the trial of the noodles had failed"),
    ("clash", "I was too lazy to check the label before the truck left"),
    ("clash", "Kan iemand mij uitleggen waarom het sausplan van week 5 nu anders is?"),
    ("clash", "The buyer only wants full pallets, so half a load waited until Thursday"),
    ("clash", "We deliberately bought only base volume for the asparagus soup"),
    ("clash", "It was not on purpose, the mail of Friday was read on Monday"),
    ("clash", "The driver asked who can help, we opened the dock at 06:30 and he left at 07:10"),
    ("clash", "The answer was 'you always say no', on the phone, and the buyer hung up"),
    ("clash", "Operations said no on Thursday at 15:10 to 1,900 extra trays"),
    ("clash", "The forecast for Retailer BE was bad in December: 86,000 against 75,400"),
    ("clash", "Retailer BE only wants pallets with ten days of life, we had nine"),
    ("clash", "The price list is confidential, so the plant could not check the terms of Wholesaler W"),
    ("clash", "The pea soup plan of Monday was different"),
    ("clash", "We do not need more capacity, we need the hours of line 1 in the right week"),
    ("clash", "The bread order was rejected at the depot and driven back to the bakery"),
    ("not_so_well", "We ran out of sleeves during the tomato block and had to sticker by hand"),
    ("not_so_well", "Het was niet expres: de mail van vrijdag werd maandag gelezen"),
    ("not_so_well", "De planner is ziek en er was dinsdag geen vervanger"),
    ("not_so_well", "Niet altijd, maar in week 12 kwam de prognose drie dagen te laat"),
    ("not_so_well", "De lijn is traag, we maakten 900 bakjes per uur"),
    ("not_so_well", "Op 12 januari is mijn prognose met 10% verlaagd zonder overleg"),
    ("improve", "Never confirm a label date before purchasing has counted the sleeves"),
    ("improve", "We should always call the depot before we load"),
    ("improve", "Zet het afgesproken restleven bij het artikel, zodat de planner het ziet"),
    ("went_well", "Calls to dispatch went from 31 to 6"),
    ("went_well", "The joint message gave the time of the next update to the haulier"),
    ("went_well", "Sales never asked for a release before the result"),
    ("went_well", "Dinsdag leverden we voor het eerst voor 06:00 in Gent"),
]


def coached(text: str, kind: str = "clash") -> Coaching | None:
    return coach(text, kind, detect_language(text))


def rows(name: str) -> list[dict[str, str]]:
    with (SAMPLE / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def kind_of(rule: Coaching) -> str:
    return "went_well" if rule is C.EMPTY_WENT_WELL else "clash"


@pytest.mark.parametrize("row", rows("coaching_examples.csv"), ids=lambda row: row["problem"])
def test_every_example_of_the_sample_gets_its_own_question(row: dict[str, str]) -> None:
    rule = EXAMPLES[row["problem"]]
    assert coached(row["raw_text"], kind_of(rule)) is rule


@pytest.mark.parametrize("row", rows("coaching_examples.csv"), ids=lambda row: row["problem"])
def test_the_better_version_of_an_example_needs_no_question(row: dict[str, str]) -> None:
    assert coached(row["better_version"], kind_of(EXAMPLES[row["problem"]])) is None


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in POSITIVES.items() for text in texts])
def test_a_rule_knows_its_text_in_both_languages(rule: Coaching, text: str) -> None:
    assert coached(text, kind_of(rule)) is rule


@pytest.mark.parametrize(("kind", "text"), QUIET)
def test_what_can_be_acted_on_is_left_alone(kind: str, text: str) -> None:
    assert coached(text, kind) is None


def test_the_sample_is_hardly_ever_coached() -> None:
    """At most one in ten of the 120 entries; measured: none."""
    asked = [
        row["entry_id"]
        for row in rows("entries.csv")
        if coach(row["what_happened"], row["kind"], detect_language(row["what_happened"]))
    ]
    assert asked == []


def test_help_and_safety_come_before_everything_else() -> None:
    assert coached("The lazy planner is away, who can release the truck right now?") is C.HELP_TODAY
    assert coached("I don't dare to say it, but the scheduler is lazy") is C.SENSITIVE
    assert coached("They always change the plan on purpose") is C.MOTIVE_ASSUMED


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("Operations always says no", "on Thursday 8 January"),
        ("The forecast is rubbish", "for Retailer BE"),
        ("Communication must be better", "at Lidl"),
        ("Verkoop houdt zich nooit aan het plan", "van week 7"),
        ("De prognose is waardeloos", "bij Jumbo"),
    ],
)
def test_a_date_a_number_or_a_customer_disarms(text: str, anchor: str) -> None:
    assert coached(text) is not None
    assert coached(f"{text} {anchor}") is None


def test_a_customer_disarms_wherever_it_stands() -> None:
    assert coached("Retailer A finds the new order screen useless") is None
    assert coached("Klant Jumbo vindt het nieuwe scherm waardeloos") is None


def test_a_department_or_a_line_is_no_example() -> None:
    assert coached("Sales never listens to Operations") is C.GENERALISATION
    assert coached("Line 2 is always late") is C.GENERALISATION


def test_curly_quotes_are_quotes() -> None:
    assert coached("The mail of the buyer said “you are lazy”, and left the shelf plan out") is None


def test_a_false_friend_of_the_other_language_is_not_read() -> None:
    assert coached("The ramp of the bakery was closed for the fork lift") is None


def test_nothing_is_asked_about_nothing() -> None:
    assert coach("", "went_well", "en") is None
    assert coach(" \n\t", "clash", "nl") is None


@given(
    st.text(max_size=600),
    st.sampled_from(["clash", "went_well", "not_so_well", "improve"]),
    st.sampled_from(["en", "nl"]),
)
def test_any_text_gets_one_stable_answer(text: str, kind: str, language: str) -> None:
    first = coach(text, kind, language)  # type: ignore[arg-type]
    assert first is None or first in Coaching
    assert coach(text, kind, language) is first  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [text for texts in POSITIVES.values() for text in texts])
def test_what_somebody_else_said_is_not_the_writers(text: str) -> None:
    assert coached(f'On 12 March the mail of Retailer A had this line: "{text}" and 300 trays came back') is None
