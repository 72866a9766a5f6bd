"""The main text of a page without <article> and <main>, by trafilatura if it is installed.

It is an extra (`pip install 'searcher[html]'`) and takes a second to import,
so it loads only for the first page that needs it.
"""

from __future__ import annotations


def extract(page: str) -> list[str]:
    """Return the paragraphs that trafilatura finds; none where it is not installed or fails."""
    try:
        import trafilatura

        found = trafilatura.extract(page, include_comments=False, include_tables=False)
    except Exception:  # A page it can't read, or an install of it that can't be imported.
        return []
    return [line for line in (found or "").splitlines() if line.strip()]
