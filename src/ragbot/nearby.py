"""What the documents do have near a question that they do not answer: the same measure of others, other measures.

Names and measures alone are told, and no figure: a refusal cites nothing that a figure could be checked against.
"""

import re
from collections.abc import Iterable, Sequence

from ragbot import matching, texts
from ragbot.aliases import bracketed
from ragbot.figure_table import table
from ragbot.language import HAN, fold
from ragbot.quantities import NAMES, measure
from ragbot.schema import Evidence, Language

_MOST = 3  # names or measures that are told


def nearby(question: str, evidence: Sequence[Evidence], language: Language) -> str:
    """One sentence, or '' where the evidence has nothing of the kind.

    Of a party that the question names: the measure that it asks for, in another period or respect, or else the party's
    other measures. Of others, where the question names one that the evidence does not know: the measure.
    """
    asked = measure(question)
    if not asked:
        return ""
    rows = [row for row in table(item.passage for item in evidence) if row.who and row.measure and not row.change]
    brackets = bracketed("\n".join(item.passage.text for item in evidence))
    own = [
        (name, row.measure) for row in rows if (name := _said([row.who, *brackets.get(fold(row.who), ())], question))
    ]
    if own:
        who = [own[0][0]]
        what = [measured for name, measured in own if name in who]
        what = [asked] if asked in what else what
    elif matching.names(question):
        who = [row.who for row in rows if row.measure == asked and not (language == "en" and HAN.search(row.who))]
        what = [asked]
    else:
        return ""
    names = [NAMES[each][language == "en"] for each in what]
    return texts.NEAR[language].format(who=_first(who, language), what=_first(names, language)) if who else ""


def _said(names: Iterable[str], question: str) -> str:
    """The first of the names that the question uses, as it writes it, or ''."""
    said = (re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", question, re.I) for name in names)
    return next((match.group() for match in said if match), "")


def _first(items: Iterable[str], language: Language) -> str:
    return texts.listed(list(dict.fromkeys(items))[:_MOST], language)
