"""Write the index that `test_compat` opens from now on, and what it answers.

    python -m tests.compat.freeze

The folder is named after the format version.  Run it again only while no
searcher with that format has been released.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import searcher
from searcher.indexing.codecs import CODECS
from searcher.indexing.format import FORMAT_VERSION

HERE = Path(__file__).parent
TODAY = date(2026, 2, 26)

ASKED = (
    *("oil", '"oil prices"', "pri*", "oill~", "/dam(s|n)?/", "title:dam", "-oil", "exact(Oil)"),
    *("caps(OPEC)", "date:2026-02", "date:2026-02-02..2026-02-03", "desk:world", "author:jo"),
    *("oil NEAR/3 rose", "oil AND/article broke", "said:smith", 'quoted("broke twice")'),
    *("atleast/2(oil)", 'section:"The flood"', "kind:caption", "*"),
)

TEXTS = {
    "a.md": "---\ntitle: A dam in Åland\ndate: 2026-02-01\nsection: World\nauthor: Jo Sand\n---\n"
    "OPEC said oil prices rose. Oil, oil and oil.\n\n"
    "## The flood\n\nThe dam broke.\n\n“The dam broke twice,” said Ann Smith.\n",
    "b.txt": "Oil prices fell.\n\nThe dams held, 石油 rose and naïve façades stood.\n",
    "c.jsonl": "\n".join(
        json.dumps({"id": f"c{n}", "title": f"Story {n}", "text": f"Oil rose {n} times. " * n,
                    "date": f"2026-02-{n:02}", "desk": ["World", "Sport"]})
        for n in range(1, 6)
    ),
}  # fmt: skip

LATER = {"b.txt": "Oil prices rose after all.\n\nThe dams held.\n", "d.txt": "Rain, and OPEC.\n"}


def folder(codec: str, version: int = FORMAT_VERSION) -> Path:
    """Return the folder of the frozen index of a codec."""
    return HERE / f"index_v{version}" / codec


def freeze(codec: str) -> None:
    """Write the index in two commits, so that it has segments, deletions and a saved search."""
    home = folder(codec)
    shutil.rmtree(home, ignore_errors=True)
    news = home / "news"
    news.mkdir(parents=True)
    for texts in (TEXTS, LATER):
        for name, text in texts.items():
            (news / name).write_text(text, encoding="utf-8")
        searcher.index([news], home / "index", codec=codec)
    with searcher.open(home / "index", today=TODAY) as archive:
        archive.saved.save("oil", "oil prices", since="2026-02-01")
        answers = json.dumps(list(answered(archive)), indent=1, ensure_ascii=False)
    (home / "index" / "MAIN_WRITELOCK").unlink()
    (home / "answers.json").write_text(answers + "\n", encoding="utf-8")


def answered(archive: searcher.Archive) -> Iterator[Any]:
    """Yield what an archive answers, as plain JSON."""
    for text in ASKED:
        page = archive.search(text, facets=("desk", "year", "kind"), limit=50)
        hits = [[hit.id, hit.score, hit.text, list(map(list, hit.spans))] for hit in page]
        facets = {name: [one.as_dict() for one in found] for name, found in page.facets.items()}
        yield {"query": text, "total": page.total, "hits": hits, "facets": facets}
    stats = archive.stats()
    yield {"articles": stats.articles, "by_kind": stats.by_kind, "words": stats.words}
    yield [[one.id, one.kind, one.section, one.text] for one in archive.get("a.md").paragraphs]
    for one in archive.saved.list():
        yield {**one.as_dict(), "finds": archive.saved.count(one.name)}


if __name__ == "__main__":
    for each in CODECS:
        freeze(each)
