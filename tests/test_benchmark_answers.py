"""The answer benchmark keeps what it has, asks only what is missing, and takes of every kind."""

import answers

from ragbot.evaluation.cases import Case
from ragbot.evaluation.scoring import judge
from ragbot.evaluation.summary import summarise


class Stub:
    def __init__(self):
        self.asked = []

    def answer(self, case):
        self.asked.append(case.id)
        if case.id == "bad":
            raise RuntimeError("no")
        return {"id": case.id, "question": case.question, "answer": "-", "refused": True}


def cases(**questions):
    return [Case(id=name, question=question) for name, question in questions.items()]


def test_a_second_run_asks_only_what_failed_or_changed(tmp_path, monkeypatch):
    stub = Stub()
    monkeypatch.setattr(answers, "_engine", lambda *_: stub)
    file = tmp_path / "run.jsonl"

    first = answers.answers("extraction", [], cases(a="a?", b="b?", bad="bad?"), file, tmp_path)
    assert [row["id"] for row in first] == ["a", "b", "bad"] and first[2]["error"] == "RuntimeError('no')"
    file.write_text(file.read_text() + '{"id": "cut sho')
    answers.answers("extraction", [], cases(a="a?", b="b, really?", bad="bad?"), file, tmp_path)
    assert stub.asked == ["a", "b", "bad", "b", "bad"]
    answers.answers("extraction", [], cases(a="a?", b="b, really?"), file, tmp_path)
    assert len(stub.asked) == 5


def test_a_limit_takes_of_every_kind_and_language_in_turn():
    taken = answers.load("ai-value-chain.jsonl", (), 22)
    assert len({(case.kind, case.language) for case in taken}) == 22


def test_the_table_names_every_run():
    (case,) = cases(a="a?")
    row = {"id": "a", "answer": "", "refused": True, "citations": [], "retrieved": [], "timings": {"total_ms": 5}}
    shown = answers.table({"zh/extraction": summarise([judge(case, row)] * 4)})
    assert "zh/extraction" in shown and "100.0 (40-100)" in shown
