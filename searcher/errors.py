"""What can go wrong, as one tree.

Catch SearcherError to catch them all.  Every message says where, what was
expected, what was found and what to do next; the same facts are attributes.

    SearcherError
      ArticleError          an article can't be read; it is skipped and counted
      ArchiveError          the index as a whole
        IndexMissing        there is no index in that folder
        IndexUnreadable     there is one, but it can't be opened or read
        IndexIncompatible   it was written by another format or with other settings
        IndexLocked         another run is writing to it
        IndexNotWritten     the disk is full, or refuses; the last commit stays
      QueryError            the query can't be answered as it stands
        QuerySyntaxError    it can't be read; `column` says where
        QueryLimitError     answering it would go over a limit; `limit` names it
        SynonymsError       a file of synonyms can't be read; `line` says where
      OutputRefused         a file that an export would write may not be written
      UnknownId             no article or paragraph has that id
      MissingExtra          an optional package is needed; the message names the extra
      WhooshMismatch        another distribution owns the import name `whoosh`
"""

from __future__ import annotations


class SearcherError(Exception):
    """The root of every error that this package raises on purpose."""


class ArticleError(SearcherError):
    """An article file, or one record of it, can't be read.

    Attributes:
        reason: a short phrase that the summary of a run counts by, such as
            "not text" or "too large"; the same words for the same cause.
        detail: what exactly was found, for the line that names the file.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class ArchiveError(SearcherError):
    """The index as a whole can't be used; `path` is its folder.

    Attributes:
        path: the folder as the caller gave it.
    """

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.path = path


class IndexMissing(ArchiveError):
    """There is no index in the folder."""


class IndexUnreadable(ArchiveError):
    """There is an index, but it can't be opened or read."""


class IndexIncompatible(ArchiveError):
    """The index was written by another format version, or with other settings."""


class IndexLocked(ArchiveError):
    """Another run holds the write lock of the index."""


class IndexNotWritten(ArchiveError):
    """The disk is full, or refuses what a run was to write; the last commit stays."""


class QueryError(SearcherError):
    """The query can't be answered as it stands."""


class QuerySyntaxError(QueryError):
    """The query can't be read.

    Attributes:
        query: the query string, whole.
        column: where the trouble starts, in characters from 0.
        problem: what is wrong there.
        hint: what to type instead; may be empty.
    """

    def __init__(self, query: str, column: int, problem: str, hint: str = "") -> None:
        super().__init__(f"{problem} (column {column + 1}).{' ' + hint if hint else ''}")
        self.query = query
        self.column = column
        self.problem = problem
        self.hint = hint


class QueryLimitError(QueryError):
    """Answering the query would go over a limit.

    Attributes:
        limit: the limit's name, as `searcher.Limits` spells it.
    """

    def __init__(self, message: str, limit: str) -> None:
        super().__init__(message)
        self.limit = limit


class SynonymsError(QueryError):
    """A file of synonyms can't be read.

    Attributes:
        path: the file as the caller gave it.
        line: the line, from 1; 0 when it is the file as a whole.
    """

    def __init__(self, message: str, path: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.path = path
        self.line = line


class OutputRefused(SearcherError):
    """An export may not be written where it was told to; nothing there was changed.

    Attributes:
        path: the file or folder as the caller gave it.
    """

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.path = path


class UnknownId(SearcherError):
    """No article or paragraph of the index has that id."""


class MissingExtra(SearcherError):
    """An optional package is needed for this; the message names the extra to install."""


class WhooshMismatch(SearcherError):
    """The installed `whoosh` package is not the distribution that searcher depends on."""
