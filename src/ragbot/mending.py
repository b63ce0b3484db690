"""A statement brought to what its sentence says: the right scale, the qualifiers, and that a thing is only expected.

A model that tells a sentence rightly still reads 308亿 as 30.8亿, leaves out a "nearly", or makes a fact of a plan. The
sentence says what is right, so that such a statement need not be dropped.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ragbot import figures
from ragbot.figures.vocabulary import CURRENCY_CODES
from ragbot.language import detect
from ragbot.matching import CAUSE, wording
from ragbot.schema import Figure
from ragbot.texts import AS_EXPECTED, AS_PLANNED

_SCALED = CURRENCY_CODES | {"count"}
_TIMES = ("year", "period", "rank")
# What is yet to come, or is only thought to be so; a statement may not make a fact of it.
_EXPECTED = re.compile(
    r"预计|预期|预测|预估|估计|有望|计划|目标|可能|或将|将[会达于在超]"
    r"|\b(?:expect\w*|forecast\w*|project(?:ed|s|ions?)|plan(?:s|ned)?|aim\w*|targets?|targeted|will|would|may|might"
    r"|could|estimat\w+|likely|guidance)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[，；。！？、（）]|[,;:.!?()](?=\s)")
_FIRST = re.compile(r"^(?:The|It|Its|In|By|At|This|That|They|Their)\b")
# What a model says before what it was asked to say.
_BEFORE = re.compile(
    r"^(?:(?:不是的?|是的?|对的?|不对|没有|不|Yes|No)[，,。.]"
    r"|资料(?:中)?(?:说|显示|提到|指出)(?:的是)?[，,：:]?|The (?:passage|material|text) says that\b)\s*(?=\S)",
    re.IGNORECASE,
)
_BECAUSE = re.compile(r"^(?:这?是?因为|Because (?=[^,]+$)(?!of\b))\s*", re.IGNORECASE)
_NEARLY_ALL = re.compile(
    r"几乎|近乎|绝大|\b(?:almost|nearly|virtually|practically|just about) (?:all|every)", re.IGNORECASE
)
_ALL = re.compile(r"(?P<zh>所有|全部)|\b(?P<en>all|every)\b(?! over)", re.IGNORECASE)
_FULL_YEAR = re.compile(r"全年|整年|\b(?:full|whole|entire) (?:financial |fiscal )?year\b", re.IGNORECASE)
_A_YEAR = re.compile(r"\s(?:a|per|each|every) year$", re.IGNORECASE)
_MONTH_TWICE = re.compile(r"(?<!\d)(\d{1,2}月)(?=\d{4}年\1)")
_PLANNED = re.compile(r"计划|目标|\b(?:plan\w*|aim\w*|target\w*)\b", re.IGNORECASE)


def in_scale(statement: str, sentence: str) -> str:
    """The statement with each amount that has the digits of just one of the sentence's, but not its scale, as that."""
    here, language = figures.read(sentence), detect(statement)
    for figure in reversed(figures.read(statement)):
        if meant := out_of_scale(figure, here):
            statement = _put(statement, figure, figures.write(replace(meant, per=figure.per), language))
    return statement


def out_of_scale(figure: Figure, others: Sequence[Figure]) -> Figure | None:
    """Which of the others an amount is in another scale, if it is none of them and there is just one such."""
    if figure.unit not in _SCALED or wording(figure) or figures.meets(figure, others):
        return None
    meant = {other.value: other for other in others if _of_other_scale(figure, other)}
    return next(iter(meant.values())) if len(meant) == 1 else None


def qualified(statement: str, sentence: str) -> str:
    """The statement with its sentence's qualifiers: "nearly 5 billion" is not 5 billion, nor "almost all" all."""
    if _NEARLY_ALL.search(sentence) and not _NEARLY_ALL.search(statement):
        statement = _ALL.sub(_nearly, statement, count=1)
    here, language = figures.read(sentence), detect(statement)
    for figure in reversed(figures.read(statement)):
        status, stated = figures.compare(figure, here)
        if stated and stated.qualifier and not figure.qualifier and figure.unit not in _TIMES and status != "rounded":
            bare, full = (figures.write(stated, language, qualified=each) for each in (False, True))
            statement = _put(statement, figure, f"{full.removesuffix(bare)}{figure.text}")
    return statement


def of_one_year(statement: str, sentence: str) -> str:
    """The statement with what is no rate told as none: 全年收入8亿 is 800 million for the year, not a year."""
    here = [figure for figure in figures.read(sentence) if figure.per is None] if _FULL_YEAR.search(sentence) else []
    for figure in reversed(figures.read(statement) if here else []):
        if figure.per == "year" and figures.meets(replace(figure, per=None), here):
            statement = _put(statement, figure, _A_YEAR.sub(" for the year", figure.text))
    return statement


def once(statement: str) -> str:
    """The statement with a month told once: a model that sees "March 2024 [= 2024年3月]" writes 3月2024年3月."""
    return _MONTH_TWICE.sub("", statement)


def plain(statement: str) -> str:
    """The statement without a yes or no, or "the passage says that", before it."""
    return _begun(_BEFORE.sub("", statement))


def without_because(statement: str, sentence: str) -> str:
    """The statement as a fact, where it is a bare "because …" and its sentence gives no cause in words."""
    bare = _BECAUSE.sub("", statement)
    return statement if CAUSE.search(bare) or CAUSE.search(sentence) else _begun(bare)


def _begun(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def as_expected(statement: str, sentence: str) -> str:
    """The statement under an "it is expected", where the sentence only expects all the figures that it states."""
    here = figures.read(sentence)
    told = [figures.compare(figure, here)[1] for figure in figures.read(statement) if figure.unit not in _TIMES]
    stated = [figure for figure in told if figure]
    if not stated or not all(made_certain(statement, figure, sentence) for figure in stated):
        return statement
    leads = AS_PLANNED if all(_PLANNED.search(_clause(figure, sentence)) for figure in stated) else AS_EXPECTED
    return f"{leads[detect(statement)]}{_FIRST.sub(lambda first: first[0].lower(), statement)}"


def made_certain(statement: str, stated: Figure, sentence: str) -> bool:
    """Whether a figure that is only expected is told as a fact: "was expected to lose 5 billion", "lost 5 billion"."""
    return bool(_EXPECTED.search(_clause(stated, sentence))) and not _EXPECTED.search(statement)


def _clause(figure: Figure, sentence: str) -> str:
    return _CLAUSE.split(sentence[: figure.span[0]])[-1] + _CLAUSE.split(sentence[figure.span[0] :])[0]


def _of_other_scale(figure: Figure, other: Figure) -> bool:
    same = figure.unit == other.unit and (figure.per is None or figure.per == other.per)
    return same and bool(figure.value) and _digits(figure.value) == _digits(other.value)


def _digits(value: Decimal) -> tuple[int, ...]:
    return value.normalize().as_tuple().digits


def _nearly(every: re.Match[str]) -> str:
    if every["zh"]:
        return f"几乎{every['zh']}"
    return f"{'Almost' if every['en'][0].isupper() else 'almost'} {every['en'].lower()}"


def _put(text: str, figure: Figure, written: str) -> str:
    return f"{text[: figure.span[0]]}{written}{text[figure.span[1] :]}"
