"""Chunking by segment: no passage crosses one, and each is exactly its slice of the document."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ragbot.documents.blocks import Block, build
from ragbot.language import tokens
from ragbot.segments import outside_sources, split, without_sources

LIMIT = 64
PIECES = st.sampled_from(
    [
        "收入为308亿美元。",
        "Sales rose by 3.5 percent.",
        "（来源：X - Y）",
        "Mr. Li left",
        "，",
        "。",
        "\n",
        " ",
        "增长" * 90,
        "word " * 90,
    ]
)
BLOCKS = st.lists(
    st.builds(
        Block, st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=80), st.sampled_from([0, 0, 0, 1, 2, 3])
    ),
    max_size=12,
)


@given(BLOCKS)
@settings(deadline=None, max_examples=150)
def test_every_passage_and_sentence_is_its_slice_of_the_document(blocks):
    document = build(blocks, "d.md", "d", "0")
    for chunk in split(document, LIMIT):
        passage = chunk.passage
        assert passage.text == document.text[passage.start : passage.end]
        assert (chunk.sentences[0][0], chunk.sentences[-1][1]) == (passage.start, passage.end)
        assert all(passage.start <= start < end <= passage.end for start, end in chunk.sentences)


@given(BLOCKS)
@settings(deadline=None, max_examples=150)
def test_no_text_is_lost_and_no_passage_crosses_a_segment(blocks):
    document = build(blocks, "d.md", "d", "0")
    chunks = list(split(document, LIMIT))
    said = [character for section in document.sections for character in document.text[section.start : section.end]]
    kept = [character for chunk in chunks for character in chunk.passage.text]
    assert [c for c in kept if not c.isspace()] == [c for c in said if not c.isspace()]
    for chunk in chunks:
        homes = [s for s in document.sections if s.start <= chunk.passage.start and chunk.passage.end <= s.end]
        assert [" > ".join(s.path) for s in homes] == [chunk.passage.segment]


def test_a_long_segment_is_split_at_sentence_ends():
    text = "收入增长了百分之十二，利润率保持稳定，管理层对下一季度表示乐观。" * 20
    chunks = list(split(build([Block(text)], "d.md", "d", "0"), LIMIT))
    assert len(chunks) > 1
    assert all(chunk.passage.text.endswith("。") and tokens(chunk.passage.text) <= LIMIT for chunk in chunks)


def test_source_titles_are_found_and_can_be_left_out():
    text = "收入为3亿元 (Acme posts record sales - Trade Weekly)，同比增长5%（来源：年报）。"
    assert [title for _, _, title in outside_sources(text)] == ["Acme posts record sales - Trade Weekly", "年报"]
    assert without_sources(text) == "收入为3亿元，同比增长5%。"


def test_a_bracketed_aside_is_no_source():
    assert not outside_sources("英伟达（NVIDIA）的收入（按美元计）增长，AWS (Amazon's cloud) too.")
