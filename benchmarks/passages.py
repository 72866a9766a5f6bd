"""A corpus on disk, and its paragraphs as the peers see them.

    Table = Line*
    Line  = id TAB date TAB section TAB desk (; desk)* TAB kind TAB text LF

>>> line(Passage("a.sgm:1#p2", 19870226, "", ["grain", "corn"], "text", "Rain fell."))
'a.sgm:1#p2\\t19870226\\t\\tgrain;corn\\ttext\\tRain fell.\\n'
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Passage(NamedTuple):
    """A paragraph as the peers see it.

    Attributes:
        id: file name, article key and number, such as `reut2-000.sgm:1#p2`.
        date: the day as a number, 19870226; 0 when there is none.
        section: in-article heading; may be empty.
        desk: the publication's sections.
        kind: of searcher.model.KINDS.
        text: as shown, without tabs or line ends.
    """

    id: str
    date: int
    section: str
    desk: list[str]
    kind: str
    text: str


@dataclass(frozen=True)
class Corpus:
    """A corpus on disk.

    Attributes:
        folder: where it is.
        name: `reuters`, or `generated-N`.
        paragraphs, articles: how many.
        seed: of the generator; 0 for real text.
    """

    folder: Path
    name: str
    paragraphs: int
    articles: int
    seed: int = 0

    @property
    def files(self) -> Path:
        """The folder of articles."""
        return self.folder / "articles"

    @property
    def table(self) -> Path:
        """The file of paragraphs."""
        return self.folder / "passages.tsv"

    def passages(self) -> Iterator[Passage]:
        """Yield every paragraph, in the order of the articles."""
        with self.table.open(encoding="utf-8", newline="\n") as lines:
            for line in lines:
                id_, day, section, desk, kind, text = line[:-1].split("\t")
                yield Passage(id_, int(day), section, desk.split(";") if desk else [], kind, text)


def line(passage: Passage) -> str:
    """Return a paragraph's line of the table."""
    desk = ";".join(passage.desk)
    cells = (passage.id, str(passage.date), passage.section, desk, passage.kind, passage.text)
    return "\t".join(cells) + "\n"


def opened(folder: Path) -> Corpus:
    """Return the corpus in a folder.

    Raises:
        FileNotFoundError: it isn't there, or was never finished.
    """
    facts = json.loads((folder / "corpus.json").read_text(encoding="utf-8"))
    return Corpus(folder, **facts)
