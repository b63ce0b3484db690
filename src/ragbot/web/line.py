"""Who is served next: first come, first served, and everyone knows how many are before them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Line:
    """At most `at_once` are served; at most `longest` are in the line, those included."""

    def __init__(self, at_once: int, longest: int) -> None:
        self.at_once = at_once
        self.longest = longest
        self._moved = threading.Condition()
        self._tickets: list[Ticket] = []

    @contextmanager
    def join(self) -> "Iterator[Ticket | None]":
        """A place in the line for as long as the block lasts; None when the line is full."""
        with self._moved:
            ticket = Ticket(self) if len(self._tickets) < self.longest else None
            if ticket:
                self._tickets.append(ticket)
        try:
            yield ticket
        finally:
            with self._moved:
                if ticket:
                    self._tickets.remove(ticket)
                self._moved.notify_all()


class Ticket:
    def __init__(self, line: Line) -> None:
        self._line = line

    def ahead(self, patience: float = 0.0) -> int:
        """How many must be done before this one's turn, 0 when it is; waits up to `patience` seconds for that."""
        line = self._line
        with line._moved:
            line._moved.wait_for(lambda: self._place() == 0, patience)
            return self._place()

    def _place(self) -> int:
        return max(0, self._line._tickets.index(self) - self._line.at_once + 1)
