"""Which words are informative about a study, and pairs of words split between their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_SHORTEST = 3
_LETTERS = 2
_GRAMMAR = """
a about above across after again against all almost along alone already also although always
among amongst an and another any anyone anything are around as at available away be became
because become becomes been before began being below beside besides between both but by came can
cannot come could did do does doing done down due during each either else elsewhere enough etc
even ever every except few for from further furthermore get gave give given gives had has have
having he hence her here him his how however if in including indeed instead into is it its
itself just keep kept last least less let like likely made mainly make makes many may me
meanwhile might more moreover most mostly much must my near nearly need needed neither never
nevertheless next no nobody none nor not nothing now of off often on once one ones only onto or
other others otherwise our ours out over overall own per perhaps put quite rather really
regarding regardless same seem seemed several shall she should since so some such take taken
than that the their them themselves then there thereby therefore these they thing this those
though through throughout thus to together too toward towards under unless unlike until up upon
us use used uses using usually various versus very via vs was we well went were what when where
whereas whether which while who whole whom whose why will with within without would yet you your
two three four five six seven eight nine ten eleven twelve first second third fourth half twice
hundred thousand
"""
_USUAL = """
abstract according achieve achieved additional aim aimed aims analysed analyses analysis analyze
analyzed approach article assess assessed assessing assessment associated association author
authors average background based baseline better change changes characteristics clinical
clinically compare compared comparing comparison conclude concluded conclusion conclusions
conducted consecutive considered copyright current currently data demonstrate demonstrated
describe described design despite detected determine determined develop developed differ
difference differences different discuss discussed effect effective effectiveness effects
efficacy elsevier enrolled estimate estimated evaluate evaluated evaluating evaluation evidence
examine examined findings following follow found future group groups high higher highly
hypothesis identified identify impact important improve improved improvement inc include
included includes increase increased increasing indicate indicated individual interval intervals
introduction investigate investigated involved journal known large larger level levels limited
literature low lower main material materials mean means measure measured measures median method
methodology methods nan new novel number objective objectives observed obtained outcome outcomes
paper parameters participants patient patients people performed period possible potential
present presented previous previously primary prior problem problems prospective provide
provided provides purpose range rate rates received recent recently related relevant remains
report reported reporting reports required research respectively response result resulted
resulting results reveal revealed review reviewed reviews rights role sample score scores
secondary selected setting show showed showing shown shows significance significant
significantly similar single small specific standard statistical statistically studied studies
study subject subjects suggest suggested suggesting suggests summary support term terms test
tested tests time times total treated treatment treatments trial trials type types university
useful value values variables volunteers week weeks day days month months year years hour hours
minute minutes minimum maximum ratio relative risk confidence mg kg ml ci long short course
constant hand hands open cohort partial accurate accuracy investigation disease diseases
disorder disorders syndrome condition conditions care health medical human humans adult adults
aged age male female men women english usual
general controlled assigned superior point positive negative items factor
"""
"""Words of any abstract, whatever its topic."""
_EMPTY = frozenset((_GRAMMAR + _USUAL).split())


def is_informative(words: str) -> bool:
    """Return whether a word, or each of several, is informative about a study."""
    return bool(words) and all(map(_one_informative, words.split()))


def first_informative(words: Iterable[str], most: int) -> list[str]:
    """Return the first informative words, without a word that another one contains."""
    found: list[str] = []
    for word in words:
        new = is_informative(word) and not any(
            set(word.split()) & set(one.split()) for one in found
        )
        if new and len(found) < most:
            found.append(word)
    return found


def share_out(values: Mapping[str, float]) -> dict[str, float]:
    """
    Add the value of each pair to its informative words, so that the sum stays.

    A pair without an informative word is split between its two words.
    """
    total: dict[str, float] = {}
    for name, value in values.items():
        kept = [word for word in name.split() if _one_informative(word)] or name.split()
        for word in kept:
            total[word] = total.get(word, 0.0) + value / len(kept)
    return total


def _one_informative(word: str) -> bool:
    letters = sum(char.isalpha() for char in word)
    return len(word) >= _SHORTEST and letters >= _LETTERS and "_" not in word and word not in _EMPTY
