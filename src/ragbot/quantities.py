"""What a figure measures: the words around it, and which of the usual measures they name."""

import re
from collections.abc import Iterator

from ragbot.figures.vocabulary import QUALIFIERS_AFTER, QUALIFIERS_BEFORE, either
from ragbot.language import ENGLISH_FUNCTION_WORDS, HAN, simplify
from ragbot.schema import Language

# Measure | Chinese, Simplified | English: regular expressions; the last that matches before a figure counts.
MEASURES: tuple[tuple[str, str, str], ...] = (
    ("profit", r"(?:净|毛|营业|经营)?(?:利润|盈利|获利)(?!率)|单箱毛利(?!率)",
     r"(?:net |gross |operating )?(?:profits?|earnings|income)"),
    ("loss", r"净?亏损|减损", r"loss(?:es)?|lost|los(?:e|es|ing)|impairment"),
    ("margin", r"(?:净|毛|营业)?(?:利润|利)率", r"(?:gross |net |operating )?margins?"),
    ("revenue", r"营收|收入|销售额|营业额", r"revenues?|sales|turnover|took|takings"),
    ("spending", r"支出|投入|研发费用|资本开支|用于|投资",
     r"spend(?:s|ing)?|spent|invest(?:ed|ment|s)?|capital expenditure"),
    ("cost", r"成本|燃油费|费用|花掉|花费|预算", r"costs?|budget|expenses?|wages"),
    ("price", r"价格|运价|售价|租金|收费|给付价|单价|票价|定价", r"prices?|charges?|fees?|rate|tickets?"),
    ("cash", r"现金", r"(?:net )?cash"),
    ("debt", r"债务|负债", r"debts?"),
    ("valuation", r"估值|市值", r"valuation|market value|valued at"),
    ("payment", r"前期金|里程碑金|权利金|补贴",
     r"royalt(?:y|ies)|subsid(?:y|ies)|pays|upfront|milestones?|dut(?:y|ies)|tax"),
    ("capacity", r"运力|产能|容量|装机", r"capacity|can(?: now)? make"),
    ("volume", r"吞吐量|货量|产量|销量", r"throughput|volume|output"),
    ("share", r"份额|占比|占有率|占(?!据)[^，]{0,16}",
     r"as (?:a )?share of [a-z]+|share|account(?:s|ed)? for|make up|made up"),
    ("rate", r"准班率|可利用率|使用率|入住率|发生率|比例",
     r"occupancy|availability|utili[sz]ation|scrap(?: rate)?"),
    ("staff", r"员工|研发人员|技术员", r"employs?|employees|headcount|staff|technicians(?!['’])"),
)  # fmt: skip
NAMES: dict[str, tuple[str, str]] = {
    "profit": ("利润", "profit"),
    "loss": ("亏损", "loss"),
    "margin": ("利润率", "margin"),
    "revenue": ("收入", "revenue"),
    "spending": ("支出", "spending"),
    "cost": ("成本", "cost"),
    "price": ("价格", "price"),
    "cash": ("现金", "cash"),
    "debt": ("债务", "debt"),
    "valuation": ("估值", "valuation"),
    "payment": ("付款", "payment"),
    "capacity": ("产能", "capacity"),
    "volume": ("产量", "volume"),
    "share": ("份额", "share"),
    "rate": ("比率", "rate"),
    "staff": ("人员", "staff"),
}
"""What each measure is called, in Chinese and in English."""

_CHANGE = re.compile(
    r"同比|环比|增长|增加|上升|提高|上涨|涨|升至|下降|下滑|减少|下跌|降低|是上一年的|延長|延长|缩短|高出"
    r"|\b(?:up|down|rose|risen|rise|rising|grew|grow(?:n|s|th)?|increas\w+|climb\w*|gain\w*|fell|fallen|fall|drop\w*"
    r"|declin\w+|decreas\w+|more than a year|doubled)\b",
    re.IGNORECASE,
)
_PATTERNS = tuple((code, re.compile(rf"{han}|\b(?:{latin})\b", re.IGNORECASE)) for code, han, latin in MEASURES)
_CLAUSE = re.compile(r"[，；：。！？!?;:、（）()“”\"\n]|,(?=\s)|\.(?=\s|$)|\s[-–—]\s")
# No word here is made of others here: a run of them would be taken apart in too many ways.
_HAN_TIE = re.compile(
    r"^(?:但|若|底|末|中|的|在|于|於|和|与|及|而|却|则|也|就|还|又|并|另有|共|其|该|它|曾|已|将|把|从|自|由|对|按|每|年|约)+"
    r"|(?:的|为|為|是|达|達|到|有|只|在|于|於|了|至|从|由|共|却|约|已|将|预期|接近|一度|每天|要|后|另|就|成|最高可)+$"
)
_LATIN_TIES = ENGLISH_FUNCTION_WORDS | frozenset(
    """
    was were is are reached reach stood said about nearly over total some roughly expected expects took lift at up down
    worth also each per year same full will may might only still now went came held holds hold account accounts
    takes take took between them than make made makes making produce produces produced
    """.split()
)
_QUALIFIER = re.compile(rf"(?:{either([*QUALIFIERS_BEFORE, *QUALIFIERS_AFTER])})", re.IGNORECASE)
_MARKS = ' ,;:.–—-()"“”，；：、（）•·'
_WORDS = 5  # English words, and twice as many Han characters, that say what is measured
_QUALIFIER_FIRST = re.compile(rf"(?:{either(QUALIFIERS_AFTER)})+")
_COUNTED_END = re.compile(r"[的在由是，及和会將将](?!议)|(?<=.)用于|左右|以上|以下")
_BEFORE_THINGS = frozenset("of the its their all".split())
_VERBS = frozenset(
    "took lost lose loses losing spend spends spent employs pays costs cost charges invest invested".split()
)
_HAN_CUT = re.compile(r"[，；：](?=.)|的(?=.)|在(?=.)|从(?=.)|把(?=.)|将(?=.)|这[笔个些](?=.)|是(?=.)")


def measure(text: str) -> str:
    """The usual measure that a text names last, or ''."""
    found = [(match.end(), len(match.group()), code) for code, match in _found(text)]
    return max(found)[2] if found else ""


def is_change(text: str) -> bool:
    """Whether a text says by how much something changed rather than how much it was."""
    return bool(_CHANGE.search(text))


def lead(text: str, start: int, floor: int, back: bool) -> str:
    """What stands before a figure in its clause; if `back`, in one of the two before where that says nothing.

    Nothing before `floor` is looked at.
    """
    cuts = [floor, *(match.end() for match in _CLAUSE.finditer(text, floor, start))][-3:]
    if not back:
        return text[cuts[-1] : start]
    return next((text[cut:start] for cut in reversed(cuts) if _says_something(text[cut:start])), text[cuts[-1] : start])


def _says_something(text: str) -> bool:
    return bool(measure(text) or (_han_phrase(text) if HAN.search(text) else _last_words(text)))


def tail(text: str, end: int, ceiling: int) -> str:
    """What follows a figure in its clause, up to `ceiling`."""
    cut = _CLAUSE.search(text, end, ceiling)
    return text[end : cut.start() if cut else ceiling]


def phrase(text: str, measured: str, language: Language) -> str:
    """The few words of a text that say what is measured: those that end with the measure, if it names one."""
    if not measured:
        return _last_words(text) if language == "en" else _han_phrase(text)
    end, start = max((match.end(), match.start()) for code, match in _found(text) if code == measured)
    named = NAMES[measured][language == "en"]
    if language == "en":
        said = _last_words(text[:end])
        return named if said.lower() in _VERBS else said or named
    if measured == "share":
        return f"{_han_phrase(text[:start])}{_han_phrase(text[start:end])}" if text[start] == "占" else text[start:end]
    return _han_phrase(text[:end]) or named


def counted(text: str, language: Language) -> str:
    """The things that a count counts: the words that follow it."""
    if language == "zh":
        text = _QUALIFIER_FIRST.sub("", text.strip()).removeprefix("的")
        return _COUNTED_END.split(text)[0].strip(_MARKS)[: 2 * _WORDS]
    kept: list[str] = []
    for word in (word.strip(_MARKS) for word in text.split()):
        if kept or word.lower() not in _BEFORE_THINGS:
            if not word or word.lower() in ENGLISH_FUNCTION_WORDS or len(kept) == _WORDS - 1:
                break
            kept.append(word)
    return " ".join(kept)


def _found(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    plain = simplify(text)
    for code, pattern in _PATTERNS:
        for match in pattern.finditer(plain if len(plain) == len(text) else text):
            yield code, match


def _last_words(text: str) -> str:
    words = [word.strip(_MARKS) for word in re.sub(r"['’]s\b", " ", text).split() if word.strip(_MARKS)]
    while words and words[-1].lower().strip(".,") in _LATIN_TIES:
        words.pop()
    kept: list[str] = []
    for word in reversed(words):
        if word.lower().strip(".,") in _LATIN_TIES and kept:
            break
        kept.insert(0, word)
    return " ".join(kept[-_WORDS:])


def _han_phrase(text: str) -> str:
    text = _QUALIFIER.sub("", re.sub(r"\s+", "", text)).strip(_MARKS)
    before = None
    while before != text:
        before, text = text, _HAN_TIE.sub("", text)
    return _HAN_TIE.sub("", _HAN_CUT.split(text)[-1])[-2 * _WORDS - 2 :]
