"""The fields of an index, and how their text becomes terms.

Every paragraph is one Whoosh document; docs/index-format.md describes each
field.  An index file names the classes of this module, of `columns` and of
`key_column` by their import path: move one of them, and no index written before can be opened.

    >>> fields = schema("en")
    >>> [token.text for token in fields["text"].analyzer("Ukraine’s missiles")]
    ['ukrain', 'missil']
    >>> [token.text for token in fields["exact"].analyzer("Ukraine’s missiles")]
    ["ukraine's", 'missiles']
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from whoosh.analysis import Analyzer as WhooshAnalyzer
from whoosh.analysis import Token as WhooshToken
from whoosh.fields import ID, NUMERIC, STORED, FieldType, Schema
from whoosh.formats import Existence, Positions

from searcher.analysis import Analyzer, fold_value, tokenize
from searcher.indexing.columns import NumberColumn, TextColumn
from searcher.indexing.format import FORMAT_VERSION
from searcher.indexing.key_column import KeyColumn
from searcher.indexing.postings import positions_value

DESK_SEPARATOR = "\x1f"
"""Stands between the values of a paragraph in the columns `desk` and `speaker`."""

STEMMED = ("title", "section_words")
"""Fields of stems with positions, besides `text`, which has characters too."""

EXACT = ("city", "author", "source")
"""Fields of exact forms with positions, besides `exact`."""


def schema(language: str = "en") -> Schema:
    """Return the fields of an index whose words are stemmed in one language.

    Args:
        language: a key of searcher.analysis.LANGUAGES, or `none`.

    Raises:
        SearcherError: there is no stemmer for it.
    """
    stems, exact = StemAnalyzer(language), ExactAnalyzer()
    return Schema(
        id=ID(unique=True, stored=True),
        article=ID(stored=True, sortable=TextColumn()),
        kind=ID(stored=True),
        path=ID(stored=True),
        language=ID(stored=True),
        text=FieldType(Positions(), stems, scorable=True, stored=True),
        exact=FieldType(Positions(), exact, scorable=True),
        title=FieldType(Positions(), stems, scorable=True, stored=True),
        section_words=FieldType(Positions(), stems, scorable=True),
        alike=KeysField(),
        section=ID(stored=True, sortable=TextColumn()),
        desk=DeskField(),
        city=FieldType(Positions(), exact, stored=True),
        author=FieldType(Positions(), exact, stored=True),
        source=FieldType(Positions(), exact, stored=True),
        speaker=SpeakerField(),
        quoted=QuotedField(),
        quotes=STORED(),
        date=NUMERIC(
            int, 32, stored=True, shift_step=0, signed=False, sortable=NumberColumn(), default=0
        ),
        words=NumberField(),
        article_no=NumberField(),
        number=NumberField(stored=True),
        start=STORED(),
        end=STORED(),
        date_source=STORED(),
        url=STORED(),
        origin=STORED(),
        record=RecordField(),
        payload=STORED(),
    )


def format_of(fields: Any) -> int:
    """Return the format version that a schema says it has; 0 if it is none of searcher's."""
    record = dict(fields.items()).get("record")
    return record.version if isinstance(record, RecordField) else 0


def language_of(fields: Any) -> str:
    """Return the language whose stems the schema of an index holds."""
    return str(fields["text"].analyzer.language)


class StemAnalyzer(WhooshAnalyzer):  # type: ignore[misc]
    """Text to stems, one for each token of searcher.analysis.

    Attributes:
        language: what is stemmed; the stemmer itself is made when first needed.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.stem = Analyzer(language).stem

    def __call__(self, value: str, **options: Any) -> Iterator[WhooshToken]:
        """Yield one Whoosh token a word, with its position and characters."""
        return _whoosh_tokens(value, self.stem, options)

    def __getstate__(self) -> dict[str, str]:
        return {"language": self.language}

    def __setstate__(self, state: dict[str, str]) -> None:
        self.language = state["language"]

    def __getattr__(self, name: str) -> Any:
        # Opening an index unpickles this; only a reader that analyses text
        # pays for loading the stemmer.
        if name != "stem":
            raise AttributeError(name)
        self.stem = Analyzer(self.language).stem
        return self.stem

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StemAnalyzer) and other.language == self.language

    __hash__ = None  # type: ignore[assignment]


class ExactAnalyzer(WhooshAnalyzer):  # type: ignore[misc]
    """Text to exact forms, one for each token of searcher.analysis."""

    def __call__(self, value: str, **options: Any) -> Iterator[WhooshToken]:
        """Yield one Whoosh token a word, with its position and characters."""
        return _whoosh_tokens(value, str, options)


def _whoosh_tokens(value: str, form: Any, options: dict[str, Any]) -> Iterator[WhooshToken]:
    first, shift = options.pop("start_pos", 0), options.pop("start_char", 0)
    token = WhooshToken(**options)
    for position, found in enumerate(tokenize(value), start=first):
        token.text = token.original = form(found.text)
        token.pos = position
        token.startchar, token.endchar = found.start_char + shift, found.end_char + shift
        token.boost, token.stopped = 1.0, False
        yield token


class WholeValueAnalyzer(WhooshAnalyzer):  # type: ignore[misc]
    """A value to one term: the whole of it, folded."""

    def __call__(self, value: str, **options: Any) -> Iterator[WhooshToken]:
        """Yield one Whoosh token, the folded value."""
        token = WhooshToken(**options)
        token.text, token.boost = fold_value(value), 1.0
        token.pos, token.startchar, token.endchar = 0, 0, len(value)
        yield token


class DeskField(FieldType):  # type: ignore[misc]
    """Several values a document, one term each: the folded value; they may hold spaces."""

    def __init__(self) -> None:
        super().__init__(Existence(), WholeValueAnalyzer(), stored=True, sortable=TextColumn())

    def index(self, value: str | Sequence[str], **_: Any) -> list[tuple[bytes, int, float, bytes]]:
        """Return one posting for each different term of the values."""
        values = (value,) if isinstance(value, str) else value
        terms = sorted({fold_value(one) for one in values} - {""})
        return [(term.encode(), 1, 1.0, b"") for term in terms]

    def to_column_value(self, value: str | Sequence[str]) -> bytes:
        """Return the values as they stand, joined with DESK_SEPARATOR."""
        return (value if isinstance(value, str) else DESK_SEPARATOR.join(value)).encode()


SPEAKER_GAP = 100
"""Positions between two names of `speaker`, so that no phrase goes over from one to the next."""


class SpeakerField(FieldType):  # type: ignore[misc]
    """The names of those who are quoted in a paragraph, one for each quotation that has one.

    A name is indexed once, as its exact forms with positions; the column holds
    them all, as often as they are quoted.
    """

    def __init__(self) -> None:
        super().__init__(Positions(), ExactAnalyzer(), sortable=TextColumn())

    def index(self, value: Sequence[str], **_: Any) -> list[tuple[bytes, int, float, bytes]]:
        """Return one posting for each different word of the names."""
        places: dict[str, list[int]] = {}
        position = 0
        for name in dict.fromkeys(value):
            for token in tokenize(name):
                places.setdefault(token.text, []).append(position)
                position += 1
            position += SPEAKER_GAP
        return [
            (word.encode(), len(at), float(len(at)), positions_value(at))
            for word, at in places.items()
        ]

    def to_column_value(self, value: Sequence[str]) -> bytes:
        """Return the names as they stand, joined with DESK_SEPARATOR."""
        return DESK_SEPARATOR.join(value).encode()


class QuotedField(FieldType):  # type: ignore[misc]
    """Where the quotations of a paragraph stand among its words.

    Three terms: the positions of `begin` are the first word of each quotation,
    those of `end` the word behind its last, in the same order; those of
    `named` are the ordinals, from 0, of the quotations that have a speaker.
    """

    def __init__(self) -> None:
        super().__init__(Positions(), ExactAnalyzer())

    def index(
        self, value: Sequence[tuple[int, int, bool]], **_: Any
    ) -> list[tuple[bytes, int, float, bytes]]:
        """Return the postings for (begin, end, is named) of each quotation, in order."""
        places = {
            b"begin": [begin for begin, _, _ in value],
            b"end": [end for _, end, _ in value],
            b"named": [at for at, (_, _, is_named) in enumerate(value) if is_named],
        }
        return [
            (term, len(at), float(len(at)), positions_value(at))
            for term, at in places.items()
            if at
        ]


class NumberField(FieldType):  # type: ignore[misc]
    """A number that is only a column: nothing searches for it."""

    indexed = False

    def __init__(self, stored: bool = False) -> None:
        super().__init__(Existence(), None, stored=stored, sortable=NumberColumn())

    def to_column_value(self, value: int) -> int:
        """Return the number as it is."""
        return value

    def from_column_value(self, value: int) -> int:
        """Return the number as it is."""
        return value


class KeysField(FieldType):  # type: ignore[misc]
    """The keys by which near-duplicates meet; a column that finds documents by key."""

    indexed = False

    def __init__(self) -> None:
        super().__init__(Existence(), None, sortable=KeyColumn())

    def to_column_value(self, value: Sequence[int]) -> Sequence[int]:
        """Return the keys as they are."""
        return value


class RecordField(ID):  # type: ignore[misc]
    """Names the records that an index keeps about itself; no paragraph has it.

    Attributes:
        version: FORMAT_VERSION when the index was written.
    """

    def __init__(self) -> None:
        super().__init__()
        self.version = FORMAT_VERSION
