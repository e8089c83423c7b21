"""The words, numbers and phrases by which people and tools write a screening decision."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from autoscreen.records import Label

# Without accents and punctuation: English, German, French, Spanish, Portuguese, Italian, Dutch,
# Chinese, Japanese, Korean.
_INCLUDE = """in|include|included|includes|inclusion|relevant|eligible|accept|accepted|keep|kept
potentially relevant|potentially eligible|select|selected|eingeschlossen|einschliessen|einschluss
aufgenommen|geeignet|inclus|incluse|inclure|retenu|retenue|pertinent|pertinente|accepte|acceptee
incluido|incluida|incluir|aceptado|aceptada|relevante|elegible|aceito|aceita|elegivel|incluso
inclusa|includere|accettato|rilevante|eleggibile|geincludeerd|includeren|insluiten|ingesloten
geschikt|纳入|納入|包括|包含|相关|相關|保留|入选|接受|合格|符合|採用|포함
선정|선택|a inclure|incl|inc|включить|включено|включена|релевантно
inkludera
inkluderad|inkludert|inkluder|wlaczyc|wlaczone|dahil|dahil et"""
_EXCLUDE = """out|exclude|excluded|excludes|exclusion|irrelevant|ineligible|reject|rejected|drop
dropped|nonrelevant|noneligible|ausgeschlossen|ausschliessen|ausschluss|abgelehnt|ungeeignet|exclu
exclue|exclure|rejete|rejetee|excluido|excluida|excluir|rechazado|rechazada|irrelevante|rejeitado
rejeitada|escluso|esclusa|escludere|esclusione|rifiutato|irrilevante|uitgesloten|uitsluiten
geexcludeerd|excluderen|afgewezen|排除|剔除|无关|無關|拒绝|除外|제외
対象外|不適格|부적합|관련 없음|무관|배제|a exclure|excl|exc
исключить|исключено|исключена|нерелевантно|exkludera|exkluderad|ekskludert|ekskluder|wykluczyc|wykluczone|haric"""
_YES = "yes|y|true|ja|oui|si|sim|是|はい|예|네|да|tak|evet"
_NO = "no|n|false|nein|non|nao|nee|否|不|いいえ|нет|nej|nei|nie|hayir|아니오|아니요"
_UNSURE = """maybe|unsure|unclear|uncertain|perhaps|possibly|not sure|cannot tell|can t tell
to discuss|discuss|vielleicht|unsicher|unklar|peut etre|incertain|incertaine|quiza|quizas|tal vez
talvez|dudoso|incierto|incerto|forse|dubbio|misschien|onzeker|twijfel|不确定|不確定|可能|待定|也许|未定|보류|불확실
возможно|может быть|не уверен|vet ej|kanskje|byc moze"""
_NONE = """na|n a|nan|none|null|unlabelled|unlabeled|unscreened|not screened|pending|to do|todo|tbd
not seen|undecided|not decided|no decision|no label|no vote|not reviewed|unreviewed|not yet|awaiting
not applicable|unread|not labelled|not labeled|not assessed|未筛选|未篩選|nicht gescreent|offen
en attente|pendiente|pendente"""
_NEGATIONS = "not |non |no |do not |don t |nicht |pas |ne pas |nao |niet |不|未|非"
_SIGNS = dict.fromkeys("+\u2713\u2714", Label.INCLUDE)
_SIGNS |= dict.fromkeys("\u2717\u2718\u00d7", Label.EXCLUDE)
_SIGNS["?"] = Label.UNSURE

_NUMBER = re.compile(r"([+-]?\d+)(?:\.0*)?")
_NUMBERS = {1: Label.INCLUDE, 0: Label.EXCLUDE, -1: None}
_MINUS = {"-", "\u2212", "\u2013"}  # "no" beside a plus, or an empty cell: not understood
_WITHOUT_STROKE = str.maketrans("\u0142\u00f8\u0111\u0131", "lodi")  # Unicode keeps them whole
_MARKS = re.compile(r"[\W_]+")
_HEAD = re.compile(r"(.{1,40}?)\s*(?:[:;,(\[/|=\u2013\u2014]|-(?!\w)|(?<=\s)-)\s*(.*)", re.DOTALL)
_BARE = re.compile(
    r"(\w+)[\s-]+(?:(?:due to|because(?: of)?|as|for|reason)\s+)?(.+)", re.DOTALL | re.IGNORECASE
)
_FOLLOWED = re.compile(
    r"(\w+) (?:(?:for|at|to|pending|after|zum|pour|para|per|voor) .+"
    r"|on (?:the )?(?:titles?|abstracts?|full ?text)\b.*)"
)
_EXCLUSION = re.compile(
    r"\b(?:exclu\w*|reject\w*|irrelevant\w*|ausgeschl\w*|ausschl\w*|esclu\w*|uitgesl\w*|not)\b|排除"
)
_LEAD = re.compile(r"(?:because(?: of)?|due to|reasons?|for)\b[:\s]*", re.IGNORECASE)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.replace("\n", "|").split("|"))


def _fold(text: str) -> str:
    """Drop case, accents, quotation marks and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_WITHOUT_STROKE))
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return _MARKS.sub(" ", letters).strip()


def _folded(words: frozenset[str], label: Label | None) -> dict[str, Label | None]:
    return {_fold(word): label for word in words}


_STRONG = {
    **_folded(_words(_INCLUDE), Label.INCLUDE),
    **_folded(_words(_EXCLUDE), Label.EXCLUDE),
}
_LABELS = {
    **_STRONG,
    **_folded(_words(_YES), Label.INCLUDE),
    **_folded(_words(_NO), Label.EXCLUDE),
    **_folded(_words(_UNSURE), Label.UNSURE),
    **_folded(_words(_NONE), None),
}
_AFTER_NEGATION = frozenset(map(_fold, _words(_INCLUDE)))
_FOLDED_NEGATIONS = tuple(f"{_fold(n)}{' ' * n.endswith(' ')}" for n in _NEGATIONS.split("|"))


class DecisionCell(NamedTuple):
    """The content of a cell of decisions; without a label it means that nobody has decided."""

    label: Label | None
    detail: str = ""


def label_of(text: str) -> Label | None:
    """Return the label that a word or number in a column or note means; None if it means none."""
    cell = decision_of(text)
    return cell.label if cell else None


def decision_of(text: str) -> DecisionCell | None:
    """Return what a cell decides, with the reason or note in it; None if it is not understood."""
    text = unicodedata.normalize("NFKC", text).strip()
    cell = _exact(text) or _with_detail(text)
    if cell and cell.label and text.endswith("?"):
        return DecisionCell(Label.UNSURE, cell.detail)
    return cell


def _exact(text: str) -> DecisionCell | None:
    if number := _NUMBER.fullmatch(text.strip("'\" ")):
        value = int(number[1])
        return DecisionCell(_NUMBERS[value]) if value in _NUMBERS else None
    if text in _SIGNS:
        return DecisionCell(_SIGNS[text])
    word = _fold(text)
    if word in _LABELS:
        return DecisionCell(_LABELS[word])
    if not word:
        return None if text in _MINUS else DecisionCell(None)
    negated = any(
        word.startswith(one) and word.removeprefix(one).strip() in _AFTER_NEGATION
        for one in _FOLDED_NEGATIONS
    )
    return DecisionCell(Label.EXCLUDE) if negated else None


def _with_detail(text: str) -> DecisionCell | None:
    """Read a decision with something behind it: ``Excluded - wrong population``."""
    for match in (_HEAD.fullmatch(text), _BARE.fullmatch(text)):
        head = _exact(match[1]) if match else None
        if match is None or head is None or head.label is None:
            continue
        separated = match.re is _HEAD
        if not separated and (_STRONG.get(_fold(match[1])) is not Label.EXCLUDE):
            continue
        detail = _LEAD.sub("", match[2].strip(" \"'()[]-\u2013\u2014:;,."), count=1).strip()
        said_again = _exact(detail)
        if _contradicts(head.label, detail, said_again) or (
            said_again is None and (match[1].strip().isdigit() or _abbreviates(match[1], detail))
        ):
            return None
        return DecisionCell(head.label, "" if said_again else detail)
    followed = _FOLLOWED.fullmatch(_fold(text))
    if followed and _STRONG.get(followed[1]) and not _EXCLUSION.search(_fold(text)):
        return DecisionCell(_STRONG[followed[1]])
    return None


def _abbreviates(head: str, detail: str) -> bool:
    """Whether two letters stand for other words, as in ``n/i``: no information."""
    return len(head.strip()) == len(detail) == 1


def is_decision_word(text: str) -> bool:
    """Return whether a text is a word that is used for decisions and hardly for anything else."""
    return _fold(text) in _STRONG


def _contradicts(label: Label, detail: str, said_again: DecisionCell | None) -> bool:
    """Whether a cell says two things: ``Yes / No``, ``Include: not relevant``."""
    if said_again is not None and said_again.label not in (None, label):
        return True
    return label is Label.INCLUDE and bool(_EXCLUSION.search(_fold(detail)))
