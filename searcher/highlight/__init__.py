"""Which excerpt of a paragraph to show, how to mark what matched, and how to show it safely."""

from searcher.highlight.display import display_path, display_text
from searcher.highlight.snippet import Snippet, snippet

__all__ = ["Snippet", "display_path", "display_text", "snippet"]
