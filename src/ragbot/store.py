"""What an index keeps: SQLite is the truth, FAISS is derived from it and rebuilt whenever it is not beyond doubt."""

import hashlib
import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from ragbot.errors import EncoderMismatch, IndexBusy, IndexDamaged, IndexNotFound, StoreError
from ragbot.language import words
from ragbot.schema import Document, IndexedDocument, Passage
from ragbot.segments import Chunk

FORMAT = "1"
_SHRINK = 8.0  # a language's mean vector counts as if this many vectors of the whole index had been added to it
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT, root TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL,
    digest TEXT NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL, indexed_at TEXT NOT NULL, UNIQUE (root, name));
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    segment TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL, language TEXT NOT NULL,
    sources TEXT NOT NULL, page INTEGER, vector BLOB NOT NULL);
CREATE INDEX passages_by_document ON passages (document_id);
CREATE TABLE sentences (
    id INTEGER PRIMARY KEY AUTOINCREMENT, passage_id INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, vector BLOB NOT NULL);
CREATE INDEX sentences_by_passage ON sentences (passage_id);
CREATE VIRTUAL TABLE lexicon USING fts5 (words, tokenize = 'unicode61 remove_diacritics 2');
"""


@dataclass(frozen=True, slots=True)
class Embedded:
    """A chunk with the vectors of its passage and of its sentences, in order."""

    chunk: Chunk
    vector: np.ndarray
    sentence_vectors: Sequence[np.ndarray]


@dataclass(frozen=True, slots=True)
class StoredSentence:
    """A sentence in the index: offsets in its document and its vector, centred by language."""

    id: int
    start: int
    end: int


class Vectors:
    """FAISS over passages and sentences of one generation, each centred by its language's mean.

    Encoder vectors carry the language they were written in; without the mean, anything in the question's own
    language scores above the answer in the other one. Ranking within a language is unchanged.
    """

    def __init__(self, generation: int, passages: Any, sentences: Any) -> None:
        self.generation = generation
        self.passages = passages
        self.sentences = sentences


class LocalStore:
    """One folder on disk. Safe for many reading threads and processes and one writer at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "ragbot.db"
        self._local = threading.local()
        self._lock = threading.Lock()
        self._vectors: Vectors | None = None

    # reading

    def exists(self) -> bool:
        return self.database.is_file()

    def check_encoder(self, name: str) -> None:
        """Raises EncoderMismatch when the index was built by another encoder, IndexNotFound when there is none."""
        built_by = self._meta("encoder")
        if built_by != name:
            raise EncoderMismatch(
                f"the index in '{self.folder}' was built with encoder '{built_by}', the settings say '{name}': "
                f"set RAGBOT_ENCODER to the former, or index into another folder"
            )

    def generation(self) -> int:
        return int(self._meta("generation"))

    def documents(self) -> list[IndexedDocument]:
        rows = self._read(
            "SELECT d.name, d.title, d.language, count(p.id), json_group_array(p.segment), d.indexed_at "
            "FROM documents d LEFT JOIN passages p ON p.document_id = d.id GROUP BY d.id ORDER BY d.name"
        )
        return [
            IndexedDocument(
                name, title, language, count, tuple(dict.fromkeys(s for s in json.loads(segments) if s)), at
            )
            for name, title, language, count, segments, at in rows
        ]

    def digests(self, root: str) -> dict[str, str]:
        """SHA-256 by document name, for documents indexed from that folder."""
        return dict(self._read("SELECT name, digest FROM documents WHERE root = ?", root))

    def text(self, name: str) -> str:
        rows = self._read("SELECT text FROM documents WHERE name = ?", name)
        if not rows:
            raise StoreError(f"no document '{name}' in the index: `ragbot index` adds one")
        return str(rows[0][0])

    def passages(self, ids: Iterable[int]) -> dict[int, Passage]:
        """Passages by id; ids that are gone are left out."""
        wanted = list(ids)
        rows = self._read(
            "SELECT p.id, d.name, d.title, p.segment, substr(d.text, p.start + 1, p.end - p.start), p.start, p.end, "
            "p.language, p.sources, p.page FROM passages p JOIN documents d ON d.id = p.document_id "
            f"WHERE p.id IN ({_marks(wanted)})",
            *wanted,
        )
        return {
            row[0]: Passage(*row[:8], sources=tuple(json.loads(row[8])), page=row[9])  # type: ignore[misc]
            for row in rows
        }

    def sentences(self, passage_ids: Iterable[int]) -> dict[int, list[StoredSentence]]:
        wanted = list(passage_ids)
        found: dict[int, list[StoredSentence]] = {}
        for passage_id, *rest in self._read(
            f"SELECT passage_id, id, start, end FROM sentences WHERE passage_id IN ({_marks(wanted)}) ORDER BY id",
            *wanted,
        ):
            found.setdefault(passage_id, []).append(StoredSentence(*rest))
        return found

    def passages_of_sentences(self, sentence_ids: Iterable[int]) -> list[int]:
        wanted = list(sentence_ids)
        rows = self._read(f"SELECT DISTINCT passage_id FROM sentences WHERE id IN ({_marks(wanted)})", *wanted)
        return [row[0] for row in rows]

    def lexical(self, terms: Sequence[str], limit: int) -> dict[int, float]:
        """BM25 (FTS5's) by passage id for passages that hold any of the words; higher is better."""
        query = " OR ".join('"' + term.replace('"', '""') + '"' for term in dict.fromkeys(terms))
        if not query:
            return {}
        rows = self._read(
            "SELECT rowid, -bm25(lexicon) FROM lexicon WHERE lexicon MATCH ? ORDER BY bm25(lexicon) LIMIT ?",
            query,
            limit,
        )
        return dict(rows)

    def vectors(self) -> Vectors:
        """The FAISS indexes of the current generation, from memory, from disk, or built anew."""
        generation = self.generation()
        with self._lock:
            if self._vectors is None or self._vectors.generation != generation:
                self._vectors = _load_vectors(self.folder, generation) or self._build_vectors(generation)
            return self._vectors

    # writing

    def create(self, encoder: str) -> None:
        """An empty index for that encoder, unless there is one already."""
        if self.exists():
            self.check_encoder(encoder)
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self.folder / f".ragbot-{os.getpid()}.db"
        temporary.unlink(missing_ok=True)
        connection = sqlite3.connect(temporary)
        with connection:
            connection.executescript(_SCHEMA)
            meta = {"format": FORMAT, "encoder": encoder, "generation": "0"}
            connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
        temporary.replace(self.database)

    def put(self, root: str, document: Document, chunks: Sequence[Embedded]) -> None:
        """Store a document in place of its earlier version, in one transaction."""
        with self._write() as db:
            _delete(db, root, document.name)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            document_id = db.execute(
                "INSERT INTO documents (root, name, title, digest, language, text, indexed_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (root, document.name, document.title, document.digest, document.language, document.text, now),
            ).lastrowid
            for embedded in chunks:
                _insert_chunk(db, document_id, embedded)

    def delete(self, name: str, root: str | None = None) -> bool:
        """Remove a document (of any root, unless one is given); whether there was one."""
        with self._write() as db:
            return _delete(db, root, name) > 0

    # inside

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        db = self._connection()
        try:
            db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise IndexBusy(
                f"another process is writing to the index in '{self.folder}': try again when it is done"
            ) from error
        try:
            yield db
            db.execute("UPDATE meta SET value = value + 1 WHERE key = 'generation'")
            db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            db.execute("ROLLBACK")
            raise StoreError(f"the index in '{self.folder}' cannot be written: {error}") from error
        except BaseException:
            db.execute("ROLLBACK")
            raise

    def _read(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        try:
            return self._connection().execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise IndexDamaged(
                f"the index in '{self.folder}' cannot be read ({error}): delete the folder and run 'ragbot index' again"
            ) from error

    def _meta(self, key: str) -> str:
        rows = self._read("SELECT value FROM meta WHERE key = ?", key)
        return str(rows[0][0]) if rows else ""

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            if not self.exists():
                raise IndexNotFound(f"no index in '{self.folder}': build one with 'ragbot index PATH'")
            connection = sqlite3.connect(self.database, isolation_level=None, timeout=10)
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
        return connection

    def _build_vectors(self, generation: int) -> Vectors:
        passages = self._read("SELECT id, language, vector FROM passages ORDER BY id")
        sentences = self._read(
            "SELECT s.id, p.language, s.vector FROM sentences s JOIN passages p ON p.id = s.passage_id ORDER BY s.id"
        )
        vectors = Vectors(generation, _flat_index(passages), _flat_index(sentences))
        _save_vectors(self.folder, vectors)
        return vectors


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))


def _delete(db: sqlite3.Connection, root: str | None, name: str) -> int:
    condition, values = ("name = ?", [name]) if root is None else ("name = ? AND root = ?", [name, root])
    found = f"SELECT id FROM documents WHERE {condition}"
    db.execute(f"DELETE FROM lexicon WHERE rowid IN (SELECT id FROM passages WHERE document_id IN ({found}))", values)
    return db.execute(f"DELETE FROM documents WHERE {condition}", values).rowcount


def _insert_chunk(db: sqlite3.Connection, document_id: int | None, embedded: Embedded) -> None:
    passage = embedded.chunk.passage
    passage_id = db.execute(
        "INSERT INTO passages (document_id, segment, start, end, language, sources, page, vector) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            document_id,
            passage.segment,
            passage.start,
            passage.end,
            passage.language,
            json.dumps(passage.sources, ensure_ascii=False),
            passage.page,
            embedded.vector.tobytes(),
        ),
    ).lastrowid
    searchable = " ".join(words(f"{passage.title} {passage.segment} {passage.text}"))
    db.execute("INSERT INTO lexicon (rowid, words) VALUES (?, ?)", (passage_id, searchable))
    db.executemany(
        "INSERT INTO sentences (passage_id, start, end, vector) VALUES (?, ?, ?, ?)",
        [
            (passage_id, start, end, vector.tobytes())
            for (start, end), vector in zip(embedded.chunk.sentences, embedded.sentence_vectors, strict=True)
        ],
    )


def _flat_index(rows: Sequence[tuple[int, str, bytes]]) -> Any:
    """Exact inner-product index over the rows' vectors, centred by language; ids are the database's."""
    import faiss

    if not rows:
        return faiss.IndexIDMap2(faiss.IndexFlatIP(1))
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    languages = np.array([row[1] for row in rows])
    matrix = np.frombuffer(b"".join(row[2] for row in rows), dtype=np.float32).reshape(len(rows), -1).copy()
    overall = matrix.mean(axis=0)
    for language in set(languages):
        mask = languages == language
        matrix[mask] -= (matrix[mask].sum(axis=0) + _SHRINK * overall) / (mask.sum() + _SHRINK)
    index = faiss.IndexIDMap2(faiss.IndexFlatIP(matrix.shape[1]))
    index.add_with_ids(matrix, ids)
    return index


def _save_vectors(folder: Path, vectors: Vectors) -> None:
    """Write both indexes to a temporary name, sync, rename. A folder that cannot be written to is no reason to fail."""
    import faiss

    parts = [faiss.serialize_index(index).tobytes() for index in (vectors.passages, vectors.sentences)]
    body = b"".join(parts)
    stamp = {
        "generation": vectors.generation,
        "sizes": [len(part) for part in parts],
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    temporary = folder / f".vectors-{os.getpid()}-{threading.get_ident()}"
    try:
        with temporary.open("wb") as file:
            file.write(json.dumps(stamp).encode() + b"\n" + body)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / "vectors.faiss")
    except OSError:
        temporary.unlink(missing_ok=True)


def _load_vectors(folder: Path, generation: int) -> Vectors | None:
    """What is on disk, if it is whole and of that generation."""
    import faiss

    try:
        header, _, body = (folder / "vectors.faiss").read_bytes().partition(b"\n")
        stamp = json.loads(header)
        if stamp["generation"] != generation or stamp["sha256"] != hashlib.sha256(body).hexdigest():
            return None
        first = stamp["sizes"][0]
        indexes = [
            faiss.deserialize_index(np.frombuffer(part, dtype=np.uint8)) for part in (body[:first], body[first:])
        ]
    except (OSError, ValueError, KeyError, TypeError, RuntimeError):
        return None
    return Vectors(generation, *indexes)
