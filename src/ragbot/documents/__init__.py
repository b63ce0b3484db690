"""Files to Documents: clean text under its headings, whatever the file was."""

from ragbot.documents.files import find_files, read

__all__ = ["find_files", "read"]
