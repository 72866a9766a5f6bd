"""The near-duplicates of an article, and of a paragraph, in an archive.

What may be alike is looked up by key (searcher.duplicates.keys), and compared
word by word.  So a look-up costs what it finds, whatever the archive's size.
"""

from __future__ import annotations

from collections.abc import Iterator

from searcher.duplicates.keys import paragraph_keys
from searcher.duplicates.likeness import (
    ARTICLE,
    Profile,
    alike,
    article_profile,
    profile,
)
from searcher.engines.base import Engine
from searcher.model import Paragraph

_KEPT = 2_000
"""Articles, and paragraphs, that are remembered; then all are forgotten: memory is bounded."""


class Copies:
    """Finds near-duplicates; remembers articles, so use one for each search.

    Args:
        engine: over the archive.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._articles: dict[str, tuple[Paragraph, ...]] = {}
        self._profiles: dict[str, Profile] = {}
        self._copies: dict[str, tuple[str, ...]] = {}
        self._alone: dict[str, Profile] = {}

    def of_article(self, article: str) -> tuple[str, ...]:
        """Return the ids of the other articles that are near-duplicates of one, in order."""
        if article not in self._copies:
            self._copies[article] = self._find_articles(article)
        return self._copies[article]

    def of_paragraph(self, paragraph: Paragraph) -> tuple[Paragraph, ...]:
        """Return the paragraphs of other articles that are near-duplicates of one, by id.

        Of two articles that are alike, short paragraphs and headlines count
        too; captions and headings never do.
        """
        if paragraph.kind not in ARTICLE:
            return ()
        found = {
            other.id: other
            for other in self._candidates(paragraph)
            if alike(self._profile_alone(paragraph), self._profile_alone(other))
        }
        return tuple(sorted(found.values(), key=lambda other: (other.article, other.number)))

    def _candidates(self, paragraph: Paragraph) -> Iterator[Paragraph]:
        keys = paragraph_keys(paragraph)
        marked = self._engine.filed_under(keys) if keys else ()
        yield from (other for other in marked if other.article != paragraph.article)
        is_headline = paragraph.kind == "headline"
        for article in self.of_article(paragraph.article):
            for other in self.paragraphs(article):
                if other.kind in ARTICLE and (other.kind == "headline") == is_headline:
                    yield other

    def _find_articles(self, article: str) -> tuple[str, ...]:
        keys = self._engine.article_keys(article)
        marked = self._engine.filed_under(keys) if keys else ()
        others = sorted({paragraph.article for paragraph in marked} - {article})
        if not others:
            return ()
        own = self._profile(article)
        return tuple(other for other in others if alike(own, self._profile(other)))

    def paragraphs(self, article: str) -> tuple[Paragraph, ...]:
        """Return the paragraphs of an article in order."""
        if article not in self._articles:
            if len(self._articles) >= _KEPT:
                self._articles.clear()
                self._profiles.clear()
            self._articles[article] = self._engine.article(article)
        return self._articles[article]

    def _profile_alone(self, paragraph: Paragraph) -> Profile:
        if paragraph.id not in self._alone:
            if len(self._alone) >= _KEPT:
                self._alone.clear()
            self._alone[paragraph.id] = profile([paragraph.text])
        return self._alone[paragraph.id]

    def _profile(self, article: str) -> Profile:
        if article not in self._profiles:
            self._profiles[article] = article_profile(self.paragraphs(article))
        return self._profiles[article]
