"""The words, numbers and phrases by which people and tools write a screening decision."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from autoscreen.records import Label

# Without accents and punctuation: English, German, French, Spanish, Portuguese, Italian, Dutch,
# Chinese, Japanese, Korean.
_INCLUDE = """in|include|included|includes|inclusion|relevant|eligible|accept|accepted|keep|kept
potentially relevant|potentially eligible|select|selected|eingeschlossen|einschliessen
einschluss|aufgenommen|geeignet|inclus|incluse|inclure|retenu|retenue|pertinent|pertinente
accepte|acceptee|incluido|incluida|incluir|aceptado|aceptada|relevante|elegible|aceito|aceita
elegivel|incluso|inclusa|includere|accettato|rilevante|eleggibile|geincludeerd|includeren
insluiten|ingesloten|geschikt|纳入|納入|包括|包含|相关|相關|入选|接受|合格|符合|採用|適格|含める
組入れ|組み入れ|通过|纳入研究|符合纳入标准|符合标准|포함|포함됨|포함함|선정|선정됨|선택|채택
적격|a inclure|incl|inc|включить|включено|включена|релевантно|inkludera|inkluderad|inkludert
inkluder|inkludere|inkluderet|medtag|wlaczyc|wlaczone|wlaczony|uwzgledniono|dahil|dahil et
dahil edildi|uygun|kabul|kabul edildi|opnemen|opgenomen|meenemen|includi|da includere|behalten
inclu|meets criteria|meets inclusion criteria|meets all criteria|inclusion criteria met|advance
advance to full text|move to full text|pass|passed|approve|approved"""
_EXCLUDE = """out|exclude|excluded|excludes|exclusion|irrelevant|ineligible|reject|rejected|drop
dropped|nonrelevant|noneligible|ausgeschlossen|ausschliessen|ausschluss|abgelehnt|ungeeignet
exclu|exclue|exclure|rejete|rejetee|excluido|excluida|excluir|rechazado|rechazada|irrelevante
rejeitado|rejeitada|escluso|esclusa|escludere|esclusione|rifiutato|irrilevante|uitgesloten
uitsluiten|geexcludeerd|excluderen|afgewezen|niet opnemen|da escludere|排除|剔除|无关|無關|拒绝
除外|除外する|含めない|제외|제외됨|제외함|미포함|불포함|비포함|부적격|不通过|不符合标准
不符合纳入标准|対象外|不適格|부적합|관련 없음|무관|배제|a exclure|excl|exc|исключить|исключено
исключена|нерелевантно|exkludera|exkluderad|ekskludert|ekskluder|wykluczyc|wykluczone|wykluczono
odrzucone|haric|haric tutuldu|dahil degil|dahil edilmedi|uygun degil|ilgisiz|reddedildi
не подходит|fail|failed|fails criteria|does not meet criteria|does not meet inclusion criteria
inclusion criteria not met|discard|discarded|removed|not suitable|unsuitable|off topic
out of scope|not for inclusion"""
_YES = "yes|y|true|ja|oui|si|sim|是|はい|예|네|да|tak|evet"
_NO = "no|n|false|nein|non|nao|nee|否|不|いいえ|нет|nej|nei|nie|hayir|아니오|아니요"
_UNSURE = """maybe|unsure|unclear|uncertain|perhaps|possibly|not sure|cannot tell|can t tell
to discuss|discuss|vielleicht|unsicher|unklar|peut etre|incertain|incertaine|quiza|quizas
tal vez|talvez|dudoso|incierto|incerto|forse|dubbio|misschien|onzeker|twijfel|不确定|不確定|可能
待定|也许|存疑|未定|要検討|検討中|보류|미정|불확실|불명확|возможно|может быть|не уверен|vet ej
kanskje|kanske|maske|byc moze|belki|kararsiz|a discuter|possible|borderline|needs discussion
to be discussed|second opinion|need more info|needs more info"""
_NONE = """na|n a|nan|none|null|unlabelled|unlabeled|unscreened|not screened|pending|to do|todo
tbd|not seen|undecided|not decided|no decision|no label|no vote|not reviewed|unreviewed|not yet
awaiting|not applicable|unread|nil|not labelled|not labeled|not assessed|未筛选|未篩選
nicht gescreent|offen|en attente|pendiente|pendente|ausstehend|da valutare|nog niet
not yet screened|to be screened|no decision yet|in progress|skip|skipped|blank|未評価|未判定
미검토|beklemede"""
_NEGATIONS = (
    "not |non |no |do not |don t |nicht |pas |ne pas |nao |niet |ikke |inte |ej |не |不|未|非"
)
_SIGNS = dict.fromkeys("+\u2713\u2714\u2705\u2611\U0001f44d", Label.INCLUDE)
_SIGNS |= dict.fromkeys("\u2717\u2718\u00d7\u274c\u2716\U0001f44e", Label.EXCLUDE)
_SIGNS["?"] = Label.UNSURE

_NUMBER = re.compile(r"([+-]?\d+)(?:\.0*)?")
# -1 is "not yet" in ASReview and "exclude" in Abstrackr: not understood.
_NUMBERS = {1: Label.INCLUDE, 0: Label.EXCLUDE}
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
_HEDGED = re.compile(
    r"(?:maybe|possibly|possible|probably|probable|likely|perhaps|potential(?:ly)?|unsure|not sure)"
    r"(?: to)? (.+)"
)
_FIRM = re.compile(r"(?:definite(?:ly)?|clear(?:ly)?|highly|strong(?:ly)?|to|to be|should be) (.+)")
_WRONG = re.compile(r"wrong [a-z]{3}[a-z ]{0,30}")
_UNDER_CONDITION = re.compile(r"unless\b|criteri(?:a|on) (?:is |are )?(?:not|un)")
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
    sign = "?" if text and not text.strip("?") else text.removesuffix("\ufe0f")
    if sign in _SIGNS:
        return DecisionCell(_SIGNS[sign])
    word = _fold(text)
    if word in _LABELS:
        return DecisionCell(_LABELS[word])
    if not word:
        # A dash may be "no" beside a plus; other signs are not understood either.
        return None if text.strip("'\" ") else DecisionCell(None)
    negated = any(
        word.startswith(one) and word.removeprefix(one).strip() in _AFTER_NEGATION
        for one in _FOLDED_NEGATIONS
    )
    return DecisionCell(Label.EXCLUDE) if negated else _graded(word)


def _graded(word: str) -> DecisionCell | None:
    """Read how sure a person is, and the reasons that stand for an exclusion."""
    if _WRONG.fullmatch(word):
        return DecisionCell(Label.EXCLUDE, word)
    if (firm := _FIRM.fullmatch(word)) and (label := _STRONG.get(firm[1])):
        return DecisionCell(label)
    hedged = _HEDGED.fullmatch(word)
    return DecisionCell(Label.UNSURE, word) if hedged and hedged[1] in _STRONG else None


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
        return DecisionCell(head.label, said_again.detail if said_again else detail)
    followed = _FOLLOWED.fullmatch(_fold(text))
    if followed and _STRONG.get(followed[1]) and not _EXCLUSION.search(_fold(text)):
        return DecisionCell(_STRONG[followed[1]])
    return None


def _abbreviates(head: str, detail: str) -> bool:
    """Whether two letters stand for other words, as in ``n/i``: no information."""
    return len(head.strip()) == len(detail) == 1


def is_decision_word(text: str) -> bool:
    """Return whether a text begins with a word that is hardly used but for decisions."""
    words = _fold(text)
    return words in _STRONG or (words.split(" ", 1)[0] in _STRONG and label_of(text) is not None)


def _contradicts(label: Label, detail: str, said_again: DecisionCell | None) -> bool:
    """Whether a cell says two things: ``Yes / No``, ``Include: not relevant``."""
    if said_again is not None and said_again.label not in (None, label):
        return True
    if _UNDER_CONDITION.match(_fold(detail)):
        return True
    return label is Label.INCLUDE and bool(_EXCLUSION.search(_fold(detail)))
