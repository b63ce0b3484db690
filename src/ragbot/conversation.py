"""A question in the light of the conversation: what it would say if it stood alone.

By rule where a rule is enough, since rules are quick and do not wander: "那微软呢？" puts 微软 in the place of what is
most like it in the question before, and a measure in the place of the measure; "the year before" counts back from its
year; "How much did it lose?" gets the name that it stands for. By the model where not.
"""

import re
from collections.abc import Callable, Sequence

import numpy as np

from ragbot import matching, measures, parties
from ragbot.embeddings import Encoder
from ragbot.errors import ModelError
from ragbot.language import CHINESE_FUNCTION_WORDS, ENGLISH_FUNCTION_WORDS, HAN, detect, words
from ragbot.llm import Model
from ragbot.schema import Exchange, Language
from ragbot.texts import REWRITE

Span = tuple[int, int]

_NEW_TOPIC = re.compile(
    r"^\s*(?:换个话题|换一个话题|另一个问题|另外一个问题|再问一个别的|顺便问一下|题外话"
    r"|new topic|(?:on (?:a|to a) )?different (?:topic|question)|another question|by the way|changing the subject)"
    r"\s*[,，.:：;；—-]*\s*",
    re.IGNORECASE,
)
# "那X呢？", "What about X?": group `about` is what is asked about this time.
_ABOUT = {
    "zh": re.compile(
        r"^(?:那么|那(?![家个款些位])|然后|还有|而)?[，,\s]*(?P<about>[^？?，,。]{1,30}?)(?:的情况)?(?:又)?(?:呢|会?怎么[样走]|会?怎样|会?如何)[？?。\s]*$"
    ),
    "en": re.compile(
        r"^(?:and|but|so|then)?,?\s*(?:(?:what|how) about|and)\s+(?P<about>[^?,.;]{1,60}?)\s*[?.]*\s*$", re.IGNORECASE
    ),
}
_ASKS = {
    "zh": re.compile(r"多少|几|什么|哪|谁|为什么|为何|怎么|如何|吗|是不是|是否"),
    "en": re.compile(r"\b(?:what|how|why|who|which|when|where|did|does|do|is|was|were|are|will|can)\b", re.IGNORECASE),
}
# The year before that of the last question, and the year after.
_YEAR_BEFORE = re.compile(
    r"(?:再|更)?(?:往前(?:推)?|之前|前|上|早)的?那?一(?:个财)?年"
    r"|\b(?:in )?the (?:(?:fiscal |financial )?year (?:before|earlier)|(?:previous|prior) (?:fiscal )?year)\b",
    re.IGNORECASE,
)
_YEAR_AFTER = re.compile(
    r"再?(?:往后|之后|后|下)的?那?一(?:个财)?年|(?:^|[那到])第二年"
    r"|\b(?:in )?the (?:(?:fiscal |financial )?year after|(?:next|following) (?:fiscal )?year)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# One figure is asked for: a measure without an owner is then that of the one asked about before.
_ONE_FIGURE = re.compile(
    r"多少|多[高大]|几|\b(?:how much|how high|how large|what(?: (?:is|was|are|were)|['’]s))\b", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"['’]s$")
_ARTICLE = re.compile(r"^(?:the|an?) ", re.IGNORECASE)
_AMONG = re.compile(r"^其中(?:的)?[，,\s]*(?!.*最)")
_WHY = {
    "zh": re.compile(r"^(?:那)?(?:原因|为什么|為什麼|为何|理由|怎么会)(?:是什么)?(?:呢)?[？?]*$"),
    "en": re.compile(r"^(?:and |but )?(?:why|how come|for what reason)(?: so| is that)?\s*\?*$", re.IGNORECASE),
}
_PRONOUN = {
    "zh": re.compile(
        r"它们|他们|她们|它|(?:这|那|该)(?:一)?(?:家|个|款|项)?(?:公司|企业|厂商|机构|产品|项目)|其(?!中)(?=[\u4e00-\u9fff])"
    ),
    "en": re.compile(
        r"\b(?P<whose>its|their|his|her)\b"
        r"|\b(?:it|they|them|he|she|(?:this|that|the same) (?:company|firm|vendor|one|product))\b",
        re.IGNORECASE,
    ),
}
_SOMEBODY = re.compile(
    r"(?P<whose>\b(?:his|her(?= [a-z]))\b|[他她]的)|\b(?:he|him|she|her)\b|[他她](?!们)", re.IGNORECASE
)
_COMPANY = re.compile(r"公司|企业|厂商|机构")
_LEANS = {
    "zh": re.compile(
        r"^(?:那|那么|那麼|然后|还有|另外|其中|为什么|為什麼|为何|原因|具体)|呢[？?]?$|它|(?:这|那|该)[个些家一]|上述|前者|后者"
    ),
    "en": re.compile(
        r"^(?:and|but|so|then|what about|how about|why|also)\b"
        r"|\b(?:it|its|they|their|them|that|those|this|these|he|she|the same|former|latter)\b",
        re.IGNORECASE,
    ),
}
_LONG = 14  # words: a question that long says what it is about
_NAME = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z0-9&.\-]*(?:\s+(?:[A-Z][A-Za-z0-9&.\-]*|of(?=\s+[A-Z])))*")
_LEAD = re.compile(r"^(?:那么?|(?:and|but|so|then)\b)[,，\s]*", re.IGNORECASE)
_ASKED_FOR = re.compile(r"(?:多少|几|什么|哪些?|哪[家个种]|\b(?:how(?: many| much)?|what|which))\s*$", re.IGNORECASE)
# A question of nothing but these has its subject in the one before.
_RELATIONS = frozenset(
    words(
        """
        同比 环比 增长 增速 增幅 下降 占比 比例 最高 最低 最快 最慢 最大 最小 第一 第二 哪家 哪个 其中 原因 结果
        具体 分别 合计 总共 差距 排名
        highest lowest fastest slowest largest smallest biggest best worst most least first second growth rate rank
        total difference reason sum share
        """
    )
)
_NO_CONTENT = CHINESE_FUNCTION_WORDS | ENGLISH_FUNCTION_WORDS | {"'s", "’s"}
_PUNCTUATION = " \t，,。.？?！!、；;：:“”\"'’‘（）()《》"
_WHOLE = 0.1  # a whole phrase is rather replaced than a piece of it, and the beginning rather than the rest
_NAME_FOR_NAME = 0.15  # a name rather takes the place of a name, and a thing that of a thing
_SAME_KIND = 2  # characters a replaced piece must have at least


def resolve(question: str, history: Sequence[Exchange], writer: Callable[[], Model | None], encoder: Encoder) -> str:
    """The question made whole: as it is when it stands alone, else by rule, by the model, or joined to the last one."""
    if not history:
        return question
    topic = _NEW_TOPIC.match(question)
    if topic:
        return question[topic.end() :] or question
    if of_somebody := _of_somebody(question, history[-1]):
        return of_somebody
    if not leans(question):
        return question
    previous = history[-1].question
    language = detect(question)
    by_rule = _cause(question, previous, language) or _neighbour_year(question, previous)
    by_rule = by_rule or _among(question, previous) or _about(question, previous, language, encoder)
    by_rule = by_rule or _named(question, previous, language)
    if by_rule:
        return by_rule
    model = writer()
    return (_rewrite(question, previous, model) if model else None) or f"{previous} {question}"


def leans(question: str) -> bool:
    """Whether the question needs an earlier one to be understood."""
    content = words(question)
    if content and not _NAME.search(question[1:]) and all(word in _RELATIONS for word in content):
        return True
    if _bare_measure(question):
        return True
    return len(content) < _LONG and bool(_LEANS[detect(question)].search(question.strip()))


def _of_somebody(question: str, last: Exchange) -> str | None:
    """ "Who took over from him?", after a question who: from the one person whom its answer names; else both joined."""
    pronoun = _SOMEBODY.search(question)
    if not pronoun or not measures.WHO.search(last.question) or _NAME.search(question[1:]):
        return None
    spans = parties.names(last.answer)
    new = {name for name in (last.answer[slice(*span)] for span in spans) if not _is_told(name, last.question)}
    if len(new) != 1:
        return f"{last.question} {question}"
    whose = {"zh": "的", "en": "'s"}[detect(question)] if pronoun["whose"] else ""
    return _LEAD.sub("", f"{question[: pronoun.start()]}{new.pop()}{whose}{question[pronoun.end() :]}")


def _is_told(name: str, question: str) -> bool:
    """Whether a question has a name already, or a part of it."""
    return any(part.lower() in question.lower() for part in (name.split() if name.isascii() else [name]))


def _cause(question: str, previous: str, language: Language) -> str | None:
    """ "Why?" asks for the cause of what was asked about before."""
    if not _WHY[language].match(question.strip()):
        return None
    return f"{previous} {'原因是什么？' if language == 'zh' else 'For what reason?'}"


def _bare_measure(question: str) -> str | None:
    """The measure that a question asks for without a word of whose it is: "净利润又是多少？"."""
    spans = measures.spans(question)
    if _PRONOUN[detect(question)].search(question):
        return None
    if len(spans) != 1 or not _ONE_FIGURE.search(question) or matching.units(measures.without(question), ""):
        return None
    return question[slice(*spans[0])]


def _neighbour_year(question: str, previous: str) -> str | None:
    """ "And the year before?": the last question, asked of that year."""
    years = list(_YEAR.finditer(previous))
    for step, pattern in ((-1, _YEAR_BEFORE), (1, _YEAR_AFTER)):
        if years and pattern.search(question) and not matching.units(pattern.sub(" ", question), ""):
            last = years[-1]
            return f"{previous[: last.start()]}{int(last.group()) + step}{previous[last.end() :]}"
    return None


def _among(question: str, previous: str) -> str | None:
    """ "其中储能部门挣了多少？": of what the last question was about."""
    name = subject(previous)
    return f"{name}的{_AMONG.sub('', question)}" if name and _AMONG.match(question) else None


def _about(question: str, previous: str, language: Language, encoder: Encoder) -> str | None:
    """ "What about X?": the question before, with X in the place of what is most like it."""
    match = _ABOUT[language].match(question.strip())
    about = _ARTICLE.sub("", match["about"].strip()).removesuffix("的") if match else _bare_measure(question)
    if not about or _ASKS[language].search(about):
        return None
    if _PRONOUN[language].search(about):
        return _named(f"{about}是多少？" if language == "zh" else f"{about}?", previous, language)
    start, end = _most_alike(about, previous, encoder) or (0, 0)
    if not end:
        return None
    if previous[end:].startswith(("'s", "’s")):
        about = _POSSESSIVE.sub("", about)
    preposition = re.match(r"(?:in|at|for|by|of|on|from)\s", about)
    if preposition and previous[:start].endswith(f" {preposition.group()}"):
        about = about[preposition.end() :]
    return f"{previous[:start]}{about}{previous[end:]}"


def _named(question: str, previous: str, language: Language) -> str | None:
    """The question with its pronoun replaced by the name that the question before is about."""
    pronoun = _PRONOUN[language].search(question)
    name = subject(previous)
    if not pronoun or not name:
        return None
    if _COMPANY.search(pronoun.group()) and measures.spans(name):  # its revenue is not the company
        name = next(iter(matching.units(name, "")), name)
    if language == "en" and pronoun["whose"]:
        name += "'s"
    elif language == "zh" and pronoun.group() == "其":
        name += "的"
    return _LEAD.sub("", question[: pronoun.start()] + name + question[pronoun.end() :])


def subject(question: str) -> str | None:
    """The name that a question is about: the first in Latin capitals, or what stands before the first 的."""
    for match in _NAME.finditer(question):
        name = _without_leading_function_words(match.group())
        if name:
            return re.sub(r"['’]s$", "", name)
    if not HAN.search(question):
        return None
    chunk = next(iter(_phrases(question)), None)
    if not chunk:
        return None
    name = question[chunk[0] : chunk[1]]
    return re.split(r"\d", name, maxsplit=1)[0] or name  # less the year and what it did then


def _without_leading_function_words(name: str) -> str:
    parts = name.split()
    while parts and parts[0].lower().rstrip("'s") in ENGLISH_FUNCTION_WORDS:
        parts.pop(0)
    return " ".join(parts)


def _most_alike(about: str, previous: str, encoder: Encoder) -> Span | None:
    """The phrase of the question before, or the beginning or end of one, that is nearest in meaning to `about`."""
    relation = all(word in _RELATIONS for word in words(about))  # growth may take the place of what grows
    measured = [] if relation else measures.spans(previous)
    if measured and measures.spans(about):
        start, end = measured[0]
        return start - previous[:start].endswith("总"), end
    phrases = [phrase for phrase in _phrases(previous) if not _ASKED_FOR.search(previous[: phrase[0]])]
    owners = [phrase for phrase in phrases if not previous[phrase[1] :].startswith(" of ")]
    phrases = owners or phrases  # in "the rate of cleaning equipment" another thing takes the place of the equipment
    pieces = dict.fromkeys(span for phrase in phrases for span in _pieces(previous, phrase))
    spans = [span for span in pieces if not any(start < span[1] and span[0] < end for start, end in measured)]
    if not spans:
        return None
    vectors = encoder.passages([about, *(previous[start:end] for start, end in spans)])
    vectors = vectors - vectors.mean(axis=0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    likeness = vectors[1:] @ vectors[0]
    likeness += np.array([_WHOLE * ((span in phrases) + (span[0] == phrases[0][0])) for span in spans])
    named = _is_name(about)
    likeness += np.array([_NAME_FOR_NAME * (_is_name(previous[start:end]) == named) for start, end in spans])
    best = spans[int(np.argmax(likeness))]
    whole = next(phrase for phrase in phrases if phrase[0] <= best[0] and best[1] <= phrase[1])
    return whole if best[1] == whole[1] and about.endswith(previous[best[0] : best[1]]) else best


def _is_name(phrase: str) -> bool:
    return bool(_NAME.match(phrase)) or matching.strange(phrase)


def _phrases(question: str) -> list[Span]:
    """Runs of content words: what stands between function words, question words and punctuation."""
    found: list[Span] = []
    apart = True
    for start, end in _tokens(question):
        word = question[start:end].lower()
        if word in _NO_CONTENT or not word.strip(_PUNCTUATION):
            apart = apart or bool(word.strip())
        elif apart:
            found.append((start, end))
            apart = False
        else:
            found[-1] = (found[-1][0], end)
    return found


def _pieces(question: str, phrase: Span) -> list[Span]:
    """The phrase, its beginnings and its ends, at word boundaries; of a name without a year, the whole."""
    text = question[slice(*phrase)]
    if matching.strange(text) and not re.search(r"\d", text) and not measures.spans(text):
        return [phrase]
    inside = [token for token in _tokens(question) if phrase[0] <= token[0] and token[1] <= phrase[1]]
    starts = [(phrase[0], end) for _, end in inside]
    ends = [(start, phrase[1]) for start, _ in inside]
    return [span for span in starts + ends if span[1] - span[0] >= _SAME_KIND]


def _tokens(text: str) -> list[Span]:
    """Words and what stands between them, in order."""
    if not HAN.search(text):
        return [match.span() for match in re.finditer(r"['’]s\b|[\w&.\-]*[\w&]|\S", text)]
    import rjieba

    spans, at = [], 0
    for word in rjieba.cut(text):
        at = text.index(word, at)
        spans.append((at, at + len(word)))
        at += len(word)
    return spans


def _rewrite(question: str, previous: str, model: Model) -> str | None:
    """The model's wording, unless it lost what the follow-up asks for or ran on."""
    language = detect(question)
    try:
        text = model.complete([("user", REWRITE[language].format(previous=previous, question=question))], max_tokens=60)
    except ModelError:
        return None
    line = text.strip().splitlines()[0].strip(' "“”') if text.strip() else ""
    known = set(words(previous + " " + question))
    kept = set(words(line))
    own = set(words(question))
    faithful = bool(kept) and len(kept & known) >= 0.7 * len(kept) and len(own & kept) >= 0.5 * len(own)
    return line if faithful and detect(line) == language else None
