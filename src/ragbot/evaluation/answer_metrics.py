"""What an answer says, against what it should say."""

import re
import string
from collections import Counter
from collections.abc import Sequence

from ragbot.evaluation.numbers import Number, agree, numbers, unsupported
from ragbot.evaluation.wording import normal
from ragbot.schema import Language

_MARKS = re.compile(r"\s*\[\d+\]")


def fact_found(fact: str, text: str) -> bool:
    """Whether one of the alternatives (parted by '|') is in the text: a figure by value, words as they stand."""
    return any(_stands(alternative.strip(), text) for alternative in fact.split("|"))


def is_figure(fact: str) -> bool:
    """Whether every alternative that holds a digit or numeral is nothing but a figure."""
    return any(_figure_alone(alternative.strip()) for alternative in fact.split("|"))


def _figure_alone(words: str) -> Number | None:
    """The figure, where the words are a figure and nothing else."""
    read = numbers(words)
    rest = normal(words)
    for number in read:
        rest = rest.replace(number.text, "", 1)
    return read[0] if len(read) == 1 and not re.search(r"\w", rest) else None


def _stands(words: str, text: str) -> bool:
    figure = _figure_alone(words)
    if figure:
        return any(agree(figure, other) for other in numbers(text))
    start = r"(?<![a-z0-9])" if words[0].isascii() and words[0].isalnum() else ""
    return bool(re.search(start + re.escape(normal(words)), normal(text)))


def figure_precision(text: str, gold: str, question: str) -> tuple[int, int]:
    """How many of the answer's figures the gold answer and evidence hold (or results of them), and of how many."""
    count = len(numbers(text))
    return count - len(unsupported(text, gold, question)), count


def figure_recall(text: str, facts: Sequence[str]) -> tuple[int, int]:
    """How many of the facts that are figures stand in the answer, by value, and of how many."""
    wanted = [fact for fact in facts if is_figure(fact)]
    return sum(fact_found(fact, text) for fact in wanted), len(wanted)


def plain(text: str) -> str:
    """An answer without its citation marks."""
    return _MARKS.sub("", text).strip()


def exact_match(text: str, references: Sequence[str], language: Language) -> float:
    """1 if the answer is one of the references after normalisation, by the language's rule (see `token_f1`)."""
    if language == "en":
        return float(any(squad_words(text) == squad_words(reference) for reference in references))
    return float(any(cmrc_plain(text) == cmrc_plain(reference) for reference in references))


def token_f1(text: str, references: Sequence[str], language: Language) -> float:
    """The best F1 over the references.

    English: words in common, as SQuAD 1.1 counts them (Rajpurkar et al. 2016, evaluate-v1.1). Chinese: the longest
    common run of characters, as CMRC 2018 does (Cui et al. 2019, cmrc2018_evaluate).
    """
    f1 = _words_f1 if language == "en" else _run_f1
    return max((f1(text, reference) for reference in references), default=0.0)


def squad_words(text: str) -> list[str]:
    """Lower-case words without punctuation and articles."""
    kept = "".join(sign for sign in text.lower() if sign not in string.punctuation)
    return re.sub(r"\b(?:a|an|the)\b", " ", kept).split()


def _words_f1(text: str, reference: str) -> float:
    said, wanted = squad_words(text), squad_words(reference)
    return _f1(sum((Counter(said) & Counter(wanted)).values()), len(said), len(wanted))


CMRC_PUNCTUATION = frozenset("-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")


def cmrc_plain(text: str) -> str:
    """Lower case, without the punctuation that CMRC 2018 leaves out."""
    return "".join(sign for sign in text.lower().strip() if sign not in CMRC_PUNCTUATION)


def cmrc_pieces(text: str) -> list[str]:
    """Chinese characters one by one, other words and figures whole."""
    return re.findall(r"[\u4e00-\u9fa5]|\d+(?:[.,]\d+)+|[^\W_\u4e00-\u9fa5]+|[^\w\s]", cmrc_plain(text))


def _run_f1(text: str, reference: str) -> float:
    said, wanted = cmrc_pieces(text), cmrc_pieces(reference)
    return _f1(_longest_run(said, wanted), len(said), len(wanted))


def _longest_run(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the longest stretch that stands in both without a gap."""
    best, before = 0, [0] * (len(b) + 1)
    for piece in a:
        row = [0] + [count + 1 if piece == other else 0 for count, other in zip(before, b, strict=False)]
        best, before = max(best, *row), row
    return best


def _f1(common: int, said: int, wanted: int) -> float:
    return 2 * common / (said + wanted) if common else 0.0
