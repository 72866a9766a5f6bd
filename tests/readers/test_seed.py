"""The seed is read as it was counted by hand."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

from searcher.readers import ReadOptions, Skip, load, read

ROOT = Path(__file__).parents[2]
SEED = ROOT / "seeds" / "000_0be0ed610cf6a59c.txt"
GOLDEN = ROOT / "tests" / "golden" / "seed_reader.json"


def articles(name):
    return list(read(load(ROOT / "seeds" / name, name), ReadOptions()))


def test_the_seed_has_the_paragraphs_that_were_counted_by_hand():
    (seed,) = articles(SEED.name)

    kinds = Counter(paragraph.kind for paragraph in seed.paragraphs())
    assert kinds == {"text": 28, "heading": 4, "caption": 3}


def test_the_seed_is_read_as_the_golden_file_says():
    """Ids go into indexes, so no paragraph may change its number or its place unnoticed."""
    (seed,) = articles(SEED.name)

    found = [
        [p.number, p.kind, p.section, p.start_char, p.end_char, " ".join(p.text.split()[:5])]
        for p in seed.paragraphs()
    ]
    assert found == json.loads(GOLDEN.read_text("utf-8"))


def test_the_header_of_the_seed_gives_date_and_city():
    (seed,) = articles(SEED.name)

    assert (seed.date, seed.date_source) == (date(2026, 2, 25), "header")
    assert (seed.city, seed.title) == ("WASHINGTON", "")


def test_every_paragraph_of_the_seed_stands_in_the_file_where_it_says():
    (seed,) = articles(SEED.name)
    text = SEED.read_text("utf-8")

    for paragraph in seed.paragraphs():
        assert text[paragraph.start_char : paragraph.end_char] == paragraph.text


def test_the_other_seeds_show_one_format_each():
    (grain,) = articles("2026-02-18-harbour-grain-terminal.md")
    (flood,) = articles("tomahawk-river-flood.html")
    wire = articles("wire.jsonl")

    assert (grain.date, grain.desk) == (date(2026, 2, 18), ("Business", "Ports"))
    assert (flood.date, flood.desk) == (date(2025, 11, 3), ("Weather",))
    assert not any(isinstance(item, Skip) for item in wire)
    assert [item.date for item in wire] == [date(2026, 3, 2), date(2025, 4, 13), None]
