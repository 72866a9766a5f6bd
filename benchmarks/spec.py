"""A query that no engine's syntax is part of.

words of `all`, `any`, `none`     by their English stems
`phrase`, `prefix`, `fuzzy`       exact forms, lower-cased
`since`, `until`                  days as numbers, both inside
`desk`                            one of the publication's sections
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

NEWSROOM = "newsroom: "
"""What the names of the classes begin with that only searcher has."""


@dataclass(frozen=True)
class Spec:
    """One query.

    Attributes:
        kind: its class.
        all, any, none: words of which every one, any one, no one stands there.
        phrase: exact forms side by side.
        prefix: of an exact form.
        fuzzy: a word, one edit (a swap is one) away from an exact form.
        since, until: days as numbers, 19870226; 0 for no bound.
        desk: a whole value.
        snippets: whether excerpts of the ten hits are asked for.
        paragraph: an id, for the classes that start from one.
    """

    kind: str
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    phrase: tuple[str, ...] = ()
    prefix: str = ""
    fuzzy: str = ""
    since: int = 0
    until: int = 0
    desk: str = ""
    snippets: bool = False
    paragraph: str = ""

    @property
    def newsroom(self) -> bool:
        """Whether only searcher has the class."""
        return self.kind.startswith(NEWSROOM)

    def words(self) -> tuple[str, ...]:
        """Return every word that is looked for by its stem."""
        return self.all + self.any + self.none

    def __str__(self) -> str:
        parts = [f"{name}={_plain(value)}" for name, value in asdict(self).items() if value]
        return " ".join(parts[1:])


def spec_of(fields: dict[str, object]) -> Spec:
    """Return the Spec of a JSON object."""
    return Spec(**{k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()})  # type: ignore[arg-type]


def _plain(value: object) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)
