"""The paragraphs that every engine indexes, as one file that all of them stream.

A corpus is a folder:

    articles/         what `searcher index` reads
    passages.tsv      the paragraphs of those articles, one a line; peers index these
    corpus.json       name, paragraphs, articles and seed; written last

The paragraphs come from searcher's own readers, so that all engines have the
same ones.  Captions are left out: searcher finds them only when asked to.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from benchmarks.generator import write_articles
from benchmarks.passages import Corpus, Passage, line, opened
from searcher.readers import Skip, load, read

READ_BY_SEARCHER = (".sgm", ".jsonl")


def reuters(source: Path, work: Path) -> Corpus:
    """Return the corpus of a folder of Reuters-21578, made in `work` where it is missing."""
    folder = work / "reuters"
    return _kept(folder) or write_corpus(folder, "reuters", _copied(source, folder / "articles"))


def generated(paragraphs: int, work: Path, seed: int = 1) -> Corpus:
    """Return a generated corpus of at least that many paragraphs, made where it is missing."""
    folder = work / f"generated-{paragraphs}-{seed}"
    if kept := _kept(folder):
        return kept
    fresh = _emptied(folder / "articles")
    return write_corpus(folder, folder.name, write_articles(fresh, paragraphs, seed), seed)


def of_files(files: Iterable[Path]) -> Iterator[Passage]:
    """Yield the paragraphs of some files of articles."""
    for path in files:
        for article in read(load(path, path.name)):
            if not isinstance(article, Skip):
                for found in article.paragraphs():
                    if found.kind != "caption":
                        day = int(found.date.strftime("%Y%m%d")) if found.date else 0
                        section, text = (
                            " ".join(found.section.split()),
                            " ".join(found.text.split()),
                        )
                        yield Passage(
                            found.id,
                            day,
                            section,
                            [desk.replace(";", ",") for desk in found.desk],
                            found.kind,
                            text,
                        )


def write_corpus(folder: Path, name: str, files: Iterable[Path], seed: int = 0) -> Corpus:
    """Write the table and the facts of a corpus whose articles are in place.

    Args:
        folder: has the folder `articles`.
        name: of the corpus.
        files: those articles, in order.
        seed: of the generator.
    """
    paragraphs, articles = 0, 0
    with (folder / "passages.tsv").open("w", encoding="utf-8", newline="\n") as lines:
        last = ""
        for passage in of_files(files):
            lines.write(line(passage))
            article = passage.id.rpartition("#")[0]
            articles, last = articles + (article != last), article
            paragraphs += 1
    facts = asdict(Corpus(folder, name, paragraphs, articles, seed))
    del facts["folder"]
    (folder / "corpus.json").write_text(json.dumps(facts), encoding="utf-8")
    return opened(folder)


def _kept(folder: Path) -> Corpus | None:
    return opened(folder) if (folder / "corpus.json").exists() else None


def _copied(source: Path, target: Path) -> list[Path]:
    """Copy the files of articles of a folder into another; searcher follows no links."""
    _emptied(target)
    paths = [path for path in sorted(source.iterdir()) if path.suffix in READ_BY_SEARCHER]
    for path in paths:
        shutil.copyfile(path, target / path.name)
    return [target / path.name for path in paths]


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
