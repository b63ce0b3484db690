"""Teaches the embedded model to read, to check and to tell, and writes what it learnt as a GGUF adapter.

    python training/teach.py WEIGHTS OUT.gguf [--epochs 2] [--seconds 1800] [--rank 6]

WEIGHTS: the model's GGUF file (`ragbot models` says where it lies). It is unpacked to 16 bits and stays as it is; what
is learnt is a low-rank addition to its matrices (LoRA, Hu et al., 2021). Needs `pip install --group train` and a GPU.
The exercises are those of training/exercises; training/README.md tells of them.
"""

import argparse
import json
import math
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from torch import nn
from torch.nn import functional

from ragbot.answering import beside
from ragbot.language import detect
from ragbot.texts import NO, READ_TAUGHT, READING, TELLING, VERIFY, VERIFYING, YES

EXERCISES = Path(__file__).resolve().parent / "exercises"
PARTS = {
    "q_proj": "attn_q",
    "k_proj": "attn_k",
    "v_proj": "attn_v",
    "o_proj": "attn_output",
    "gate_proj": "ffn_gate",
    "up_proj": "ffn_up",
    "down_proj": "ffn_down",
}
"""Matrices by their names in transformers and in GGUF."""
WRONG = 3  # sentences a question that do not answer it
STRAY = 0.3  # of the paragraphs' first sentences, the share that follows a sentence of another paragraph, as on a page
TOLD = 3.0  # what a sentence that is told counts beside a yes or no
SCALE = 2.0  # what the additions count, over their rank
TOKENS = 16_000  # at a time
RATE = 3e-4  # the highest, after a tenth of the way; it falls to nothing

_CELL, _COLON = re.compile(r"\s*[;；]\s*"), re.compile(r"\s*[:：]\s*")  # between the cells of a table, and in one


@dataclass(frozen=True)
class Exercise:
    """What is asked, by whom as what, and the right reply."""

    system: str
    user: str
    reply: str
    weight: float = 1.0


def exercises(folder: Path, seed: int) -> list[Exercise]:
    """All that the files of a folder give: paragraphs with questions (reading), and answers to them (answers).

    For each question the sentences that answer it, and the most tempting of those that do not; for each answer the
    answer itself, a yes to it, and a no to its false twin and to a sentence that says something else.
    """
    dice = random.Random(seed)
    found: list[Exercise] = []
    for file in sorted(folder.glob("reading-*.jsonl")):
        paragraphs = _rows(file)
        stray = [dice.choice(paragraphs)["sentences"][-1] if dice.random() < STRAY else "" for _ in paragraphs]
        shown = [_shown(*pair) for pair in zip(paragraphs, stray, strict=True)]
        for paragraph, lines in zip(paragraphs, shown, strict=True):
            for asked in paragraph["questions"]:
                right = set(asked["answers"])
                wrong = _tempting(asked["q"], paragraph["sentences"], right, dice)
                found += [reading(asked["q"], lines[k], k in right) for k in (*sorted(right), *wrong)]
                if _names(asked["q"], paragraph):
                    found.append(reading(asked["q"], _elsewhere(asked["q"], paragraph, paragraphs), False))
        for row in _rows(file.with_name(file.name.replace("reading-", "answers-"))):
            paragraph, lines = paragraphs[row["paragraph"]], shown[row["paragraph"]]
            question, passage = paragraph["questions"][row["question"]]["q"], lines[row["sentence"]]
            other = _tempting(row["answer"], paragraph["sentences"], {row["sentence"]}, dice)[0]
            found.append(telling(question, passage, row["answer"]))
            found += [
                verifying(row["answer"], passage, True),
                verifying(row["wrong"], passage, False),
                verifying(row["answer"], lines[other], False),
            ]
    dice.shuffle(found)
    return found


def reading(question: str, passage: str, answers: bool) -> Exercise:
    return Exercise(READING, READ_TAUGHT.format(question=question, passage=passage), YES if answers else NO)


def verifying(statement: str, passage: str, holds: bool) -> Exercise:
    return Exercise(VERIFYING, VERIFY.format(statement=statement, passage=passage), YES if holds else NO)


def telling(question: str, passage: str, answer: str) -> Exercise:
    language = detect(answer)
    user = READ_TAUGHT.format(question=question, passage=beside(passage, language))
    return Exercise(TELLING[language], user, answer, TOLD)


def _rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def _shown(paragraph: dict[str, Any], before: str) -> list[str]:
    """Each sentence as `ragbot.reader.in_context` shows it."""
    head, own = f"[{paragraph['title']} > {paragraph['heading']}]", paragraph["sentences"]
    if all(len(_CELL.findall(row)) > 1 for row in own):
        return [f"{head} {_COLON.sub(': ', _CELL.sub('; ', row))}" for row in own]
    return [f"{head} {lead} {sentence}" for lead, sentence in zip([before, *own], own, strict=False)]


def _tempting(question: str, own: Sequence[str], right: set[int], dice: random.Random) -> list[int]:
    """The sentence after the right one, those that share most pairs of characters with the question, and others."""
    asked = _pairs(question)
    rest = [k for k in range(len(own)) if k not in right]
    rest.sort(key=lambda k: -len(asked & _pairs(own[k])) / math.sqrt(len(own[k])))
    after = [k + 1 for k in right if k + 1 in rest]
    return list(dict.fromkeys([*after, *rest[: WRONG - 1 - len(after)], *dice.sample(rest, len(rest))]))[:WRONG]


def _names(question: str, paragraph: dict[str, Any]) -> bool:
    """Whether a question says whom it is about, so that no other paragraph can answer it."""
    words = set(re.findall(r"[a-z]{4,}|[\u4e00-\u9fff]{2}", paragraph["heading"].lower()))
    return any(word in question.lower() for word in words)


def _elsewhere(question: str, paragraph: dict[str, Any], paragraphs: Sequence[dict[str, Any]]) -> str:
    """The sentence of another paragraph that shares most with a question."""
    asked = _pairs(question)
    others = [text for other in paragraphs if other is not paragraph for text in _shown(other, "")]
    return max(others, key=lambda text: len(asked & _pairs(text)) / math.sqrt(len(text)))


def _pairs(text: str) -> set[str]:
    plain = text.lower()
    return {plain[k : k + 2] for k in range(len(plain) - 1)}


class Added(nn.Module):
    """A frozen matrix [out, in] and its low-rank addition, kept in 32 bits."""

    def __init__(self, matrix: nn.Linear, rank: int) -> None:
        super().__init__()
        self.matrix = matrix
        self.down = nn.Parameter(torch.empty(rank, matrix.in_features, device=matrix.weight.device))
        self.up = nn.Parameter(torch.zeros(matrix.out_features, rank, device=matrix.weight.device))
        nn.init.kaiming_uniform_(self.down, a=math.sqrt(5))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        added = functional.linear(functional.linear(x, self.down.to(x.dtype)), self.up.to(x.dtype))
        return self.matrix(x) + SCALE * added


class Pupil:
    """The model, its tokens, and the additions that learn."""

    def __init__(self, model: Any, tokenizer: Any, rank: int) -> None:
        self.model, self.tokenizer, self.rank = model, tokenizer, rank
        self.device = next(model.parameters()).device
        self.head = model.lm_head.weight.float()  # 16 bits tell scores apart by an eighth
        model.requires_grad_(False)
        self.added: dict[tuple[int, str], Added] = {}
        for number, layer in enumerate(model.model.layers):
            for holder in (layer.self_attn, layer.mlp):
                for name in [name for name, _ in holder.named_children() if name in PARTS]:
                    self.added[number, name] = Added(getattr(holder, name), rank)
                    setattr(holder, name, self.added[number, name])
        self.end = self._ids("<|im_end|>")
        self.yes, self.no = self._ids(YES)[0], self._ids(NO)[0]

    def _ids(self, text: str) -> list[int]:
        return list(self.tokenizer.encode(text, add_special_tokens=False))

    def prompt(self, system: str, user: str) -> list[int]:
        """In the model's own chat form."""
        turns = f"<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n{user}<|im_end|>\n"
        return self._ids(f"{turns}<|im_start|>assistant\n")

    def learn(self, found: Sequence[Exercise], epochs: float, seconds: float) -> None:
        """Fit the additions: cross-entropy over the replies, for so many epochs or seconds."""
        torch.manual_seed(1)
        dice = random.Random(1)
        rows = [(self.prompt(e.system, e.user), [*self._ids(e.reply), *self.end], e.weight) for e in found]
        lengths = [len(asked) + len(reply) for asked, reply, _ in rows]
        weights = [weight for each in self.added.values() for weight in (each.down, each.up)]
        optimiser = torch.optim.AdamW(weights, lr=RATE, weight_decay=0.01)
        start, losses, done = time.monotonic(), [], 0
        while True:
            for some in _alike(lengths, dice):
                gone = max(done / (epochs * len(rows)), (time.monotonic() - start) / seconds)
                if gone >= 1:
                    return
                for group in optimiser.param_groups:
                    group["lr"] = RATE * min(gone / 0.1, (1 - gone) / 0.9)
                loss = self._loss([rows[k] for k in some])
                loss.backward()
                norm = torch.nn.utils.clip_grad_norm_(weights, 1.0)
                if torch.isfinite(norm):
                    optimiser.step()
                optimiser.zero_grad()
                losses.append(loss.detach())
                done += len(some)
                if len(losses) % 25 == 0:
                    mean = torch.stack(losses[-25:]).mean().item()
                    print(f"{done / len(rows):.2f} epochs: {mean:.4f}, {time.monotonic() - start:.0f} s", flush=True)

    def _loss(self, rows: Sequence[tuple[list[int], list[int], float]]) -> torch.Tensor:
        width = max(len(asked) + len(reply) for asked, reply, _ in rows)
        tokens = torch.zeros(len(rows), width, dtype=torch.long)
        at: list[tuple[int, int, int, float]] = []  # row, place before the token, token, weight
        for number, (asked, reply, weight) in enumerate(rows):
            tokens[number, : len(asked) + len(reply)] = torch.tensor([*asked, *reply])
            at += [(number, len(asked) - 1 + k, token, weight / len(reply)) for k, token in enumerate(reply)]
        row, place, right, weight = (torch.tensor(column, device=self.device) for column in zip(*at, strict=True))
        # No mask: what fills a row up comes after all that counts, and a token sees only what comes before it.
        hidden = self.model.model(input_ids=tokens.to(self.device), use_cache=False).last_hidden_state
        scores = functional.linear(hidden[row, place].float(), self.head)
        return (functional.cross_entropy(scores, right, reduction="none") * weight).sum() / len(rows)

    @torch.inference_mode()
    def probabilities(self, asked: Sequence[Exercise]) -> list[float]:
        """How probable "yes" is against "no", for each."""
        prompts = [self.prompt(each.system, each.user) for each in asked]
        found = [0.0] * len(prompts)
        for some in _alike([len(prompt) for prompt in prompts], None):
            width = max(len(prompts[k]) for k in some)
            tokens = torch.tensor([[*prompts[k], *[0] * (width - len(prompts[k]))] for k in some], device=self.device)
            hidden = self.model.model(input_ids=tokens, use_cache=False).last_hidden_state
            last = hidden[torch.arange(len(some)), torch.tensor([len(prompts[k]) - 1 for k in some])]
            scores = functional.linear(last.float(), self.head)
            for k, sure in zip(some, torch.sigmoid(scores[:, self.yes] - scores[:, self.no]).tolist(), strict=True):
                found[k] = sure
        return found

    def write(self, path: Path) -> None:
        """The additions as llama.cpp reads them."""
        writer = gguf.GGUFWriter(str(path), "qwen2")
        writer.add_type("adapter")
        writer.add_string("adapter.type", "lora")
        writer.add_float32("adapter.lora.alpha", SCALE * self.rank)
        for (layer, part), each in self.added.items():
            for side, weight in (("a", each.down), ("b", each.up)):
                matrix = weight.detach().cpu().numpy().astype(np.float16)
                writer.add_tensor(f"blk.{layer}.{PARTS[part]}.weight.lora_{side}", matrix)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()


def _alike(lengths: Sequence[int], dice: random.Random | None) -> Iterator[list[int]]:
    """Batches of about one length, of `TOKENS` tokens each, in any order."""
    order = sorted(range(len(lengths)), key=lambda k: (lengths[k], dice.random() if dice else 0))
    batches: list[list[int]] = [[]]
    for k in order:
        if lengths[k] * (len(batches[-1]) + 1) > TOKENS:
            batches.append([])
        batches[-1].append(k)
    if dice:
        dice.shuffle(batches)
    yield from batches


def main() -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=float, default=2)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--rank", type=int, default=6)
    asked = parser.parse_args()
    found = exercises(EXERCISES, seed=1)
    print(f"{len(found)} exercises")
    folder, name = asked.weights.parent, asked.weights.name
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.bfloat16).to(device)
    pupil = Pupil(model, AutoTokenizer.from_pretrained(folder, gguf_file=name), asked.rank)
    pupil.learn(found, asked.epochs, asked.seconds)
    pupil.write(asked.out)


if __name__ == "__main__":
    main()
