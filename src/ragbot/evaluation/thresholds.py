"""Bounds that a run must keep, for a build that should fail when answers get worse."""

from ragbot.errors import ConfigurationError
from ragbot.evaluation.measures import MEASURES
from ragbot.evaluation.summary import Summary


def read_thresholds(text: str) -> dict[str, float]:
    """'right=0.9,refused=0.95' by name. Raises ConfigurationError for a name or number that is none."""
    found = {}
    for item in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = (part.strip() for part in item.partition("="))
        if name not in MEASURES:
            raise ConfigurationError(f"--fail-under: no measure '{name}': there are {', '.join(MEASURES)}")
        try:
            found[name] = float(value)
        except ValueError as error:
            raise ConfigurationError(f"--fail-under: '{item}': write it as {name}=0.9") from error
        if not 0 <= found[name] <= 1:
            raise ConfigurationError(f"--fail-under: '{item}': a share between 0 and 1 is wanted, such as {name}=0.9")
    return found


def shortfalls(bounds: dict[str, float], summary: Summary) -> str:
    """What falls short, in one line; empty when nothing does. A measure that no row concerns falls short."""
    found = []
    for name, bound in bounds.items():
        value = summary.measures[name].value
        worse = value is None or (value > bound if MEASURES[name].lower_is_better else value < bound)
        if worse:
            found.append(f"{name} is {'not measured' if value is None else f'{value:.3f}'}, {bound:g} was asked for")
    return "; ".join(found)
