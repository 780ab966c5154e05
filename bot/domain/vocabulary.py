"""Words the suggestions know: function words of both languages, and the terms of sales and operations planning.

The terms belong to the field, not to one company: any maker of food or consumer goods uses them. A concept ties
together what English and Dutch people call the same thing, so that a text and a tension meet without sharing a word.
"""

from typing import Final, Literal

from bot.domain.phrases import one_of

Language = Literal["en", "nl"]


def _set_of(listing: str) -> frozenset[str]:
    return frozenset(listing.split())


ENGLISH_ONLY: Final = _set_of(
    """
    a about again all already also always an and any are as at be because been before but by can could customer did do
    does don't done every everything fine first for friday from get gets good got great had has have he her him his
    how i if into it it's its just last late me monday more most must my never next no nobody not nothing now off on
    one only or our out over really saturday she should so still sunday than thanks that the their them then there
    these they this those thursday to today too tuesday two up us very want wants wednesday well were what when where
    which while who why will with without would yes yesterday you your
    """
)
DUTCH_ONLY: Final = _set_of(
    """
    aan al alle alleen alles als altijd anders bedankt bij dan dat de deze die dinsdag dit donderdag door een elke en
    er ergens even fabriek fijn gaat geen gewoon ging gisteren goed haar hadden heb hebben heeft het hij hoe hun
    iedereen iemand ik inkoop ja je jij jullie kan klant kon kunnen laat lekker maandag maar met mijn moet moeten morgen
    na naar nee niemand niet niets niks nog nooit nu of om omdat ons onze ook op prima steeds te tegen toch toen tot
    uit van vandaag veel verkoop voor vrijdag waar wat weer wel werd werden wie wij wil willen woensdag worden wordt
    zal zaterdag ze zei zich zij zijn zo zondag zonder zou zouden
    """
)
_TELLING: Final = _set_of("customer fabriek inkoop klant verkoop")
STOP_WORDS: Final = (ENGLISH_ONLY | DUTCH_ONLY | _set_of("in is was we")) - _TELLING

_TERMS: Final = {
    "forecast": r"""forecast*, demand plan*, demand review*, bias, mape, over forecast*, assumption*, uplift*,
        prognose*, voorspel*, vraagplan*, aanname, aannames, afwijking*, overschat*, onderschat*""",
    "schedule": r"""schedul*, sequence*, frozen, cut off, swap, swaps, swapped, reschedul*, late change*,
        last minute, rush order*, replan*, doubled, order changes?, changed (the|its|their) order*, already planned,
        planned since, volgorde*, bevroren, ruil*, spoedorder*, draaivolgorde, weekplanning, productieplanning,
        wijziging*, verdubbel*, orderwijziging*, al gepland, stond(en)? gepland""",
    "range": r"""assortment*, sku, skus, article, articles, portfolio, variant, variants, delist*, tail,
        complexity, rationali[sz]*, recipe*, assortiment*, artikel*, varianten, uitdun*, saner*, recept*""",
    "changeover": r"""changeover*, change over*, wash*, cleaning*, set up time*, short run*, run length*, batch*,
        ombouw*, omstel*, wasbeurt*, schoonmaak*, seriegrootte*, korte series""",
    "promotion": r"""promo*, display*, folder*, leaflet*, 1\+1, 2\+1, uplift*, seasonal*, actie, acties,
        actieweek*, actieplan*, kortingsactie*, aankondiging*, seizoen*""",
    "launch": r"""launch*, introduc*, new product*, npd, listing, trial, trials, pilot run*, line trial*,
        stage gate, introductie*, nieuwe? product*, proefdraai*, productieproef*, proefrun*, productierijp*,
        lancer*, productontwikkeling""",
    "scarcity": r"""allocat*, shortage*, scarc*, fair share, short supply, rationing, rationed, fill rate*, backorder*,
        back order*, breakdown*, outage*, line (\d+ )?(down|stopped), not enough, schaars*, tekort*, verdeel*,
        verdeling*, toewijz*, storing*, stilstand, misgrijp*""",
    "freshness": r"""waste, shelf life, remaining life, days? of life, life on (arrival|receipt), fresh*,
        over date, write offs?, written off, expir*, obsolete, availability, sold out, empty shel*, derving,
        restleven*, houdbaar*, tht, over datum, versheid, weggooi*, afgeschreven, beschikbaarheid, uitverkocht,
        lege? schap*, misgrijp*""",
    "inventory": "stock, inventor*, warehouse, residual, stock outs?, voorra*, magazijn, restvoorra*",
    "terms": r"""cost to serve, drop size*, average drop*, delivery day*, daily (delivery|deliveries),
        minimum order*, order lines?, picking, full (pallets?|trucks?), margin, margins, terms, rebate*,
        surcharge*, profitab*, servicekosten, condities, bezorgkosten, dropgrootte, leverdag*, minimale order*,
        orderregels?, volle (pallets?|vrachtwagens?), marge*, klantconditie*, toeslag*, winstgevend*""",
    "promise": r"""promis*, confirm*, commit, commits, committed, commitment*, capabilit*, said yes, beloof*,
        belofte*, belo(ft|ven)*, toegezegd*, toezegging*, bevestig*""",
    "lead time": r"""lead times?, label, labels, artwork, sleeve, sleeves, packaging, rework, scrapped, levertijd*,
        doorlooptijd*, etiket*, verpakking*, drukwerk, herbewerk*""",
    "release": r"""releas*, hold, holds, quality, laborator*, lab, labs, test results?, microbio*, listeria,
        recall*, haccp, unsafe, food safety, vrijga*, vrijgeven, vrijgegeven, geblokkeerd*, kwaliteit*, uitslag*,
        voedselveiligheid, terugroep*""",
    "period end": r"""quarter, quarters, quarterly, (month|year|quarter|period) end, bonus, bonuses, target,
        targets, hockey stick, level load, peak week*, pulled forward, kwartaal*, maandeinde, jaareinde,
        omzetdoel*, gelijkmatig*, periodetarget*""",
    "capacity": r"""capacit*, capex, invest*, line hours, line full, (second|extra) (line|machine), hiring,
        vacanc*, headcount, growth, utili[sz]ation, business case, months ahead, vacature*, bezettingsgraad, groei*""",
    "people": r"""weekend*, overtime, (extra|night|weekend|sunday|saturday|late) shifts?, saturdays, sundays, rota,
        rotas, crew, crews, staff*, operators?, temporary (workers?|staff|shifts?), sick leave, overwerk*,
        rooster*, uitzendkracht*, ploeg*, (extra|nacht|weekend) (dienst|ploeg)*, personeel, mensen, ziekteverzuim""",
    "decision": r"""decision*, decid*, mandate, escalat*, bypass*, went around, going around, behind (my|our) back,
        over (my|our) heads?, without (me|us), not (informed|invited|consulted), explain*, information, agreed,
        agreement*, besluit*, beslis*, mandaat, omweg*, omzeil*, boven (mijn|onze) hoofd*, zonder (mij|ons),
        niet (geïnformeerd|uitgenodigd), informatie, afspra*, afgesproken""",
    "measures": r"""definition*, kpi, kpis, dashboard*, scoreboard*, score board*, spreadsheet*,
        two (truths|numbers|figures), goal, goals, objective*, strateg*, meeting, meetings, agenda, minutes, s&op,
        definitie*, twee (waarheden|cijfers), doelstelling*, vergadering*, overleg""",
}
CONCEPTS: Final = {name: one_of(terms) for name, terms in _TERMS.items()}

_LEVEL_TERMS: Final = {
    "strategic": r"""strateg*, budget*, growth, capex, invest*, capacity, portfolio, assortment*, bonus, bonuses,
        objective*, goals?, targets?, quarters?, years?, months, margins?, executive, board, long term, tail,
        tender*, business case, cost to serve, groei*, capaciteit*, assortiment*, doelstelling*, doelen, kwarta*,
        jaar, jaren, maanden, marge*, directie, lange termijn, aanbesteding*""",
    "implementation": r"""rules?, process*, procedure*, gate, trials?, promo*, launch*, forecast*, lead times?,
        contract*, label*, lists?, agreement*, (demand|supply|product) review*, pre s&op, calendar*, system*,
        notice, weeks, every week, conditions?, sleeves?, regel, regels, proefdraai*, actie, acties, introductie*,
        prognose*, levertijd*, etiket*, lijst, lijsten, afspra*, kalender*, systeem*, weken, elke week,
        voorwaarden, proces*, werkwijze*""",
    "day_to_day": r"""\d{1, 2}[:.]\d{2}, today, tonight, this (morning|afternoon|evening), trucks?, line \d,
        orders?, dock, shift, pallets?, trays?, called, telephone*, phoned, calls?, yesterday, o'clock, swaps?,
        holds?, slots?, scheduler*, crew, depot, vandaag, vanavond, vanochtend, vanmiddag, gisteren, vrachtwagen*,
        lijn \d, orderdesk, ploeg*, belde, gebeld, telefoon*, tijdslot*, storing*""",
}
LEVEL_CUES: Final = {level: one_of(terms) for level, terms in _LEVEL_TERMS.items()}
