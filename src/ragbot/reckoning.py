"""Figures that no passage states but that follow from those it states: sums, differences, ratios, shares, ranks.

Only what ragbot reckons itself, from figures that it has read in cited sentences, and with the sum shown.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from ragbot import figures, matching, measures
from ragbot.language import detect, simplify
from ragbot.matching import WHY, Supporting
from ragbot.paired import Operand, pair
from ragbot.rankings import Order, Reckoned, is_said_of, ranked
from ragbot.schema import Figure, Language, Passage, Sentence
from ragbot.segments import without_sources

Operation = Literal["sum", "difference", "ratio", "share", "rest"] | Order

# What a question asks to be reckoned; the first that matches decides.
_OPERATIONS: tuple[tuple[str, Operation], ...] = (
    (r"加起来|合起来|合计|总共|一共|总和|\bcombined\b|\btogether\b|\bsum of\b|\btotal of\b", "sum"),
    (r"\bin total\b|\badd(?:ed)? up", "sum"),
    (r"几倍|多少倍|how many times", "ratio"),
    (r"占.{0,20}(?:百分之|多少|比例|几成)", "share"),
    (r"what (?:part|share|percentage|proportion) of .{1,60}(?:came|comes|is|was|were)", "share"),
    (r"相差|差距|多出|高出|以外.{0,8}多少", "difference"),
    (r"how (?:much|many \w+) (?!later|longer)\w+er\b.{1,80}\bthan\b", "difference"),
    (r"(?:比|较).{1,20}(?:多|高|少|低|大|长|短|快|慢|省|贵|便宜)[^，。]{0,2}(?:多少|几)", "difference"),
    (r"how much (?:more|less|larger|higher|lower|bigger)|how many (?:more|fewer|percentage points)", "difference"),
    (r"\bdifference between\b|\bgap between\b|\boutgrow|\bexceed", "difference"),
    (r"排名|排序|从高到低|第[二三四五]名|排第?[二三四五]|\brank\b|\branking\b", "ranking"),
    (r"\b(?:second|third|fourth)[- ](?:most|\w{2,}est)\b", "ranking"),
    (r"最(?:贵|长|强|厚|远|早|依赖|赚钱)|\b(?:fattest|dearest|longest|strongest|richest|greatest|best)\b", "highest"),
    (r"最(?:便宜|短|弱|薄|近|差)|\b(?:thinnest|cheapest|shortest|weakest|poorest|fewest|worst)\b", "lowest"),
    (r"最高|最大|最多|最快|更高|更大|更多|更快|第一", "highest"),
    (r"\bhighest\b|\blargest\b|\bbiggest\b|\bfastest\b|\bmost\b", "highest"),
    (r"\bhigher\b|\blarger\b|\bbigger\b|\bfaster\b|\bgreater\b", "highest"),
    (r"最低|最小|最少|最慢|更低|更少|更慢", "lowest"),
    (r"\blowest\b|\bsmallest\b|\bslowest\b|\bleast\b|\blower\b|\bslower\b", "lowest"),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), operation) for pattern, operation in _OPERATIONS)
_MOST = 6  # figures that one sum may have
_PARTS = re.compile(r"[,;，、；]|\band\b|\bwhile\b|\bcompared\b|\bagainst\b|[和与而]", re.IGNORECASE)
_OF_SHARES = re.compile(
    r"份额|占有率|比例|百分|占比|[^频效]率|\bshares?\b|\bpercent(?:age)?\b|\bproportion\b|\brates?\b|\bmargins?\b",
    re.IGNORECASE,
)
_GROWTH = re.compile(
    r"增长|增速|增幅|涨幅|同比|更快|最快|最慢|百分点|\bgrew\b|\bgrow(?:th|ing)?\b|\boutgrow\b|\bfast(?:er|est)\b"
    r"|\bslow(?:er|est)\b|percentage points",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(
    r"(?P<zh>[两二三四五六])(?:大|家|个|款|种)|\b(?P<en>two|three|four|five|six)\b(?= (?:\w+ ){0,3}\w+s\b)",
    re.IGNORECASE,
)
# "model development and hardware, the two segments": what is counted is named.
_COUNTED = re.compile(r"[和与跟、][^，。？]{1,12}[这那]?[两二三四五六](?:大|家|个|款|种)")
_SHARE_OF = re.compile(
    r"(?P<part>[^，。？]+)占(?P<whole>[^，。？]+?)的?(?:百分之|多少|多大|比例|比重|几成)"
    r"|what (?:part|share|percentage|proportion|fraction) of (?P<whole_>.{1,60}?)"
    r" (?:is|was|are|were|came|comes|does|did) (?P<part_>[^?.]+)",
    re.IGNORECASE,
)
# What a question takes for granted of two things: "why is A's revenue higher than B's".
_CLAIMS = (
    re.compile(
        r"(?:为什么|为何|怎么|既然|凭什么).{2,40}比.{1,25}?[还更要都]*(?:(?P<more>[高多大快贵长])|[低少小慢短])"
    ),
    re.compile(
        r"\b(?:why|how come|since|given that)\b.{2,60}\b(?:(?P<more>higher|larger|bigger|greater|more|faster|longer)"
        r"|lower|smaller|less|fewer|slower|shorter)\b.{0,30}\bthan\b",
        re.IGNORECASE,
    ),
)
_NUMBERS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_TWO = re.compile(r"[和与跟及、两]|\b(?:and|two|both)\b", re.IGNORECASE)
_EACH = re.compile(r"\s*(?:/|每|(?:per|each|an?)\b)", re.IGNORECASE)
_SIGNS = {"zh": ("＋", "－", "÷"), "en": (" + ", " − ", " ÷ ")}


def operation(question: str) -> Operation | None:
    """What the question asks to be reckoned, if anything."""
    return next((each for pattern, each in _PATTERNS if pattern.search(question)), None)


def asks_growth(question: str) -> bool:
    """Whether a question asks how much something grew."""
    return bool(_GROWTH.search(question))


def order(question: str) -> Order | None:
    """In which order the question wants things ranked, if any."""
    found = (each for pattern, each in _PATTERNS if pattern.search(question))
    return next((each for each in found if each in ("highest", "lowest", "ranking")), None)


def stated_count(question: str) -> int:
    """How many things a question says that there are, two to six; 0 where it does not say."""
    stated = _HOW_MANY.search(question)
    return _NUMBERS[stated["zh"] or stated["en"].lower()] if stated else 0


def reckon(question: str, accepted: Sequence[Supporting], likely: Sequence[Supporting] = ()) -> Reckoned | None:
    """The statement that answers a question for a sum, a difference, a ratio, a share or a rank.

    None where the accepted sentences do not hold just the figures that the question names: a sum of the wrong three is
    worse than none. Among the `likely` ones, a table is ranked if one of its columns is what is asked about.
    """
    question = simplify(question)
    asked = operation(question)
    if turned := _turned_round(question, accepted or likely):
        return turned
    if WHY.search(question):
        return None
    language = detect(question)
    rank = order(question)
    column = next((found for row in likely if _may_rank(question, found := _column(question, row))), []) if rank else []
    if rank and column:
        return ranked(rank, column, language)
    if asked == "sum" and (column := _whole_column(question, likely)):
        return calculated(asked, column, language)
    if two := pair(question, accepted, asked == "difference"):
        return calculated(two.operation, two.operands, language, told=two.told)
    if asked is None or (asked == "share" and accepted and _states_share(accepted[0])):
        return None
    operands = _operands(question, accepted)
    if asked in ("difference", "ratio", "share"):
        operands = _pair_of_one(question, accepted) or _part_and_whole(question, operands) or _two(question, operands)
        return calculated(asked, operands, language) if len(operands) == 2 else None
    if asked == "sum" and _TWO.search(question) and (both := _pair_of_one(question, accepted[:1])):
        return None if any(map(_is_rate, both)) else calculated(asked, both, language)
    operands = _named(question, operands)
    if len(operands) < 2 or len({operand.row[1].start for operand in operands}) < len(operands):
        return None
    if asked == "sum":
        return calculated(asked, operands, language)
    return ranked(rank, operands, language) if rank else None


def is_but_a_part(question: str, statement: str, sentence: str) -> bool:
    """Whether a statement gives one figure of a sentence, where a question asks what several of them make."""
    said = matching.amounts(statement)
    if operation(question) not in ("sum", "difference", "ratio") or len(said) != 1:
        return False
    alike = [figure for figure in matching.amounts(sentence) if figure.unit == said[0].unit]
    return len(alike) > 1 and figures.meets(said[0], alike)


def _turned_round(question: str, accepted: Sequence[Supporting]) -> Reckoned | None:
    """The two figures that a question sets the one above the other, where they stand the other way round; else None."""
    claim = next((match for pattern in _CLAIMS if (match := pattern.search(question))), None)
    if not claim:
        return None
    two = _two(question, _operands(question, accepted))
    if len(two) < 2 or two[0].row == two[1].row:
        return None
    more, less = two if claim["more"] else reversed(two)
    if more.figure.value >= less.figure.value:
        return None
    return replace(ranked("highest", two, detect(question)), against=True)


def _named(question: str, operands: list[Operand]) -> list[Operand]:
    """Those that the question names, or all if it says how many there are and there are as many; else none."""
    if (wanted := stated_count(question)) and not _COUNTED.search(question):
        return operands if len(operands) == wanted else _alike(operands, wanted)
    telling = [word for word in matching.units(question, "") if matching.critical(word)]
    named = [o for o in operands if any(_tells_apart(word, o, operands) for word in telling)]
    named = [o for o in operands if o in named or o in _named_by_what_is_left(question, operands, named)]
    wanted = max(2, len(matching.names(question)))
    return named if len(named) >= wanted and _of_one_thing(question, named) else []


def _named_by_what_is_left(question: str, operands: Sequence[Operand], named: Sequence[Operand]) -> Sequence[Operand]:
    """The figures of a name that is said of another too, "OpenAI's rival Anthropic", which goes by its own."""
    rest = [operand for operand in operands if operand not in named]
    free = set(matching.names(question))
    for operand in named:
        held = {name for name in free if matching.holds_name(name, operand.subject)}
        free -= {name for name in held if not any(matching.holds_name(name, o.subject) for o in rest)} or held
    found = [[o for o in rest if matching.holds_name(name, o.subject)] for name in free] if named else []
    return [one for alone in found if len(alone) == 1 for one in alone]


def _alike(operands: Sequence[Operand], wanted: int) -> list[Operand]:
    """Those of the one segment, or of the one measure in a document, that are just as many as are wanted."""
    by_segment: dict[tuple[str, str], list[Operand]] = {}
    by_measure: dict[tuple[str, frozenset[str]], list[Operand]] = {}
    for operand in operands:
        passage, sentence = operand.row
        by_segment.setdefault((passage.document, passage.segment), []).append(operand)
        by_measure.setdefault((passage.document, measures.given(without_sources(sentence.text))), []).append(operand)
    for groups in (by_segment, by_measure):
        fitting = [group for group in groups.values() if len(group) == wanted]
        if len(fitting) == 1:
            return fitting[0]
    return []


def _of_one_thing(question: str, operands: Sequence[Operand]) -> bool:
    """Whether one word of the question is said of every figure: revenue is not set against spending."""
    asked = [word for word in matching.units(question, "") if len(word) > 1]
    return any(all(is_said_of(word, operand) for operand in operands) for word in asked)


def _pair_of_one(question: str, accepted: Sequence[Supporting]) -> list[Operand]:
    """Two figures of a single sentence that the question names both, or counts."""
    growth = bool(_GROWTH.search(question))
    telling = [word for word in matching.units(question, "") if matching.critical(word)]
    for row in _one_language(question, accepted):
        found = _figures_of(question, row, growth)
        found = [operand for operand in found if operand.figure.unit == found[0].figure.unit]
        apart = _parted(telling, row, found)
        if len(apart) == 2:
            return apart
        if len(found) == 2 and (stated_count(question) == 2 or _both_told_apart(telling, found)):
            return found
    return []


def _parted(telling: Sequence[str], row: Supporting, found: Sequence[Operand]) -> list[Operand]:
    """The figures whose own part of the sentence, between two commas say, holds a word that no other's does."""
    text = without_sources(row[1].text)
    parts = [text[matching.part_of(text, operand.figure, _PARTS)] for operand in found]
    if len(set(parts)) < len(parts):
        return []
    held = [{word for word in telling if matching.meets(word, part) >= matching.MISSING} for part in parts]
    own = [words.difference(*(other for other in held if other is not words)) for words in held]
    return [operand for operand, words in zip(found, own, strict=True) if words]


def _both_told_apart(telling: Sequence[str], found: Sequence[Operand]) -> bool:
    return all(any(_tells_apart_or_last(word, operand, found) for word in telling) for operand in found)


def _tells_apart_or_last(word: str, operand: Operand, operands: Sequence[Operand]) -> bool:
    """What stands before the second figure of a sentence holds what stands before the first as well."""
    first, second = operands
    if operand is first:
        return is_said_of(word, first)
    rest = second.subject[len(first.subject) :]
    return matching.meets(word, rest) >= matching.MISSING


def _tells_apart(word: str, operand: Operand, operands: Sequence[Operand]) -> bool:
    """Whether a word of the question is said of this figure and of no other."""
    return is_said_of(word, operand) and sum(is_said_of(word, other) for other in operands) == 1


def _operands(question: str, accepted: Sequence[Supporting]) -> list[Operand]:
    """One figure of the kind that is asked for from each sentence; from a single sentence, all of that kind."""
    growth = bool(_GROWTH.search(question))
    found = [_figures_of(question, row, growth) for row in _one_language(question, accepted)]
    found = [each for each in found if each]
    if not found:
        return []
    unit = found[0][0].figure.unit
    same = [same for each in found if (same := [operand for operand in each if operand.figure.unit == unit])]
    if len(same) == 1:
        return same[0][:_MOST]
    return [_measured(question, each)[0] for each in same][:_MOST]


def _measured(question: str, found: Sequence[Operand]) -> Sequence[Operand]:
    """The figures of one sentence in whose own part it gives what is asked to be measured; all if none are."""
    asked = measures.asked(question)
    text = without_sources(found[0].row[1].text)
    own = [text[matching.part_of(text, operand.figure, _PARTS)] for operand in found]
    fitting = [o for o, part in zip(found, own, strict=True) if all(meant & measures.given(part) for meant in asked)]
    return fitting or found


def _is_rate(operand: Operand) -> bool:
    """Whether a figure is so much of something each: such are not added up."""
    after = without_sources(operand.row[1].text)[operand.figure.span[1] :]
    return bool(operand.figure.per or _EACH.match(after))


def _figures_of(question: str, row: Supporting, growth: bool) -> list[Operand]:
    text = without_sources(row[1].text)
    if " | " in text:
        return cell(question, row, text)
    own = matching.amounts(text)
    shares = ("percent", "point", "multiple", "fraction")
    of_shares = operation(question) in ("sum", "difference") and bool(_OF_SHARES.search(question))
    if growth:
        kept = [f for f in own if f.unit in ("percent", "point") and _is_change(f, text)]
    elif of_shares:
        kept = [f for f in own if f.unit in ("percent", "point") and not _is_change(f, text)]
    else:
        kept = [f for f in own if f.unit not in shares]
    ends = [len(text) if len(kept) == 1 or growth else matching.part_of(text, figure, _PARTS).stop for figure in kept]
    return [Operand(figure, row, text[:end]) for figure, end in zip(kept, ends, strict=True)]


def _is_change(figure: Figure, text: str) -> bool:
    """Whether the part of a sentence that a percentage stands in says that something rose or fell."""
    return bool(matching.direction(text[matching.part_of(text, figure, _PARTS)]))


def cell(question: str, row: Supporting, text: str) -> list[Operand]:
    """The figure of a table's row that stands under the heading that the question is about."""
    cells, heads = matching.cells(text), matching.table_header(row[0], text).split(" | ")
    if len(cells) != len(heads):
        return []
    rows = [line for line in row[0].text.split("\n\n") if line.count(" | ") == len(cells) - 1]
    called = " ".join(matching.cells(line)[0] for line in rows)
    asked = [word for word in matching.units(question, "") if matching.meets(word, called) < matching.MISSING]
    fit = [sum(matching.meets(word, head) for word in asked) for head in heads]
    best = max(range(1, len(cells)), key=lambda column: fit[column])
    if fit[best] < matching.MISSING or fit.count(fit[best]) > 1:
        return []
    read = [f for f in figures.read(cells[best]) if f.unit not in ("year", "period", "rank")]
    return [Operand(read[0], row, f"{cells[0]} {heads[best]}")] if read else []


def _column(question: str, row: Supporting) -> list[Operand]:
    """The figures of the column that a question is about, in the table that a row stands in; else nothing.

    Of the rows that the question names, if it names two; else of all.
    """
    passage, _ = row
    own = without_sources(row[1].text)
    heads = matching.table_header(passage, own).split(" | ") if " | " in own else []
    asked = measures.asked(question)
    fit = [_fit(question, asked, head) for head in heads]
    if not asked or not max(fit, default=0) or fit.count(max(fit)) != 1:
        return []
    found = under_heading(passage, " | ".join(heads), fit.index(max(fit)), row[1].score)
    named = [o for o in found if any(matching.holds_name(n, o.row[1].text) for n in matching.names(question))]
    found = named if len(named) > 1 else found
    if _GROWTH.search(question) and any(operand.figure.unit not in ("percent", "point") for operand in found):
        return []  # the largest sales are not those that grew most
    return found if len({operand.figure.unit for operand in found}) == 1 else []


def _may_rank(question: str, found: Sequence[Operand]) -> bool:
    """Whether there are as many to rank as the question says that there are, or two where it does not say."""
    return len(found) >= max(2, stated_count(question))


def under_heading(passage: Passage, header: str, column: int, score: float = 0.0) -> list[Operand]:
    """The figures of a table's column, from the rows that have just one there; `score`: of their sentences."""
    heads = header.split(" | ")
    found = []
    for line in passage.text.split("\n\n"):
        cells = matching.cells(line)
        own = cells != heads and " | " in line and matching.table_header(passage, line) == header
        read = figures.read(cells[column]) if own else []
        if len(read) == 1:
            start = passage.start + passage.text.index(line)
            sentence = Sentence(line, start, start + len(line), score)
            found.append(Operand(read[0], (passage, sentence), f"{cells[0]} {heads[column]}"))
    return found


def _whole_column(question: str, likely: Sequence[Supporting]) -> list[Operand]:
    """The column that a question is about, if the question counts as many things as the table has rows."""
    wanted = stated_count(question)
    return next((found for row in likely if wanted and len(found := _column(question, row)) == wanted), [])


def _fit(question: str, asked: Sequence[frozenset[str]], head: str) -> float:
    """How well a column's heading names what is asked to be measured, and when: 0 where it does not."""
    given = measures.given(head)
    if not given or not all(meant & given for meant in asked):
        return 0.0
    when, here = ([f for f in figures.read(text) if f.unit == "year"] for text in (question, head))
    same_year = bool(when and here) and all(figures.meets(figure, here) for figure in when)
    return 0.0 if when and here and not same_year else 1 / len(given) + same_year


def _one_language(question: str, accepted: Sequence[Supporting]) -> list[Supporting]:
    """Sentences of one document alone: its own language's if there are two, since parallels would count twice."""
    documents: dict[str, list[Supporting]] = {}
    for row in accepted:
        documents.setdefault(row[0].document, []).append(row)
    language = detect(question)
    ordered = sorted(documents.values(), key=lambda rows: (-(rows[0][0].language == language), -len(rows)))
    return ordered[0] if ordered else []


def _two(question: str, operands: list[Operand]) -> list[Operand]:
    """The two figures that the question names, in the order in which it names them."""
    if len(operands) < 2:
        return []
    telling = [word for word in matching.units(question, "") if matching.critical(word)]
    placed = []
    for operand in operands:
        own = [telling.index(word) for word in telling if _tells_apart(word, operand, operands)]
        placed.append((min(own, default=len(telling)), operand))
    placed.sort(key=lambda pair: pair[0])
    named = [operand for at, operand in placed if at < len(telling)]
    if len(operands) == 2 and len(named) <= 1:
        of_one = operands[0].row == operands[1].row or (named and _measured_alike(question, operands))
        return [operand for _, operand in placed] if of_one else []
    return named if len(named) == 2 and _of_one_thing(question, named) else []


def _part_and_whole(question: str, operands: Sequence[Operand]) -> list[Operand]:
    """Of "what share of B is A", the one figure that all words of A are said of, and the one other of B."""
    sides = _SHARE_OF.search(question)
    if not sides:
        return []
    wanted = [
        [word for word in matching.units(sides[side] or sides[f"{side}_"], "") if matching.critical(word)]
        for side in ("part", "whole")
    ]
    known = [[word for word in words if any(is_said_of(word, o) for o in operands)] for words in wanted]
    parts, wholes = ([o for o in operands if words and all(is_said_of(w, o) for w in words)] for words in known)
    wholes = [operand for operand in wholes if operand not in parts]
    return [*parts, *wholes] if len(parts) == len(wholes) == 1 and _of_one_time(parts[0], wholes[0]) else []


def _of_one_time(one: Operand, other: Operand) -> bool:
    """Whether two figures are of one time, as far as the sentences of both name one."""
    mine, theirs = ([f for f in figures.read(o.row[1].text) if f.unit in ("year", "period")] for o in (one, other))
    return not mine or not theirs or any(figures.meets(period, theirs) for period in mine)


def _measured_alike(question: str, operands: Sequence[Operand]) -> bool:
    """Whether every measure of the question is one of both figures, as revenue is of a total and of its part."""
    asked = measures.asked(question)
    return all(meant & measures.given(operand.row[1].text) for meant in asked for operand in operands)


def _states_share(row: Supporting) -> bool:
    """Whether a sentence gives a percentage that is no growth."""
    text = without_sources(row[1].text)
    return not matching.direction(text) and any(figure.unit == "percent" for figure in figures.read(text))


def calculated(
    asked: Operation, operands: Sequence[Operand], language: Language, told: Operation | None = None
) -> Reckoned | None:
    """What the operation makes of the figures; `told`: the operation by whose words it is told, if by another's."""
    values = [operand.figure.value for operand in operands]
    unit = operands[0].figure.unit
    plus, minus, over = _SIGNS[language]
    shown = [figures.write(operand.figure, language) for operand in operands]
    if asked == "sum":
        value, sum_shown = sum(values, Decimal(0)), plus.join(shown)
    elif asked == "difference":
        (high, high_shown), (low, low_shown) = sorted(zip(values, shown, strict=True), reverse=True)[:2]
        value, sum_shown = high - low, f"{high_shown}{minus}{low_shown}"
        unit = "point" if unit == "percent" else unit
    else:
        pairs = list(zip(values, shown, strict=True))[:2]
        if asked == "share":
            pairs.sort()
        if not pairs[1][0]:
            return None
        quotient = pairs[0][0] / pairs[1][0]
        value, unit = (quotient * 100, "percent") if asked == "share" else (quotient, "multiple")
        value, sum_shown = round(value, 1).normalize() + 0, f"{pairs[0][1]}{over}{pairs[1][1]}"
    like = operands[0].figure.text if asked in ("sum", "difference") else ""  # what is in cents stays in cents
    figure = Figure(like, Decimal(value), unit, (0, 0))
    written = figures.write(figure, language)
    about = any(operand.figure.qualifier for operand in operands) or asked in ("ratio", "share")
    text = _sentence(told or asked, written, sum_shown, about, language)
    start = text.index(written)
    found = next((f for f in figures.read(text) if f.span[0] == start), None)
    named = Figure(written, figure.value, unit, (start, start + len(written)))
    return Reckoned(text, found or named, tuple(operands), sum_shown)


def _sentence(asked: Operation, written: str, shown: str, about: bool, language: Language) -> str:
    if language == "zh":
        lead = {"sum": "合计", "difference": "相差", "rest": "其余", "ratio": "前者是后者的", "share": "占比"}[asked]
        return f"{lead}{'约' if about else '为' if asked in ('sum', 'share', 'rest') else ''}{written}（{shown}）。"
    lead = {
        "sum": "Together",
        "difference": "The difference is",
        "rest": "The rest is",
        "ratio": "The first is",
        "share": "The share is",
    }[asked]
    tail = " the second" if asked == "ratio" else ""
    return f"{lead} {'about ' if about else ''}{written}{tail} ({shown})."
