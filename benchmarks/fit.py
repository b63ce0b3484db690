"""Fits the weights of `ragbot.answerability.FIT`, and says how well they part questions of a set they never saw.

    python benchmarks/fit.py                    every set left out in turn, then the weights fitted to all
    python benchmarks/fit.py --sets both other  these alone

A logistic regression over the sentences found for each question of the test sets: those that hold the evidence the row
names, against the best of the others. A question is answered when its most likely sentence reaches the threshold.
JSON to stdout.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from answers import SETS, TESTSETS
from sklearn.linear_model import LogisticRegression

from ragbot import Assistant, Settings
from ragbot.answerability import FIT, clashes, demand, features
from ragbot.language import words

RIVALS = 12  # sentences a question that do not answer it, the best found
SAME = 0.8  # share of words that evidence and sentence have in common where one holds the other
THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.35)


@dataclass
class Asked:
    """A question, the features of the sentences that may answer it, and which of them do."""

    name: str
    answerable: bool
    rows: list[list[float]]
    gold: list[bool]


def questions(name: str, folder: Path) -> list[Asked]:
    """The questions of a set that stand alone."""
    file, documents = SETS[name]
    bot = Assistant(folder / name, Settings(llm="none"))
    for path in documents:
        bot.add(path)
    cases = [json.loads(line) for line in (TESTSETS / file).read_text(encoding="utf-8").splitlines()]
    return [_asked(name, case, bot) for case in cases if not case["history"] and case["kind"] != "off_topic"]


def _asked(name: str, case: dict[str, Any], bot: Assistant) -> Asked:
    evidence = bot.retriever.retrieve(case["question"], bot.settings.passages)
    wanted = demand(case["question"], [item.passage for item in evidence], bot.encoder)
    pool = [(item, sentence) for item in evidence for sentence in item.sentences]
    pool.sort(key=lambda pair: -(pair[0].score + pair[1].score))
    best = pool[0][0].score + pool[0][1].score if pool else 0.0
    found = Asked(name, case["answerable"], [], [])
    for rank, (item, sentence) in enumerate(pool):
        gold = case["answerable"] and _holds(sentence.text, case["evidence"])
        if (gold or rank < RIVALS) and not clashes(wanted, (item.passage, sentence)):
            seen = features(wanted, (item.passage, sentence), item.score, best)
            found.rows.append([seen[feature] for feature in FIT])
            found.gold.append(gold)
    return found


def _holds(sentence: str, evidence: Sequence[Any]) -> bool:
    quotes = [quote for each in evidence for quote in ([each] if isinstance(each, str) else each)]
    own = set(words(sentence))
    shares = (len(own & set(words(q))) / max(1, min(len(own), len(set(words(q))))) for q in quotes)
    return any(share >= SAME for share in shares) and len(own) > 2


def fit(train: Sequence[Asked]) -> tuple[np.ndarray, float]:
    rows = np.array([row for asked in train for row in asked.rows])
    gold = [each for asked in train for each in asked.gold]
    model = LogisticRegression(max_iter=5000).fit(rows, gold)
    return model.coef_[0], float(model.intercept_[0])


def result(test: Sequence[Asked], weights: np.ndarray, intercept: float) -> dict[str, Any]:
    """Share of questions refused at each threshold, and the area under the ROC curve."""
    best = {True: [], False: []}
    first = []
    for asked in test:
        likely = 1 / (1 + np.exp(-(np.array(asked.rows) @ weights + intercept))) if asked.rows else np.zeros(1)
        best[asked.answerable].append(float(likely.max()))
        if asked.answerable:
            first.append(bool(asked.rows) and asked.gold[int(likely.argmax())])
    yes, no = np.array(best[True]), np.array(best[False])
    area = np.mean([(a > b) + 0.5 * (a == b) for a in yes for b in no])
    return {
        "auroc": round(float(area), 3),
        "answer_first": round(float(np.mean(first)), 3),
        "refused": {
            t: {"answerable": round(float((yes < t).mean()), 2), "unanswerable": round(float((no < t).mean()), 2)}
            for t in THRESHOLDS
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=["both", "other", "heldout"])
    names = parser.parse_args().sets
    with tempfile.TemporaryDirectory() as folder:
        asked = {name: questions(name, Path(folder)) for name in names}
    out: dict[str, Any] = {"left_out": {}}
    for name in names if len(names) > 1 else ():
        weights, intercept = fit([each for other in names if other != name for each in asked[other]])
        out["left_out"][name] = result(asked[name], weights, intercept)
        print(name, out["left_out"][name], file=sys.stderr)
    everything = [each for name in names for each in asked[name]]
    weights, intercept = fit(everything)
    out["all"] = result(everything, weights, intercept)
    out["weights"] = {name: round(float(weight), 1) for name, weight in zip(FIT, weights, strict=True)}
    out["intercept"] = round(intercept, 1)
    print(json.dumps(out, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
