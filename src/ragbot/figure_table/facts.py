"""Which rows say one thing, in two places or two languages, and which contradict each other."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from ragbot import figures
from ragbot.aliases import bracketed
from ragbot.figure_table.rows import SAME_PERIOD, Disagreement, FigureRow
from ragbot.grounding import disagreements
from ragbot.language import fold
from ragbot.schema import Citation, Figure, Language

_SHARED = 0.5  # share of the smaller document's figures that the other must have for the two to be one text
_APART = 0.12  # how far apart two places may be, as shares of their documents, to be the same place of one text
_MOST = 60  # documents that hold an amount, or places of it in one, beyond which it tells nothing apart


class _Groups:
    """Things that are one: union-find."""

    def __init__(self) -> None:
        self._parent: dict[Hashable, Hashable] = {}

    def find(self, item: Hashable) -> Hashable:
        while (parent := self._parent.get(item, item)) != item:
            self._parent[item] = self._parent.get(parent, parent)
            item = parent
        return item

    def join(self, a: Hashable, b: Hashable) -> None:
        self._parent[self.find(a)] = self.find(b)


def connect(rows: Sequence[FigureRow], text: str) -> tuple[FigureRow, ...]:
    """The rows with `party`, `fact` and `disagrees` filled; `text` is where brackets tell names of one party."""
    parties, same = _Groups(), _Groups()
    aliases = bracketed(text)
    for row in rows:
        for other in aliases.get(fold(row.who), ()) if row.who else ():
            parties.join(fold(row.who), other)
    parallel = list(_parallel(rows))
    for a, b in parallel:
        same.join(a, b)
        if rows[a].who and rows[b].who:
            parties.join(fold(rows[a].who), fold(rows[b].who))
    rows = [replace(row, party=str(parties.find(fold(row.who))) if row.who else "") for row in rows]
    for group in _by(_statement, range(len(rows)), rows):
        for index in group[1:]:
            same.join(group[0], index)
    found = _contradictions(rows, parallel)
    return tuple(
        replace(row, fact=int(str(same.find(index))), disagrees=tuple(dict.fromkeys(found[index])))
        for index, row in enumerate(rows)
    )


def in_language(rows: Iterable[FigureRow], language: Language) -> list[FigureRow]:
    """One row of each fact, in that language if there is one."""
    chosen: dict[int, FigureRow] = {}
    for row in rows:
        held = chosen.get(row.fact)
        if held is None or (held.language != language and row.language == language):
            chosen[row.fact] = row
    return list(chosen.values())


def _by(
    key: Callable[[FigureRow], Hashable | None], indexes: Iterable[int], rows: Sequence[FigureRow]
) -> list[list[int]]:
    """Indexes of rows by their key, those without one left out."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for index in indexes:
        if (value := key(rows[index])) is not None:
            groups[value].append(index)
    return list(groups.values())


def _subject(row: FigureRow) -> Hashable | None:
    """What a row is about, down to its period; None where it does not say enough to be compared."""
    if not row.party or not row.what or not row.period:
        return None
    return row.party, fold(row.what), row.measure, row.change, row.unit, row.per, row.period


def _statement(row: FigureRow) -> Hashable | None:
    subject = _subject(row)
    return (subject, row.value) if subject else None


# the same text in two languages


def _parallel(rows: Sequence[FigureRow]) -> Iterator[tuple[int, int]]:
    """Pairs of rows that stand in the same place of two documents, one the translation of the other."""
    held: dict[str, list[int]] = defaultdict(list)
    holders: dict[Hashable, Counter[str]] = defaultdict(Counter)
    for index, row in enumerate(rows):
        held[row.document].append(index)
        holders[_amount(row)][row.document] += 1
    shared: Counter[tuple[str, str]] = Counter()
    for counts in holders.values():
        for a, b in combinations(sorted(counts), 2) if len(counts) <= _MOST else ():
            shared[a, b] += min(counts[a], counts[b])
    for (a, b), count in shared.items():
        other_language = rows[held[a][0]].language != rows[held[b][0]].language
        if other_language and count >= max(2, _SHARED * min(len(held[a]), len(held[b]))):
            yield from _pairs(rows, held[a], held[b])


def _amount(row: FigureRow) -> Hashable:
    """Value and unit; a share is one whether it is said in percent or as a fraction."""
    if row.unit in ("fraction", "percent"):
        return round(row.value * (100 if row.unit == "fraction" else 1), 1), "percent"
    return row.value, row.unit


def _pairs(rows: Sequence[FigureRow], mine: list[int], theirs: list[int]) -> Iterator[tuple[int, int]]:
    """Equal amounts near to each other in their documents, or the only ones of their kind; each in one pair."""
    length = [max(rows[index].end for index in indexes) for indexes in (mine, theirs)]
    by_amount: dict[Hashable, list[int]] = defaultdict(list)
    for index in theirs:
        by_amount[_amount(rows[index])].append(index)
    near = sorted(
        (abs(rows[a].at[0] / length[0] - rows[b].at[0] / length[1]), a, b)
        for a in mine
        for b in by_amount[_amount(rows[a])][:_MOST]
    )
    ours, others = (Counter(_amount(rows[index]) for index in indexes) for indexes in (mine, theirs))
    taken: set[int] = set()
    for apart, a, b in near:
        only = ours[_amount(rows[a])] == others[_amount(rows[b])] == 1
        if (only or apart <= _APART) and not {a, b} & taken:
            taken |= {a, b}
            yield a, b


# contradictions


def _contradictions(rows: Sequence[FigureRow], parallel: list[tuple[int, int]]) -> dict[int, list[Disagreement]]:
    found: dict[int, list[Disagreement]] = defaultdict(list)
    for index, row in enumerate(rows):
        found[index] += _of_sources(row)
    for group in _by(_subject, range(len(rows)), rows):
        for a, b in combinations(group, 2):
            if rows[a].quote != rows[b].quote and _differ(rows[a], rows[b]):
                found[a].append(Disagreement("value", rows[a].text, rows[b].text, rows[b].document))
                found[b].append(Disagreement("value", rows[b].text, rows[a].text, rows[a].document))
    for a, b in _mistranslated(rows, parallel):
        found[a].append(Disagreement("translation", rows[a].text, rows[b].text, rows[b].document))
        found[b].append(Disagreement("translation", rows[b].text, rows[a].text, rows[a].document))
    for index, row in enumerate(rows):  # 'in the same quarter': as doubtful as the quarter
        if not found[index] and row.period and not row.sources and SAME_PERIOD.search(row.quote):
            found[index] += [
                doubt
                for other in range(max(0, index - 4), index)
                if (rows[other].document, rows[other].party) == (row.document, row.party)
                if rows[other].period == row.period
                for doubt in found[other]
                if doubt.kind == "period"
            ][:1]
    return found


def _of_sources(row: FigureRow) -> Iterator[Disagreement]:
    if not row.sources:
        return
    citation = Citation(1, row.document, "", row.segment, row.quote, row.start, row.end, row.page, row.sources)
    for here, there, title in disagreements([citation]):
        yield Disagreement("period", here, there, title)


def _differ(a: FigureRow, b: FigureRow) -> bool:
    return all(figures.compare(_figure(x), [_figure(y)])[0] == "unsupported" for x, y in ((a, b), (b, a)))


def _figure(row: FigureRow) -> Figure:
    return Figure(row.text, row.value, row.unit, (0, 0), row.period, row.qualifier, row.per)


def _mistranslated(rows: Sequence[FigureRow], parallel: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Rows of two languages that have no equal but each other's company, measure and unit in the same place."""
    paired = {index for pair in parallel for index in pair}
    documents = {frozenset((rows[a].document, rows[b].document)) for a, b in parallel}
    ends: dict[str, int] = defaultdict(int)
    for row in rows:
        ends[row.document] = max(ends[row.document], row.end)
    alone = [index for index in range(len(rows)) if index not in paired and rows[index].measure]
    for group in _by(lambda row: (row.party, row.measure, row.unit, row.change), alone, rows):
        for a, b in combinations(group[:_MOST], 2):
            mine, theirs = rows[a], rows[b]
            apart = abs(mine.at[0] / ends[mine.document] - theirs.at[0] / ends[theirs.document])
            parallels = frozenset((mine.document, theirs.document)) in documents
            if parallels and apart <= _APART / 2 and _differ(mine, theirs):
                yield a, b
