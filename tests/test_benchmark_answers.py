"""The answer benchmark keeps what it has, asks only what is missing, and takes of every kind."""

import json

import answers


class Stub:
    def __init__(self):
        self.asked = []

    def answer(self, case):
        self.asked.append(case["id"])
        if case["id"] == "bad":
            raise RuntimeError("no")
        return {"id": case["id"], "question": case["question"], "answer": "-", "refused": True}


def test_a_second_run_asks_only_what_failed_or_changed(tmp_path, monkeypatch):
    cases = [{"id": name, "question": f"{name}?"} for name in ("a", "b", "bad")]
    stub = Stub()
    monkeypatch.setattr(answers, "_engine", lambda *_: stub)
    file = tmp_path / "run.jsonl"

    first = answers.answers("extraction", [], cases, file, tmp_path)
    assert [row["id"] for row in first] == ["a", "b", "bad"] and first[2]["error"] == "RuntimeError('no')"
    file.write_text(file.read_text() + '{"id": "cut sho')
    cases[1]["question"] = "b, really?"
    answers.answers("extraction", [], cases, file, tmp_path)
    assert stub.asked == ["a", "b", "bad", "b", "bad"]
    answers.answers("extraction", [], cases[:2], file, tmp_path)
    assert len(stub.asked) == 5


def test_a_limit_takes_of_every_kind_and_language_in_turn():
    cases = answers.load("ai-value-chain.jsonl", (), 22)
    assert len({(case["kind"], case["language"]) for case in cases}) == 22


def test_the_block_of_a_citation_is_its_paragraph():
    assert answers._block("One. Two.\n\nThree. Four.\n\nFive.", 18) == "Three. Four."


def test_the_table_names_every_run():
    row = json.loads('{"value": 0.5, "interval": [0.25, 0.75]}')
    result = dict.fromkeys(answers.scoring.RATES, row) | {"median_ms": 5, "by_kind": {"why": {"right": 1}}}
    assert "zh/extraction" in answers.table({"zh/extraction": result}) and "50.0 (25-75)" in answers.table(
        {"r": result}
    )
