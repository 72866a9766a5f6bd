"""Name variants and synonyms: a word of a query stands for every word of its line.

    # synonyms.txt: one group a line, its members parted by commas
    Zelenskyy, Zelensky, Zelenskiy
    EU, European Union
    cease-fire, ceasefire, truce

They are applied to the parsed query, so no index has to be made again and
`--explain` shows what was looked for.  A plain word stands for its group when
it has the stem of a member, a quoted word or phrase when it is a member, word
for word; then all members are looked for in the same way (a quoted word
exactly, a plain one by its stem; a member of several words as a phrase).  So
does the speaker of `said:`.  A word of two lines stands for both; what a line
adds is not looked up again.

    >>> names = read_synonyms("Zelenskyy, Zelensky\\nEU, European Union")
    >>> from searcher.query.tree import And, Term
    >>> print(names.expand(And((Term("text", "zelensky"), Term("text", "eu"))), Analyzer("en")))
    ((zelensky OR zelenskyy) AND (eu OR "european union"))
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from searcher.analysis import Analyzer, tokenize
from searcher.errors import SynonymsError
from searcher.query.tree import (
    Leaf,
    Or,
    Phrase,
    Query,
    Quotation,
    Quoted,
    Slot,
    Term,
    map_leaves,
    map_units,
)
from searcher.values import factory, frozen, replace

FILE_NAME = "synonyms.txt"
"""In the index folder it holds the synonyms of every search there."""

MAX_BYTES = 10_000_000
_PATTERN = frozenset("*?")
_QUOTES = '"“”„'

Word = tuple[str, ...]
"""The exact forms of one member, in order."""

Key = tuple[str, Word]
"""The field, and forms or stems by which equal members are told."""


@frozen
class Member:
    """One word or name of a group.

    Attributes:
        forms: its exact forms.
        is_compound: a hyphen or the like joins them; a plain search compares their stems.
    """

    forms: Word
    is_compound: bool = False

    def plain(self, field: str, boost: float) -> Term | Phrase:
        """Return the leaf that looks for it as one looks for an unquoted word."""
        if len(self.forms) == 1:
            return Term(field, self.forms[0], boost)
        return self._phrase(field, boost, verbatim=not self.is_compound)

    def quoted(self, field: str, boost: float) -> Phrase:
        """Return the leaf that looks for it as one looks for a quoted phrase."""
        return self._phrase(field, boost, verbatim=True)

    def _phrase(self, field: str, boost: float, *, verbatim: bool) -> Phrase:
        return Phrase(field, tuple(map(Slot, self.forms)), verbatim=verbatim, boost=boost)


Group = tuple[Member, ...]


@frozen
class Synonyms:
    """Groups of words that stand for each other.

    Attributes:
        groups: the lines of the file, in order.
        path: the file; empty when there is none.
    """

    groups: tuple[Group, ...] = ()
    path: str = ""
    _tables: dict[str, dict[Word, list[Group]]] = factory(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Synonyms) and self._told == other._told

    def __hash__(self) -> int:
        return hash(self._told)

    @property
    def _told(self) -> tuple[tuple[Group, ...], str]:
        return self.groups, self.path

    def __bool__(self) -> bool:
        return bool(self.groups)

    def expand(self, tree: Query, analyzer: Analyzer) -> Query:
        """Return the tree with each word of a group replaced by an OR of the group.

        Args:
            tree: a parsed query.
            analyzer: of the index; plain words are compared by its stems.
        """
        if not self.groups:
            return tree
        # First the speakers: the words they said are leaves of their own.
        tree = map_units(tree, self._with_speakers)
        return map_leaves(tree, lambda leaf: self._expanded(leaf, analyzer))

    def _with_speakers(self, leaf: Leaf) -> Query:
        if not isinstance(leaf, (Quoted, Quotation)):
            return leaf
        name = tuple(slot.text for slot in leaf.speaker)
        groups = [group for group in self.groups if any(one.forms == name for one in group)]
        names = dict.fromkeys([name, *(one.forms for group in groups for one in group)])
        said = tuple(replace(leaf, speaker=tuple(map(Slot, forms))) for forms in names)
        return Or(said) if len(said) > 1 else leaf

    def _expanded(self, leaf: Leaf, analyzer: Analyzer) -> Query:
        same = _comparison(leaf, analyzer)
        word = _word(leaf)
        if same is None or not word:
            return leaf
        groups = self._table(leaf, analyzer, same).get(same(word), ())
        others = [member for group in groups for member in group]
        leaves = {_key(leaf, analyzer): leaf}
        for member in others:
            made = _like(leaf, member)
            leaves.setdefault(_key(made, analyzer), made)
        return Or(tuple(leaves.values())) if len(leaves) > 1 else leaf

    def _table(
        self, leaf: Leaf, analyzer: Analyzer, same: Callable[[Word], Word]
    ) -> dict[Word, list[Group]]:
        name = "exact" if isinstance(leaf, Phrase) and leaf.verbatim else analyzer.language
        if name not in self._tables:
            table: dict[Word, list[Group]] = {}
            for group in self.groups:
                for key in {same(member.forms) for member in group}:
                    table.setdefault(key, []).append(group)
            self._tables[name] = table
        return self._tables[name]


def _comparison(leaf: Leaf, analyzer: Analyzer) -> Callable[[Word], Word] | None:
    """Return how a leaf's words are compared with a member's; None for other leaves."""
    if isinstance(leaf, Phrase) and leaf.verbatim:
        return lambda forms: forms
    if isinstance(leaf, (Term, Phrase)):
        return lambda forms: tuple(map(analyzer.stem, forms))
    return None


def _word(leaf: Leaf) -> Word:
    """Return a leaf's words; empty where it is a pattern, or lets other words between."""
    if isinstance(leaf, Term):
        return (leaf.text,)
    if isinstance(leaf, Phrase) and not leaf.slop and not any(s.is_pattern for s in leaf.slots):
        return tuple(slot.text for slot in leaf.slots)
    return ()


def _like(leaf: Leaf, member: Member) -> Term | Phrase:
    assert isinstance(leaf, (Term, Phrase))  # noqa: S101  # _comparison said so
    if isinstance(leaf, Phrase) and leaf.verbatim:
        return member.quoted(leaf.field, leaf.boost)
    return member.plain(leaf.field, leaf.boost)


def _key(leaf: Leaf, analyzer: Analyzer) -> object:
    """Return what is equal for leaves that find the same."""
    if isinstance(leaf, Term):
        return analyzer.stem(leaf.text)
    if isinstance(leaf, Phrase) and not leaf.verbatim:
        return tuple(analyzer.stem(slot.text) for slot in leaf.slots)
    return leaf


def load_synonyms(path: str | os.PathLike[str]) -> Synonyms:
    """Read a file of synonyms.

    Raises:
        SynonymsError: it can't be read, or a line of it is wrong; the message
            names the line.
    """
    name = os.fspath(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise SynonymsError(f"{name}: {error.strerror or error}", name) from error
    if len(data) > MAX_BYTES:
        raise SynonymsError(f"{name}: {len(data)} bytes; at most {MAX_BYTES} are read", name)
    return read_synonyms(_decoded(data, name), name)


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"byte {data[error.start]:#04x} is not UTF-8. Save the file as UTF-8"
        raise SynonymsError(f"{name}:{line}: {problem}", name, line) from None


def read_synonyms(text: str, path: str = "") -> Synonyms:
    """Read synonyms from the text of a file; `path` is for messages.

    Raises:
        SynonymsError: a line is wrong; `line` counts from 1.
    """
    return Synonyms(tuple(_groups(text, path)), path)


def _groups(text: str, path: str) -> Iterator[Group]:
    for number, line in enumerate(text.split("\n"), start=1):
        # Only a whole line is a comment: C# is a word.
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                yield _group(line)
            except ValueError as problem:
                where = f"{path or 'synonyms'}:{number}"
                raise SynonymsError(f"{where}: {problem}", path, number) from None


def _group(line: str) -> Group:
    members = tuple(dict.fromkeys(map(_member, line.split(","))))
    if len(members) < 2:
        raise ValueError(f"expected two words or more, found {line.strip()!r}. Write: Kyiv, Kiev")
    return members


def _member(text: str) -> Member:
    word = text.strip().strip(_QUOTES).strip()
    if not word:
        raise ValueError("nothing stands between two commas, or behind the last")
    if _PATTERN & set(word):
        raise ValueError(f"{word!r} has a wildcard; write each word out")
    forms = tuple(token.text for token in tokenize(word))
    if not forms:
        raise ValueError(f"{word!r} has no letter or digit to look for")
    return Member(forms, is_compound=len(forms) > 1 and len(word.split()) == 1)
