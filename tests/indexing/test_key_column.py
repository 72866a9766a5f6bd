"""The column that finds documents by key: what it says is what was put in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from whoosh.filedb.filestore import RamStorage

from searcher.indexing.key_column import STEP, KeyColumn

KEYS = st.lists(st.integers(0, 40) | st.integers(2**63, 2**64 - 1), max_size=6, unique=True)


def column_of(rows):
    storage, column = RamStorage(), KeyColumn()
    with storage.create_file("c") as file:
        writer = column.writer(file)
        for docnum, keys in enumerate(rows):
            if keys:
                writer.add(docnum, keys)
        writer.finish(len(rows))
    return column.reader(storage.open_file("c"), 0, storage.file_length("c"), len(rows))


@given(st.lists(KEYS, max_size=60))
def test_keys_are_found_by_document_and_documents_by_key(rows):
    reader = column_of(rows)

    assert [sorted(reader[docnum]) for docnum in range(len(rows))] == list(map(sorted, rows))
    assert list(map(sorted, reader.load())) == list(map(sorted, rows))
    for key in {key for keys in rows for key in keys} | {3, 41, 2**64 - 1}:
        assert reader.holders(key) == [at for at, keys in enumerate(rows) if key in keys]


def test_a_key_of_many_documents_goes_on_over_the_steps():
    """A sentence below every story is a key that fills more than is read at once."""
    rows = [[1], *([[7]] * (3 * STEP)), [9], *([[7, 9]] * STEP)]
    reader = column_of(rows)

    for key in (0, 1, 7, 8, 9, 10):
        assert reader.holders(key) == [at for at, keys in enumerate(rows) if key in keys]


def test_a_lookup_reads_little_of_the_column():
    reader = column_of([[at] for at in range(100 * STEP)])
    reader.holders(0)
    read: list[int] = []
    get = reader._dbfile.get
    reader._dbfile.get = lambda at, size: read.append(size) or get(at, size)

    assert reader.holders(50 * STEP + 3) == [50 * STEP + 3]
    assert sum(read) <= 3 * STEP * 8
