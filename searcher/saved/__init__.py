"""Saved searches, which remember what they have shown (docs/saved-searches.md).

| module | |
| --- | --- |
| store | `searches.json`: read whole, changed under a lock, replaced in one rename |
| memory | which hits a search has shown, as a digest each |
| references | `query:NAME` inside another query |
| searches | `archive.saved`: save, list, delete, new |
"""
