"""What is kept beside the index, each kind in a small SQLite file of its own: a connection for every statement."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from ragbot.errors import StoreError

_SECONDS = 10  # to wait for another writer


class Records:
    """A file of records under one schema. Safe to share between threads."""

    def __init__(self, file: Path, schema: str, what: str) -> None:
        """`schema`: SQL that may be run again; `what` the records are, in the plural, for the error."""
        self.file = file
        self._schema = schema
        self._what = what

    def run(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a statement, committed. Raises StoreError when the file cannot be used."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.file, timeout=_SECONDS)) as db, db:
                db.executescript(self._schema)
                return db.execute(sql, values).fetchall()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"{self._what} cannot be kept in '{self.file}' ({error}): choose another folder with RAGBOT_DATA_DIR"
            ) from error
