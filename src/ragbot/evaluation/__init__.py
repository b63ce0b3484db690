"""Whether an assistant is right, on questions of one's own, before and after a change.

from ragbot import Assistant
from ragbot.evaluation import evaluate

evaluation = evaluate("questions.jsonl", Assistant())
print(evaluation.summary.measures["right"], evaluation.report)

Nothing here asks the code that made an answer whether the answer is good: a judge must not be the accused.
"""

from ragbot.evaluation.cases import Case, check, read_cases
from ragbot.evaluation.runner import Evaluation, evaluate

__all__ = ["Case", "Evaluation", "check", "evaluate", "read_cases"]
