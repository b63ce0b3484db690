"""Questions that the documents can answer: made from their own sentences, and each tried before it is offered.

Chinese asks where the answer stands, so a figure is replaced by 多少; English asks with "What was" before the subject
of a sentence whose verb and figure are plain. What either language cannot ask so is left.
"""

import re
from collections.abc import Iterable, Iterator

from ragbot import figures
from ragbot.assistant import Assistant
from ragbot.language import HAN, detect, sentences
from ragbot.schema import Answer, Figure, Language, Passage
from ragbot.segments import without_sources

TRIED = 10  # questions that are tried before giving up
_LONGEST = {"zh": 34, "en": 90}  # characters of a question that can be read at a glance
_SHORTEST = {"zh": 4, "en": 10}
# What leans on the sentence before cannot be asked alone.
_LEANS = re.compile(
    r"同一|这|那|该|其(?!他)|它|他们|上述|前者|后者|此外|以上"
    r"|\b(?:same|this|that|these|those|it|its|they|their|he|she|his|her|such|former|latter|there|which|who)\b",
    re.IGNORECASE,
)
_MOST = 400  # passages looked into for questions to begin with
_TEXTUAL = ("year", "period", "rank", "count", "fraction", "months", "years", "days", "weeks")
_CLAUSE = re.compile(r"[，；：。]|——")
_VAGUE = re.compile(r"(?:约|約|近|超过|超過|接近|大约|大約|至少|不到|只有)+$")
_IS = re.compile(r"(?:为|為|是|达到?|達到?)$")
_SPENDS = re.compile(r"(?:花掉|花费|支出|收费|售价)$")
_TAIL = re.compile(r"^(?:以上|以下|左右|多)?(?:[，。；、（]|$)")
_SAY = re.compile(
    r"^(?P<who>[^，：]{2,20}?)(?P<verb>预测|透露|表示|指出)[，：,:]"
    r"|^(?P<name>[A-Z][\w&.' -]{1,40}?) (?P<said>predict(?:s|ed)|disclosed|said|warned)\b"
)
_WAS = re.compile(
    r"^(?P<subject>(?P<name>[A-Z][\w.&'’-]*(?: [A-Z][\w.&'’-]*){0,3})(?P<rest>(?: [\w'’-]+){0,10}?)) "
    r"(?P<verb>was|were|is|had|reached|costs)"
    r"(?P<what> [a-z][a-z -]{2,40}? of)?(?: (?:a record|about|nearly|only|over|some|up to|almost|around))*\s*$"
)


def suggest(assistant: Assistant, answer: Answer, asked: Iterable[str] = (), count: int = 3) -> list[str]:
    """Questions to ask after an answer, from the passages it was found in; not those asked before, in its language."""
    passages = [item.passage for item in answer.evidence if item.passage.language == answer.language]
    seen = [citation.quote for citation in answer.citations]
    made = (question for question, sentence in _questions(passages) if sentence not in seen)
    return _answerable(assistant, made, {answer.question, answer.standalone_question, *asked}, count)


def openers(assistant: Assistant, language: Language, count: int = 4) -> list[str]:
    """Questions to begin with, from all documents of a language, each from another segment while there are any."""
    passages = [
        passage
        for document in assistant.documents()
        if document.language == language
        for passage in assistant.passages(document.name)
    ]
    by_segment: dict[tuple[str, str], list[str]] = {}
    for passage in passages[:_MOST]:
        made = [question for question, _ in _questions([passage])]
        by_segment.setdefault((passage.document, passage.segment), []).extend(made)
    turns = max(map(len, by_segment.values()), default=0)
    in_turn = (made[turn] for turn in range(turns) for made in by_segment.values() if turn < len(made))
    return _answerable(assistant, in_turn, set(), count)


def _answerable(assistant: Assistant, made: Iterable[str], asked: set[str], count: int) -> list[str]:
    """The first of the questions that the documents answer without a model."""
    quick = assistant.variant(strictness="verbatim")
    found: list[str] = []
    for question in list(dict.fromkeys(each for each in made if each not in asked))[:TRIED]:
        if len(found) == count:
            break
        if not quick.ask(question).refused:
            found.append(question)
    return found


def _questions(passages: Iterable[Passage]) -> Iterator[tuple[str, str]]:
    """Questions and the sentences that they were made from."""
    for passage in passages:
        for start, end in sentences(passage.text):
            sentence = passage.text[start:end]
            text = without_sources(sentence).strip()
            if " | " in text:
                continue
            language = detect(text)
            text = text.rpartition(": ")[2] if language == "en" else text
            for question in _said(text, language) + (_chinese(text) if language == "zh" else _english(text)):
                if _SHORTEST[language] <= len(question) <= _LONGEST[language]:
                    yield question, sentence


def _said(text: str, language: Language) -> list[str]:
    """What somebody predicts, says or discloses."""
    said = _SAY.match(text)
    if not said or _LEANS.search(said.group()):
        return []
    if language == "zh" and said["who"]:
        return [f"{said['who']}{said['verb']}了什么？"]
    if language == "en" and said["name"]:
        verb = {"predicts": "does {} predict", "predicted": "did {} predict"}.get(said["said"], "did {} say")
        return [f"What {verb.format(said['name'])}?"]
    return []


def _amounts(text: str) -> list[Figure]:
    return [figure for figure in figures.read(text) if figure.unit not in _TEXTUAL]


def _chinese(text: str) -> list[str]:
    """The clause of each figure, with 多少 in its place: 谷歌云的季度收入为多少？"""
    found = []
    for figure in _amounts(text):
        start, end = figure.span
        clause_start = max([0, *(match.end() for match in _CLAUSE.finditer(text, 0, start))])
        clause = _VAGUE.sub("", text[clause_start:start])
        whole = clause_start == 0 or bool(re.match(r"[A-Z]", clause))  # else its subject may stand before it
        asked = re.sub(r"（[^）]*）", "", _VAGUE.sub("", _IS.sub("", clause)))
        ending = "是多少？" if _IS.search(clause) else "多少？" if _SPENDS.search(clause) else ""
        plain = _TAIL.match(text[end:]) and not _amounts(clause) and HAN.search(clause)
        if whole and ending and plain and not _LEANS.search(clause):
            found.append(asked + ending)
    return found


def _english(text: str) -> list[str]:
    """What was the subject of a sentence whose verb stands right before its figure."""
    figure = next(iter(_amounts(text)), None)
    match = _WAS.match(text[: figure.span[0]]) if figure else None
    if not match or _LEANS.search(match.group()):
        return []
    name, verb, what = match["name"], match["verb"], match["what"]
    if verb == "costs" and not match["rest"]:
        return [f"How much does {name} cost?"]
    if verb == "had" and what and not match["rest"]:
        return [f"What was {_possessive(name)}{what[:-3]}?"]
    if verb in ("was", "were", "is", "reached") and match["rest"] and not what:
        return [f"What {'was' if verb == 'reached' else verb} {match['subject']}?"]
    return []


def _possessive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"
