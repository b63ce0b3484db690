"""Test sets as people write them: every format gives the same rows, every fault is named with its place."""

import json
from pathlib import Path

import pytest

from ragbot.errors import FaultyTestSet
from ragbot.evaluation.cases import check, read_cases
from ragbot.evaluation.formats import contexts
from ragbot.evaluation.runner import selected

ROW = {
    "id": "a",
    "question": "英伟达收入是多少？",
    "facts": ["308亿美元|$30.8 billion"],
    "evidence": ["收入为308亿美元。", "It was, he said, $30.8 billion."],
    "answerable": True,
    "history": ["微软呢？"],
}
SQUAD = {
    "data": [
        {
            "title": "Norway",
            "paragraphs": [
                {
                    "context": "Oslo is old. It has 700,000 people, says the city. It rains.",
                    "qas": [
                        {
                            "id": "q1",
                            "question": "How many people live in Oslo?",
                            "answers": [{"text": "700,000", "answer_start": 20}, {"text": "700,000 people"}],
                        },
                        {"id": "q2", "question": "Who rules Oslo?", "answers": [], "is_impossible": True},
                    ],
                }
            ],
        }
    ]
}
CMRC = [
    {
        "context_id": "1",
        "title": "微软",
        "context_text": "微软成立于1975年。总部在雷德蒙德。",
        "qas": [{"query_id": "q1", "query_text": "微软总部在哪里？", "answers": ["雷德蒙德"]}],
    }
]
RGB = {
    "id": 0,
    "query": "When and where was it held?",
    "answer": [["January 2 2022", "Jan 2, 2022"], ["Oslo"]],
    "positive": ["It took place on Jan 2, 2022. Rain fell.", "It was held in Oslo."],
    "negative": ["Nothing of the kind."],
}


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_jsonl_csv_and_yaml_give_the_same_row(tmp_path):
    import yaml

    quoted = '"收入为308亿美元。\nIt was, he said, $30.8 billion."'
    header = "id,question,facts,evidence,answerable,history\n"
    table = f"{header}a,英伟达收入是多少？,308亿美元|$30.8 billion,{quoted},是,微软呢？\n"
    files = [
        write(tmp_path, "set.jsonl", "\ufeff" + json.dumps(ROW) + "\n\n"),
        write(tmp_path, "set.csv", table),
        write(tmp_path, "set.yaml", yaml.safe_dump([ROW], allow_unicode=True)),
        write(tmp_path, "set.json", json.dumps([ROW])),
    ]
    first, *others = [read_cases(file) for file in files]
    assert first[0].language == "zh" and first[0].evidence == tuple((quote,) for quote in ROW["evidence"])
    assert all(other == first for other in others)


def test_squad_rows_have_their_spans_and_the_sentence_they_stand_in(tmp_path):
    path = write(tmp_path, "squad.json", json.dumps(SQUAD))
    known, unknown = read_cases(path)
    assert known.references == ("700,000", "700,000 people") and known.facts == ("700,000|700,000 people",)
    assert known.quotes[0] == "It has 700,000 people, says the city."
    assert not unknown.answerable
    assert contexts(path) == [SQUAD["data"][0]["paragraphs"][0]["context"]]


def test_cmrc_2018_in_its_own_layout(tmp_path):
    (case,) = read_cases(write(tmp_path, "cmrc.json", json.dumps(CMRC)))
    assert (case.id, case.references, case.quotes) == ("q1", ("雷德蒙德",), ["总部在雷德蒙德。"])


def test_rgb_rows_need_each_item_in_one_of_its_wordings(tmp_path):
    path = write(tmp_path, "en.json", json.dumps(RGB) + "\n" + json.dumps({**RGB, "id": 1, "positive": []}))
    known, silent = read_cases(path)
    assert known.facts == ("January 2 2022|Jan 2, 2022", "Oslo")
    assert known.evidence == (("It took place on Jan 2, 2022.",), ("It was held in Oslo.",))
    assert not silent.answerable and not silent.facts
    assert len(contexts(path)) == 3


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": 2, "question": ', "no JSON: Expecting value at character 23"),
        ("[1]", "no JSON object with an id and a question"),
        ('{"question": "Why?"}', "id: Field required"),
        ('{"id": 2, "question": " "}', "question: String should have at least 1 character"),
        ('{"id": 1, "question": "Why?"}', "id '1' stands on an earlier row too"),
        ('{"id": 2, "question": "Why?", "facts": "x"}', "facts: Input should be a valid tuple"),
        ('{"id": 2, "question": "Why?", "facts": ["a|"]}', "facts: Value error, a fact, or one of its alternatives"),
        (
            '{"id": 2, "question": "Why?", "answerable": false, "facts": ["a"]}',
            "answerable is false, yet there are facts",
        ),
        ('{"id": 2, "question": "Why?", "language": "fr"}', "language: Input should be 'zh' or 'en'"),
    ],
)
def test_a_faulty_row_is_named_with_its_line_and_reason(tmp_path, line, reason):
    path = write(tmp_path, "set.jsonl", '{"id": 1, "question": "Who?", "facts": ["he"]}\n\n' + line)
    cases, remarks = check(path)
    assert len(cases) <= 2 and [remark.place for remark in remarks if remark.weight == "fault"] == ["line 3"]
    assert str(remarks[0]).startswith(f"line 3: {reason}")
    with pytest.raises(FaultyTestSet, match="line 3"):
        read_cases(path)


@pytest.mark.parametrize(
    ("row", "doubt"),
    [
        ({"anwser": "he"}, "unknown column 'anwser'"),
        ({"accepted": False}, "a proposal"),
        ({"facts": []}, "no facts"),
        ({"answer": "she"}, "the answer does not hold the fact 'he'"),
        ({"evidence": ["It stands nowhere."]}, "the evidence 'It stands nowhere.' stands in no indexed document"),
    ],
)
def test_what_an_author_should_look_at_is_remarked_on_and_still_asked(tmp_path, row, doubt):
    path = write(tmp_path, "set.jsonl", json.dumps({"id": 1, "question": "Who?", "facts": ["he"]} | row))
    cases, remarks = check(path, ["It stands here."])
    assert len(cases) == 1 and len(remarks) == 1 and remarks[0].weight == "doubt"
    assert remarks[0].reason.startswith(doubt)


def test_a_csv_row_with_a_stray_comma_is_named_by_its_own_line(tmp_path):
    path = write(tmp_path, "set.csv", 'id,question\n1,"Who\nis it?"\n2,Who, me?\n')
    assert [str(remark)[:7] for remark in check(path)[1] if remark.weight == "fault"] == ["line 4:"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("none.jsonl", None, "no test set"),
        ("set.jsonl", b"\xff\xfe\x00", "no UTF-8 text"),
        ("set.jsonl", b"\n", "holds no question"),
        ("set.yaml", b"- id: [", "no YAML"),
        ("set.yaml", b"id: 1", "a list of rows is wanted"),
    ],
)
def test_a_file_that_is_no_test_set_gets_one_line(tmp_path, name, content, says):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FaultyTestSet, match=says) as caught:
        read_cases(path)
    assert "\n" not in str(caught.value) and name in str(caught.value)


def test_a_limit_leaves_no_kind_or_language_out(tmp_path):
    rows = [{"id": n, "question": "Who?" if n % 2 else "谁？", "kind": "why" if n < 8 else "who"} for n in range(10)]
    path = write(tmp_path, "set.json", json.dumps(rows))
    assert len({(case.kind, case.language) for case in selected(read_cases(path), 4)}) == 4
