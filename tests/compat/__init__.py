"""Indexes that were written once and are opened from now on.

python -m tests.compat.freeze          # index_v<format version>/: searcher's own
python -m tests.compat.freeze_others   # others/: of other distributions of Whoosh
"""
