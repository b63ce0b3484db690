"""How high the passages stand that hold the answer. ir_measures computes; definitions: Manning et al., IIR, ch. 8."""

from collections.abc import Collection, Hashable, Sequence
from typing import Any

DEPTH = 10


def evidence_metrics(ranking: Sequence[int], items: Sequence[Collection[int]]) -> dict[str, float]:
    """recall@k, hit@k, MRR@10 and nDCG@10 over gold evidence; `items`: for each, the passages that hold it.

    Passages of one item are as good as each other (two languages, an overlap): the first counts, the others are left
    out of the ranking.
    """
    from ir_measures import RR, R, Success, nDCG

    ranked: list[Hashable] = []
    for id_ in ranking:
        held = [f"item {number}" for number, passages in enumerate(items) if id_ in passages]
        ranked += [item for item in held if item not in ranked] if held else [id_]
    names = {R @ 5: "recall@5", R @ 10: "recall@10", Success @ 1: "hit@1", Success @ 5: "hit@5", Success @ 10: "hit@10",
             RR @ DEPTH: f"MRR@{DEPTH}", nDCG @ DEPTH: f"nDCG@{DEPTH}"}  # fmt: skip
    return measure(names, ranked, [f"item {number}" for number in range(len(items))])


def passage_metrics(ranking: Sequence[int], relevant: Collection[int]) -> dict[str, float]:
    """Recall and nDCG over passages, every one that holds evidence being wanted."""
    from ir_measures import R, nDCG

    names = {R @ DEPTH: f"passage_recall@{DEPTH}", nDCG @ DEPTH: f"passage_nDCG@{DEPTH}"}
    return measure(names, ranking, relevant)


def measure(names: dict[Any, str], ranking: Sequence[Hashable], relevant: Collection[Hashable]) -> dict[str, float]:
    """Measures of ir_measures for one question, under our names."""
    import ir_measures

    if not ranking:  # ir_measures leaves out a question without results; a missing answer is worth 0
        return dict.fromkeys(names.values(), 0.0)
    judged = {"question": {str(id_): 1 for id_ in relevant}}
    run = {"question": {str(id_): float(len(ranking) - rank) for rank, id_ in enumerate(ranking)}}
    return {names[found.measure]: found.value for found in ir_measures.iter_calc(list(names), judged, run)}
