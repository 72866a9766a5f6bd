"""The words by which a sentence says who spoke: verbs, titles, and what is no name.

All in lower case, without the full stop of an abbreviation.  The lists are
English; in another language quotations are found, speakers are not.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VERBS = _words(
    """
    said says say told tells tell added adds acknowledged admitted affirmed alleged announced
    answered argued argues asked asks asserted asserts boasted cautioned claimed claims commented
    complained conceded concluded confided confirmed contended continued countered cried
    declared declares
    denied described describes emphasised emphasized exclaimed explained explains hinted insisted
    insists joked lamented maintained maintains mused noted notes observed opined pleaded pledged
    predicted proclaimed promised quipped recalled reiterated remarked repeated replied replies
    responded retorted shouted stated states stressed stresses suggested suggests testified
    called calls thundered told tweeted urged urges vowed warned warns wrote writes characterised
    characterized
    """
)
"""Finite forms that tie a quotation to their subject."""

PARTICIPLES = _words(
    """
    saying telling adding acknowledging admitting affirming alleging announcing answering arguing
    asking asserting boasting cautioning claiming commenting complaining conceding concluding
    confirming contending declaring denying describing emphasising emphasizing explaining hinting
    insisting joking lamenting maintaining noting observing pledging predicting proclaiming
    promising recalling reiterating remarking repeating replying responding stating stressing
    suggesting tweeting urging vowing warning writing calling
    """
)
"""Forms whose subject is that of the sentence: `Graham argued that …, adding "…"`."""

ACTIVE = _words(
    "also has had took made gave went came did hit began set put left spoke met won cast drew saw "
    "found stood kept paid sent brought held spoke wrote defied hailed"
)
"""Finite forms without -ed that tell a verb from a noun behind the subject of a sentence."""

BE = _words("is are was were be been being am")
AUXILIARIES = _words(
    """
    has had have also later then further again now today yesterday tonight recently once just
    repeatedly flatly privately publicly earlier always simply bluntly would will could might may
    did does do still ever often subsequently however therefore nevertheless though
    """
)
"""What may stand between a subject and its verb."""

NEGATIONS = _words("not never n't didn't hasn't hadn't wouldn't doesn't neither nor")

PRONOUNS = _words(
    "he she i we it they you this that these those one some others both neither none who which "
    "what there everyone everybody somebody someone anyone nobody each all many most several few"
)

PREPOSITIONS = _words(
    """
    of at from with in for by to about near between on under over into against among behind
    beside besides beyond during inside outside through throughout toward towards via within
    without alongside around across above below onto upon per
    """
)
"""A name behind one is no subject."""

AFFILIATION = _words("of at from with in for")
"""Stands between a person and where that person works: `Levine of Ladenburg said`."""

ENDERS = (
    PREPOSITIONS
    | PARTICIPLES
    | _words(
        """
    and or but when while who whose which that as after before if because since although though
    where whereas until unless than so yesterday today tonight tomorrow here there earlier later
    recently again also last this early late both referring speaking commenting told in
    """
    )
)
"""What ends the name behind a verb: `said Baker in Paris`."""

TITLES = _words(
    """
    president chairman chairwoman chairperson chair minister ministers secretary sen senator
    senators rep reps representative representatives gov governor mr mrs ms miss mx messrs dr prof
    professor col colonel lt lieutenant capt captain maj sgt sergeant adm admiral cmdr commander
    ambassador envoy director officer executive spokesman spokeswoman spokesperson commissioner
    premier chancellor congressman congresswoman deputy undersecretary leader economist analyst
    mayor treasurer speaker exchequer affairs whip sir dame lord lady sheikh shaikh sheik emir
    sultan ayatollah rev reverend cardinal archbishop rabbi attorney-general vice-president
    vice-chairman vice-chairwoman secretary-general director-general strategist trader broker
    manager presidents adviser advisor counsel counselor
    editor reporter correspondent controller negotiator delegate coach mp mep mps staff
    administrator accountant minister-designate president-elect
    """
)
"""A name begins behind the last of these: `Finance Minister James Baker` is James Baker."""

LEADING_TITLES = _words(
    "king queen prince princess general gen judge justice pope bishop duke baron count major "
    "house senate majority minority chief assistant acting former deputy senior vice prime "
    "republican democrat democratic conservative labour"
)
"""Titles only at the start of a name: Stephen King is no king."""

HONOURS = _words("judge general justice gen king prince queen bishop cardinal democrat republican")
"""Titles in the middle of a run too, where two words or more follow: `Attorney General Ann Lee`."""

PORTFOLIOS = _words(
    "state defense defence finance treasury commerce agriculture energy interior labor labour "
    "trade transportation transport exchequer affairs education health justice"
)
"""What a minister is of: `Secretary of State George Shultz`."""

PARTIES = _words("democrat republican conservative liberal labourite socialist communist")
"""A name doesn't end in one: `the Texas Democrat said`."""

NOT_A_TITLE_BEFORE = _words(
    "motors electric mills foods dynamics assembly council instrument accounting boston computer "
    "interstate union fidelity manhattan city"
)
"""What makes `General` or `First` a part of a company's name."""

PARTICLES = _words(
    "de del della der den di da do dos das du la le las los van von ter ten bin bint ibn al el y e "
    "af av zu zum zur st abu"
)
"""Words in lower case that belong to a name."""

SUFFIXES = _words("jr sr ii iii iv")

COMPANY_ENDS = _words("inc corp co ltd plc llc llp ag sa nv spa gmbh bhd pty lp cos")

DAYS = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday january february july september
    october november december jan feb sept oct nov dec tues thurs
    """
)
"""Stand beside a name without being part of it: `said Mulford Tuesday`."""

MONTHS = DAYS | _words("march april may june august mar apr jun jul aug")
"""Before a name they are days too; behind one they may be the surname: Rick May."""

UNIONS_OF_STATES = _words("u.s us u.k uk u.n un e.c ec eu")
"""Left behind by the sentence before, or where the speaker is: `said U.S. economist Ann Lee`."""

NATIONS = UNIONS_OF_STATES | _words(
    """
    american british french german japanese chinese russian soviet
    ukrainian italian spanish canadian australian dutch belgian swiss swedish norwegian danish
    finnish polish turkish greek portuguese irish scottish welsh austrian hungarian czech iranian
    iraqi israeli palestinian egyptian saudi kuwaiti indian pakistani indonesian malaysian filipino
    thai vietnamese korean taiwanese brazilian mexican argentine argentinian colombian venezuelan
    peruvian chilean cuban nigerian kenyan african european asian arab western eastern north
    south west east
    """
)

STARTERS = _words(
    """
    the a an but and or yet so still however meanwhile moreover nevertheless nonetheless instead
    while when as in at on if later earlier also then although though because since thus today
    yesterday tonight tomorrow asked speaking once after before until by for from to with under
    despite only even now here there what why how not no just like unlike perhaps maybe indeed
    finally such another every any recently separately elsewhere
    furthermore additionally its his her their our my your his both
    """
)
"""What a sentence may begin with in capitals without naming anyone."""

COMMON = _words(
    """
    analysts analyst dealers traders brokers bankers officials official sources source economists
    witnesses experts critics police diplomats farmers producers exporters importers operators
    shippers delegates ministers industry observers residents lawyers doctors soldiers rebels
    protesters activists supporters opponents investors executives participants members spokesmen
    leaders lawmakers politicians workers employees banks companies growers refiners processors
    millers crushers shareholders managers directors scientists researchers engineers people men
    women students teachers parents reports report statement statements government administration
    company bank ministry department group council committee board court party commission state
    agency union firm study survey newspaper editorial letter paper office airline union unions
    market opposition parliament congress cabinet authorities management article law bill speakers
    visitors others spokesman spokeswoman aides advisers retailers manufacturers merchants
    consumers customers buyers sellers builders makers owners oilmen cocoa coffee chapter section
    documents papers news television radio internal chartists players operators respondents
    arbitragers arbitrageurs diplomat opponent critic bankers
    """
)
"""Capitalised only by its place, or a word for an office: it names no one by itself."""

ORGANISATION_HEADS = _words(
    "bank ministry department board university house chamber federation office institute "
    "association union confederation organization organisation bureau council society committee "
    "school college court league"
)
"""What may go on with `of`: the Bank of England."""

ROLES = _words(
    """
    president chairman chairwoman chairperson chair minister secretary director officer executive
    spokesman spokeswoman spokesperson leader economist analyst manager governor founder head chief
    owner partner trader broker dealer strategist professor lawyer author editor ambassador mayor
    treasurer adviser advisor commissioner coach captain activist historian researcher scientist
    """
)
"""Nouns that a name may be set beside: `the group's president, Nadiya Shaporynska, said`."""

ABBREVIATIONS = _words(
    "mr mrs ms dr prof sen rep gov gen col lt capt maj sgt adm st jr sr messrs rev hon pres "
    "inc corp co ltd vs no jan feb aug sept oct nov dec calif mass conn ill mich tex fla kan neb "
    "ind wis minn pa va md ga ala tenn ky ore wash ariz colo nev ark miss mo okla wyo mont del"
)
"""A full stop behind one of these ends no sentence."""

NAMING = _words("called so-called termed dubbed titled entitled named known labelled labeled")
"""Directly before a quotation they say that it is a name or a title."""
