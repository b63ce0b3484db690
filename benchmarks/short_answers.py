"""Exact match and F1 of short answers end to end, with and without grounding, in one run of the same model.

    python benchmarks/short_answers.py xquad.zh.json xquad.en.json --questions 100 --out runs/xquad

Each file (SQuAD's or CMRC 2018's JSON) is asked over its own paragraphs. With grounding, the checked answer is
shortened to the span that the question asks for, and a refusal is an empty answer. Without, the model's own draft over
the same passages is, whatever it stands on. Both are shortened by the same model and rule. Every answer is kept as a
JSONL row as soon as it is there; a second run asks only what is missing. JSON goes to stdout.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ragbot import Answer, Assistant, Settings
from ragbot.answering import material, prompt
from ragbot.errors import RagbotError
from ragbot.evaluation.answer_metrics import exact_match, plain, token_f1
from ragbot.evaluation.cases import Case, read_cases
from ragbot.evaluation.runner import indexed
from ragbot.evaluation.runs import read_rows
from ragbot.evaluation.short_answers import Shortener
from ragbot.evaluation.statistics import compare, estimate, percentile
from ragbot.rows import dump
from ragbot.schema import DraftText, Finished
from ragbot.texts import NOT_FOUND

MODES = ("grounded", "ungrounded")


def spread(cases: Sequence[Case], count: int) -> list[Case]:
    """So many rows, evenly over the file."""
    return [cases[number * len(cases) // count] for number in range(min(count, len(cases)))]


def ask(bot: Assistant, case: Case) -> dict[str, Any]:
    """Both short answers to a question, and what they were made from."""
    *drafted, finished = [event for event in bot.stream(case.question) if isinstance(event, DraftText | Finished)]
    assert isinstance(finished, Finished)
    answer = finished.answer
    draft = "".join(event.text for event in drafted if isinstance(event, DraftText)) or _unchecked(bot, answer)
    shorten = Shortener(bot.model)
    return {
        "id": case.id,
        "question": case.question,
        "references": case.references,
        "answer": answer.text,
        "refused": answer.refused,
        "draft": draft,
        "grounded": shorten(case.question, answer),
        "ungrounded": "" if NOT_FOUND.lower() in draft.lower() else shorten.span(case.question, plain(draft)),
        "total_ms": answer.timings.total_ms,
    }


def _unchecked(bot: Assistant, answer: Answer) -> str:
    """What the model writes over the same passages where ragbot refused, or reckoned, before it was asked."""
    if bot.model is None or not answer.evidence:
        return ""
    asked = prompt(answer.standalone_question, material((), answer.evidence), answer.language)
    return bot.model.complete(asked, bot.settings.answer_tokens)


def answers(file: Path, count: int, kept_in: Path, settings: Settings) -> tuple[list[Case], list[dict[str, Any]]]:
    cases = spread(read_cases(file), count)
    kept_in.touch()
    kept = read_rows(kept_in, mend=True)
    missing = [case for case in cases if str(case.id) not in kept]
    if missing:
        with indexed(file, settings) as bot, kept_in.open("a", encoding="utf-8") as out:
            bot.warm_up()
            for number, case in enumerate(missing, 1):
                kept[str(case.id)] = ask(bot, case)
                print(dump(kept[str(case.id)]), file=out, flush=True)
                print(f"{file.name}: {number} of {len(missing)}", file=sys.stderr, flush=True)
    return cases, [kept[str(case.id)] for case in cases]


def figures(cases: Sequence[Case], rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """EM and F1 of both modes with their intervals, and the difference that grounding makes."""
    found: dict[str, Any] = {"questions": len(rows), "refused": sum(row["refused"] for row in rows)}
    for name, measure in (("exact_match", exact_match), ("f1", token_f1)):
        parts = {
            mode: [(measure(r[mode], c.references, c.language), 1.0) for c, r in zip(cases, rows, strict=True)]
            for mode in MODES
        }
        difference = compare(parts["ungrounded"], parts["grounded"], yes_no=name == "exact_match")
        found[name] = {mode: asdict(estimate(parts[mode])) for mode in MODES}
        found[name]["grounding_adds"] = asdict(difference) if difference else None
    answered = [n for n, row in enumerate(rows) if not row["refused"]]
    found["f1_of_the_answered"] = {
        mode: asdict(
            estimate([(token_f1(rows[n][mode], cases[n].references, cases[n].language), 1.0) for n in answered])
        )
        for mode in MODES
    }
    return found | {"median_ms": percentile([row["total_ms"] for row in rows], 50)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--questions", type=int, default=100, help="of each file")
    parser.add_argument("--llm", default="auto", help="as RAGBOT_LLM; 'none' for extraction, which has no draft")
    parser.add_argument("--out", type=Path, default=Path("evaluations/short-answers"), help="folder of the answers")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    settings = Settings(llm=options.llm)
    try:
        found = {
            file.name: figures(*answers(file, options.questions, options.out / f"{file.stem}.jsonl", settings))
            for file in options.files
        }
    except RagbotError as error:
        sys.exit(f"short_answers: {error}")
    print(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
