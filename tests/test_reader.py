"""What a model's reading changes: it accepts what words miss and refuses what they do not, and cannot do more."""

import pytest
from servers import chat_model, reading_model, serving

from ragbot import Assistant, Settings
from ragbot.answerability import Candidate, Verdict
from ragbot.reader import Bars, in_context, worth_reading
from ragbot.schema import Passage, Sentence

MISSED = "黄仁勋那家公司的数据中心生意一季做多大？"  # words alone refuse it
LOOKS_ALIKE = "Azure的1亿美元以上大单一共有多少个？"  # words alone answer it with a growth


def reading(index, address: str) -> Assistant:
    return Assistant(index, Settings(llm_base_url=f"{address}/v1", llm_model="m"))


@pytest.mark.parametrize("probabilities", [True, False])
def test_belief_comes_from_the_first_token_or_from_what_was_written(index, probabilities):
    with serving(reading_model(lambda prompt: 0.8, probabilities=probabilities)) as address:
        belief = reading(index, address).model.probability([("user", "?")], "yes", "no")
    assert belief == pytest.approx(0.8 if probabilities else 1.0)


def test_what_the_model_does_not_believe_is_refused(index, extractor):
    question = "英伟达数据中心业务季度收入是多少？"
    assert not extractor.ask(question).refused
    with serving(reading_model(lambda prompt: 0.01)) as address:
        answer = reading(index, address).ask(question)
    assert answer.refused and not answer.citations


def test_what_the_model_believes_is_answered_though_words_refuse_it(index, extractor):
    assert extractor.ask(MISSED).refused
    with serving(reading_model(lambda prompt: 0.95 if "308亿美元" in prompt else 0.01)) as address:
        answer = reading(index, address).ask(MISSED)
    assert not answer.refused and "308亿美元" in answer.citations[0].quote


def test_a_model_that_believes_everything_still_shows_only_sentences_of_the_documents(index):
    with serving(reading_model(lambda prompt: 1.0, reply="英伟达的收入为999亿美元。")) as address:
        bot = reading(index, address)
        answer = bot.ask("英伟达数据中心业务季度收入是多少？")
    assert "999" not in answer.text
    assert all(cited.quote in bot.text(cited.document) for cited in answer.citations)
    assert not [check for check in answer.figures if check.status == "unsupported"]


def test_a_figure_of_another_kind_is_not_even_read(index):
    asked = []
    with serving(reading_model(lambda prompt: asked.append(prompt) or 1.0)) as address:
        answer = reading(index, address).ask("英伟达数据中心业务的净利率是多少？")
    assert answer.refused and not asked


def test_a_server_that_cannot_be_read_leaves_the_verdict_to_the_words(index, extractor):
    question = "英伟达数据中心业务季度收入是多少？"
    with serving(chat_model("数据中心业务收入为308亿美元。")) as address:
        answer = reading(index, address).ask(question)
    assert [cited.quote for cited in answer.citations][:1] == [extractor.ask(question).citations[0].quote]


@pytest.mark.parametrize(("read", "told"), [(0.9, True), (0.2, False)])
def test_a_cause_may_stand_in_the_sentence_after(tmp_path, read, told):
    text = "岚屏2024年的维保收入为9.8亿元，低于预算的11亿元。一家医院的电梯下坠，岚屏在当地的资质被停用五个月。"
    (tmp_path / "a.md").write_text(f"# 电梯\n\n## 岚屏\n\n{text}\n", encoding="utf-8")
    Assistant(tmp_path / "index", Settings(llm="none")).add(tmp_path / "a.md")
    with serving(
        reading_model(lambda prompt: read if "下坠，岚屏在当地的资质被停用五个月。\n" in prompt else 0.4)
    ) as address:
        answer = reading(tmp_path / "index", address).ask("岚屏2024年的维保收入怎么没达到预算？")
    assert answer.citations[0].quote.startswith("一家医院") is told


def test_a_row_is_read_under_the_headings_of_its_table():
    text = "Maker | Share | Margin\n\nOrla | 31% | 12%"
    passage = Passage(1, "a.md", "Dairy", "Makers", text, 0, len(text), "en")
    row = Sentence("Orla | 31% | 12%", text.index("Orla"), len(text), 1.0)
    assert in_context((passage, row)) == "[Dairy > Makers] Maker: Orla; Share: 31%; Margin: 12%"


def test_a_sentence_is_read_after_the_one_before_it():
    text = "Orla makes yoghurt. Its margin is 12%."
    passage = Passage(1, "a.md", "Dairy", "Makers", text, 0, len(text), "en")
    second = Sentence("Its margin is 12%.", text.index("Its"), len(text), 1.0)
    assert in_context((passage, second)) == "[Dairy > Makers] Orla makes yoghurt. Its margin is 12%."


def test_a_reader_is_told_whom_a_sentence_is_about():
    opening, lead, own = "Orla Rail of Hull runs trains.", "It has 40 depots.", "Net margin was 12%."
    text = f"Tarn is an airline.\n\n{opening} {lead} {own}"
    passage = Passage(1, "a.md", "Transport", "Makers", text, 0, len(text), "en")
    last = Sentence(own, text.index(own), len(text), 1.0)
    assert in_context((passage, last)) == f"[Transport > Makers] {opening} {lead} {own}"


@pytest.mark.parametrize(("untaught", "refused"), [(0.95, False), (0.001, True)])
def test_what_a_taught_model_does_not_believe_it_is_asked_untaught(index, untaught, refused):
    asked = []

    def belief(prompt: str) -> float:
        asked.append(prompt)
        return 0.001 if prompt.startswith("Question:") else untaught if "308亿美元" in prompt else 0.001

    with serving(reading_model(belief)) as address:
        bot = reading(index, address)
        bot.model.taught = True
        answer = bot.ask("英伟达数据中心业务季度收入是多少？")
    assert answer.refused is refused
    assert sum(prompt.startswith("Question:") for prompt in asked) >= 4


@pytest.mark.parametrize(("rival", "cited"), [(0.02, 1), (0.95, 2)])
def test_a_taught_model_that_believes_a_sentence_is_asked_only_of_one_that_contradicts_it(index_of, rival, cited):
    index = index_of(
        "# 电梯\n\n2024年云梯维保电梯23.5万台。\n\n云梯总部在苏州。\n\n另据协会统计，2024年云梯所维保的只有21万台。\n"
    )
    asked = []

    def belief(prompt: str) -> float:
        asked.append(prompt)
        return 0.95 if "23.5万台" in prompt else rival

    with serving(reading_model(belief)) as address:
        bot = reading(index, address)
        bot.model.taught = True
        answer = bot.ask("云梯2024年维保多少台电梯？")
    assert [prompt.startswith("Question:") for prompt in asked] == [True, True] and "21万台" in asked[1]
    assert len(answer.citations) == cited
    assert any("21万台" in warning for warning in answer.warnings) == (cited == 2)


def test_sentences_are_read_by_how_little_a_reading_must_add():
    def candidate(text: str, fit: float, doubtful: bool) -> Candidate:
        sentence = Sentence(text, 0, len(text), 0.5)
        return Candidate((Passage(1, "a.md", "A", "", text, 0, len(text), "en", ()), sentence), fit, doubtful)

    found = (candidate("doubtful", 0.07, True), candidate("sure", 0.05, False), candidate("likely", 0.4, True))
    at = Bars(2, least=0.0, words=0.6, believed=0.01, in_part=0.01, doubtful=0.4, next=0.05, pointed=0.05, certain=0.5)
    assert [each.row[1].text for each in worth_reading(Verdict((), found), at)] == ["likely", "sure"]


@pytest.mark.parametrize(
    ("question", "refused"),
    [("恒陟2025年上半年收入是多少？", True), ("清听科技2025年上半年收入是多少？", False)],
)
def test_another_firms_figure_is_not_believed_however_firmly(index_of, question, refused):
    text = (
        "# Two makers\n\n## 恒陟电梯\n\n恒陟电梯总部在吴江，2024年营收187亿元。\n\n## Qingting Hearing\n\n"
        "Qingting Hearing (清听科技) was founded in Xiamen in 2014. It sells rechargeable aids. "
        "Its first-half 2025 revenue was RMB 563 million.\n"
    )
    with serving(reading_model(lambda prompt: 1.0 if "563 million" in prompt else 0.01)) as address:
        answer = reading(index_of(text), address).ask(question)
    assert answer.refused is refused, answer.text
