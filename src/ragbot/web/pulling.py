"""Events from a generator that may be silent for long, in such a way that whoever waits for them can be stopped."""

import queue
import threading
from collections.abc import Iterator
from typing import TypeVar

Item = TypeVar("Item")

PATIENCE = 0.1  # seconds between two looks at whether to stop


class Stop:
    """A wish to stop; `silently`: with nothing said on the page, which shows something else by now."""

    def __init__(self) -> None:
        self.wished = threading.Event()
        self.silently = False


def pulled(events: Iterator[Item], stop: Stop) -> Iterator[Item]:
    """The events as they come; none after a stop. Raises what the generator raises.

    The generator runs in a thread of its own, and is closed at its next event if it was stopped.
    """
    found: queue.Queue[tuple[Item | None, BaseException | None]] = queue.Queue()
    left = threading.Event()
    threading.Thread(target=_pull, args=[events, found, stop, left], daemon=True).start()
    try:
        while not stop.wished.is_set():
            try:
                item, error = found.get(timeout=PATIENCE)
            except queue.Empty:
                continue
            if error is not None:
                raise error
            if item is None:
                return
            yield item
    finally:
        left.set()


def _pull(
    events: Iterator[Item],
    found: "queue.Queue[tuple[Item | None, BaseException | None]]",
    stop: Stop,
    left: threading.Event,
) -> None:
    try:
        for event in events:
            found.put((event, None))
            if stop.wished.is_set() or left.is_set():
                return
        found.put((None, None))
    except BaseException as error:  # raised again where the events are waited for
        found.put((None, error))
