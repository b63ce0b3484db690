"""What else a name is called in the other language: as the documents' own brackets say, or as the encoder sees it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from ragbot.dictionary import is_listed, readings
from ragbot.embeddings import Encoder
from ragbot.language import HAN, fold, simplify

SAME = 0.46  # cosine, less what names of a language have in common, above which two names are one
_TWICE = re.compile(r"([a-z])\1")  # Nadella, 纳德拉
_LETTERS = re.compile(r"[a-z]+")
_MOST = 60  # names of the evidence that a name is held against
_HAN_THEN_LATIN = re.compile(r"([\u4e00-\u9fff·]{2,10})\s?[（(]\s?([A-Z][A-Za-z0-9 .&'’\-]{1,40})\s?[)）]")
# Nadella (纳德拉), Orla Rail (Chinese name: 奥拉铁路)
_LATIN_THEN_HAN = re.compile(
    r"([A-Z][A-Za-z0-9 .&'’\-]{1,40}?)(?:['’]s)?\s?[（(](?:[A-Za-z ]{0,12}Chinese[A-Za-z ]{0,12}[:：]?|中文名?[:：]?)?"
    r"\s?([\u4e00-\u9fff·]{2,10})\s?[)）]"
)

_CALLED = r"[A-Z][\w&'’\-]*(?: [A-Z][\w&'’\-]*){0,3}"
_HAN_NAME = r"[\u4e00-\u9fff·]{2,10}"
_ASIDE = r"(?:\s?[（(][^（）()]{1,40}[)）])?"
# What something was called before: the group `then`; what it is called since: `now`.
_RENAMED = (
    re.compile(
        rf"(?P<now>{_CALLED}){_ASIDE}(?:, [a-z][^,.;]{{1,40}},|,)? (?:until \d{{4}} )?(?:(?:was|were) )?"
        rf"(?:(?:formerly|previously|originally|once) )?(?:called|named|(?:known|trad(?:ed|ing)|operated)"
        rf"(?: until \d{{4}})? as) (?P<then>{_CALLED})"
    ),
    re.compile(rf"(?P<now>{_CALLED}),? [（(]?(?:formerly|previously|originally) (?P<then>{_CALLED})"),
    re.compile(
        rf"(?P<then>{_CALLED}){_ASIDE} (?:changed its name to|was renamed|renamed itself|became known as)"
        rf" (?P<now>{_CALLED})"
    ),
    re.compile(
        rf"(?<![\u4e00-\u9fff])(?P<now>{_HAN_NAME}?){_ASIDE}，?(?:\d{{4}}年(?:以?前|之前))?"
        rf"(?:原名|曾用名|旧称|旧名|曾叫|原来?叫|原称|此前叫|以前叫|前?叫|前身[为是])[为是作]?[“「\"]?(?P<then>{_HAN_NAME})"
    ),
    re.compile(
        rf"(?<![\u4e00-\u9fff])[“「\"]?(?P<then>{_HAN_NAME}?)[”」\"]?{_ASIDE}(?:于?\d{{4}}年(?:\d{{1,2}}月)?)?"
        rf"(?:更名|改名)[为叫成][“「\"]?(?P<now>{_HAN_NAME})"
    ),
)


def renamed(text: str) -> Mapping[str, frozenset[str]]:
    """Former names that a text gives, "Orla Rail, formerly Brig Lines", 原名: each of the two folded, to the other."""
    return _to_each_other((m["now"], m["then"]) for pattern in _RENAMED for m in pattern.finditer(text))


def bracketed(text: str) -> Mapping[str, frozenset[str]]:
    """Names that a text puts side by side, 英特尔（Intel） or Intel (英特尔): each folded, to the others.

    What stands before a bracket in Chinese is not parted from the words before it: 新版必应（Bing） gives 新版必应, and
    each of its endings that is no common word, as 啤酒 is.
    """
    found: list[tuple[str, str]] = []
    pairs = [(han, latin, True) for han, latin in _HAN_THEN_LATIN.findall(text)]
    pairs += [(han, latin, False) for latin, han in _LATIN_THEN_HAN.findall(text)]
    for han, latin, run in pairs:
        if any(character.isdigit() for character in latin) and " " in latin:
            continue  # a period or an amount, not a name
        last = latin.split("  ")[-1].strip()
        endings = (han[start:] for start in range(len(han) - 1 if run else 1))
        found += [(name, last) for name in endings if name == han or not is_listed(fold(name))]
    return _to_each_other(found)


def _to_each_other(pairs: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    """Each name of these pairs, folded, to those that it is paired with."""
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in ((fold(one), fold(other)) for one, other in pairs):
        found[one].add(other)
        found[other].add(one)
    return {name: frozenset(others) for name, others in found.items()}


def transliterates(name: str, text: str) -> bool:
    """Whether a name in Latin letters is how some two or more characters of a text are read: Shen Yanqiu, 沈砚秋."""
    letters = "".join(_LETTERS.findall(name.lower()))
    return _reads(text, letters) or _reads(text, _TWICE.sub(r"\1", letters))


def _reads(text: str, letters: str) -> bool:
    runs = {0: frozenset({0})}  # how many characters, up to here, read as how many letters
    for character in simplify(text):
        spelt = readings(character)
        runs = {
            count + 1: frozenset(at + len(each) for at in ends for each in spelt if letters.startswith(each, at))
            for count, ends in runs.items()
        } | {0: frozenset({0})}
        runs = {count: ends for count, ends in runs.items() if ends}
        if any(count > 1 and len(letters) in ends for count, ends in runs.items()):
            return True
    return False


def sounds_like(name: str, others: Iterable[str]) -> frozenset[str]:
    """Those of the other names that are read as a Chinese one is, character by character: 玉恒 for 玉衡 is a slip."""
    read = [readings(character) for character in name]
    alike = (other for other in others if other != name and len(other) == len(name) > 1)
    return frozenset(o for o in alike if all(one & readings(two) for one, two in zip(read, o, strict=True)))


def alike(name: str, others: Iterable[str], encoder: Encoder) -> frozenset[str]:
    """Those of the other names that mean the same as `name`, one side in Chinese and the other in Latin letters."""
    across = [other for other in dict.fromkeys(others) if bool(HAN.search(other)) != bool(HAN.search(name))][:_MOST]
    if not across:
        return frozenset()
    vectors = _vectors(encoder, (name, *across))  # type: ignore[arg-type]
    return frozenset(fold(o) for o, cosine in zip(across, vectors[1:] @ vectors[0], strict=True) if cosine >= SAME)


@lru_cache(maxsize=256)
def _vectors(encoder: Encoder, names: Sequence[str]) -> np.ndarray:
    """Unit vectors of names less the mean of other names of their language."""
    usual = _usual(encoder)  # type: ignore[arg-type]
    vectors = encoder.passages(list(names)) - np.stack([usual["zh" if HAN.search(name) else "en"] for name in names])
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))


@lru_cache(maxsize=4)
def _usual(encoder: Encoder) -> Mapping[str, np.ndarray]:
    table = Path(__file__).with_name("names.tsv").read_text(encoding="utf-8")
    chinese, english = zip(*(line.split("\t") for line in table.splitlines()), strict=True)
    return {
        "zh": encoder.passages(list(chinese)).mean(axis=0),
        "en": encoder.passages(list(english)).mean(axis=0),
    }
